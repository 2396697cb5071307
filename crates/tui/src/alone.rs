//! A full screen that is one picture and no session: for `top` and `replay`. Owns the terminal, what is read
//! of it, and the signals that end it; what is shown and what keys do is the asker's affair.

use std::io;
use std::time::Instant;

use ccc_vt::Size;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep_until;

use crate::image::Graphics;
use crate::outer::Outer;
use crate::stdin::{StdinEvent, StdinParser, TerminalReply};
use crate::surface::Surface;
use crate::terminal::{Place, Terminal};
use crate::writer::Writer;

/// Bytes of input read at once.
const READ: usize = 1024;

/// The terminal, taken until this is dropped.
pub(crate) struct Alone {
    terminal: Terminal,
    outer: Outer,
    writer: Writer,
    parser: StdinParser,
    buffer: Vec<u8>,
    resized: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Drop for Alone {
    /// Takes back what the terminal would go on showing; then it is given back itself.
    fn drop(&mut self) {
        self.writer.finish(self.terminal.out());
        self.terminal.try_flush();
    }
}

/// What was waited for.
pub(crate) enum Heard<T> {
    /// Somebody typed, pointed, or changed the size; or the time has come.
    Hands(Vec<StdinEvent>),
    /// What else was waited for.
    Other(T),
    /// There is no terminal any more, or it was asked to end.
    Ended,
}

impl Alone {
    pub(crate) fn take() -> io::Result<Self> {
        let outer = Outer::new(|name| std::env::var(name).ok());
        Ok(Self {
            resized: signal(SignalKind::window_change())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            terminal: Terminal::take(Place::Other)?,
            writer: Writer::new(outer.abilities()),
            outer,
            parser: StdinParser::default(),
            buffer: vec![0; READ],
        })
    }

    /// Asks the terminal what it can.
    pub(crate) fn ask(&mut self) {
        self.terminal.out().extend_from_slice(self.outer.questions(Instant::now()));
    }

    /// What it shows of images, as far as it has said.
    pub(crate) const fn graphics(&self) -> Graphics {
        self.outer.abilities().graphics
    }

    fn hear(&mut self, reply: &TerminalReply) {
        if let TerminalReply::KeyboardFlags(flags) = reply {
            self.parser.set_kitty_keys(!flags.is_empty());
        }
        self.outer.on_reply(reply);
        self.writer.learn(self.outer.abilities());
    }

    pub(crate) fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Shows a picture, unless the terminal has not taken the one before.
    pub(crate) fn show(&mut self, picture: impl FnOnce(Size) -> Surface) -> io::Result<()> {
        self.terminal.try_flush();
        if !self.terminal.is_behind() {
            let picture = picture(self.terminal.size()?);
            self.writer.draw(picture, self.terminal.out());
            self.terminal.try_flush();
        }
        Ok(())
    }

    /// Waits for hands, for something else, or until a time.
    pub(crate) async fn wait<T>(
        &mut self,
        until: Option<Instant>,
        other: impl Future<Output = T>,
    ) -> io::Result<Heard<T>> {
        let mut typed = Vec::new();
        let deadlines = [until, self.parser.next_deadline(), self.outer.deadline()];
        let deadline = deadlines.into_iter().flatten().min();
        let timer = async {
            match deadline {
                Some(deadline) => sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            _ = self.terminate.recv() => return Ok(Heard::Ended),
            _ = self.hang_up.recv() => return Ok(Heard::Ended),
            _ = self.resized.recv() => {
                self.writer.forget();
                self.terminal.out().extend_from_slice(self.outer.cell_question());
            }
            count = self.terminal.read(&mut self.buffer) => {
                let count = count?;
                if count == 0 {
                    return Ok(Heard::Ended);
                }
                let read = self.buffer.get(..count).unwrap_or_default();
                self.parser.feed(read, Instant::now(), &mut typed);
            }
            result = self.terminal.writable(), if self.terminal.is_behind() => result?,
            other = other => return Ok(Heard::Other(other)),
            () = timer => {
                let now = Instant::now();
                self.parser.expire(now, &mut typed);
                if self.outer.expire(now) {
                    self.writer.learn(self.outer.abilities());
                }
            }
        }
        let replies = typed.extract_if(.., |event| matches!(event, StdinEvent::Reply(_)));
        for reply in replies.collect::<Vec<_>>() {
            if let StdinEvent::Reply(reply) = reply {
                self.hear(&reply);
            }
        }
        Ok(Heard::Hands(typed))
    }
}
