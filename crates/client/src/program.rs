//! A program whose standard input and output lead to a server. Owns its start, its end, and its last words;
//! what travels through it is encrypted from end to end, and the program is trusted with nothing.

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ccc_net::{ByteStream, Dial};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// What is kept of the words that a program says beside its output: the last ones, a screenful.
const WORDS: usize = 2048;
/// How long the rest of its words is waited for when its output has ended.
const LAST_WORDS: Duration = Duration::from_millis(300);
/// How long it may take to end when nothing goes in any more. It has to pass on a goodbye.
const END: Duration = Duration::from_secs(3);

/// Starts the command by the shell, anew for each connection.
pub(crate) fn dial(command: String) -> Dial {
    Arc::new(move || {
        let command = command.clone();
        Box::pin(async move { Ok(Box::new(Program::start(&command)?) as Box<dyn ByteStream>) })
    })
}

struct Program {
    child: Option<Child>,
    input: Option<ChildStdin>,
    output: ChildStdout,
    words: Words,
}

/// What it says on its standard error.
enum Words {
    Heard(Pin<Box<dyn Future<Output = String> + Send>>),
    Told,
}

impl Program {
    fn start(command: &str) -> io::Result<Self> {
        let mut child = Command::new("/bin/sh")
            .args(["-c", command])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It must not write into the full screen.
            .stderr(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let heard = tokio::spawn(last_words(errors));
        let words = Box::pin(async move {
            // A process that it left behind may keep its standard error open.
            let heard = timeout(LAST_WORDS, heard).await;
            heard.ok().and_then(Result::ok).unwrap_or_default()
        });
        Ok(Self { child: Some(child), input: Some(input), output, words: Words::Heard(words) })
    }
}

impl Program {
    /// What it said at its end, once.
    fn poll_words(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Error>> {
        let Words::Heard(words) = &mut self.words else { return Poll::Ready(None) };
        let words = ready!(words.as_mut().poll(cx));
        self.words = Words::Told;
        let words = if words.is_empty() { "the program ended".to_owned() } else { words };
        Poll::Ready(Some(io::Error::other(words)))
    }
}

async fn last_words(mut errors: ChildStderr) -> String {
    let (mut kept, mut room) = (Vec::new(), [0; 512]);
    while let Ok(count) = errors.read(&mut room).await
        && count > 0
    {
        kept.extend_from_slice(&room[..count]);
        let over = kept.len().saturating_sub(WORDS);
        kept.drain(..over);
    }
    let text = String::from_utf8_lossy(&kept);
    // The last line says what went wrong, as a rule.
    let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}

impl AsyncRead for Program {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = room.filled().len();
        ready!(Pin::new(&mut self.output).poll_read(cx, room))?;
        if room.filled().len() > before || room.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        ready!(self.poll_words(cx)).map_or(Poll::Ready(Ok(())), |error| Poll::Ready(Err(error)))
    }
}

impl AsyncWrite for Program {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.input {
            Some(input) => match ready!(Pin::new(input).poll_write(cx, bytes)) {
                // It ended before it took anything: why, it said beside its output.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    Poll::Ready(Err(ready!(self.poll_words(cx)).unwrap_or(error)))
                }
                written => Poll::Ready(written),
            },
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.input {
            Some(input) => Pin::new(input).poll_flush(cx),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A pipe is closed by letting go of it.
        self.input = None;
        Poll::Ready(Ok(()))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.input = None;
        // Without a runtime this process ends, and the program sees that its input has ended.
        if let (Some(mut child), Ok(runtime)) = (self.child.take(), Handle::try_current()) {
            runtime.spawn(async move {
                if timeout(END, child.wait()).await.is_err() {
                    let _ended = child.kill().await;
                }
            });
        }
    }
}
