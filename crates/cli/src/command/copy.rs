//! `cp`: files to and from a host. Owns which file goes where under which name, and what is said of those that
//! do not; how one file is copied is the client library's affair.

mod down;
mod interrupt;
mod several;
mod up;

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;

use ccc_client::ClientError;
use ccc_client::copy::CopyError;
use ccc_proto::Failure as Why;
use serde_json::json;

use self::interrupt::{Interrupt, taken_up};
use crate::args::{CopyArgs, CopySide as Side};
use crate::context::Context;
use crate::exit::{self, End};
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, label};
use crate::progress::Progress;
use crate::words::{say, told, with};

const ATTEMPTED: &str = "copy";
/// Why a file of a tree is left out: it is nothing that anybody has made.
const A_PART: &str = "it is the part of a copy that was cut off";

pub(crate) async fn copy(context: &Context, args: &CopyArgs) -> Result<End, Failure> {
    let usage = |why: &str| Failure::usage(ATTEMPTED, why);
    let sources: Vec<Side> = args.sources.iter().map(|word| Side::of(word)).collect();
    let dest = Side::of(&args.dest);
    let there = |side: &Side| matches!(side, Side::There { .. });
    let all_there = sources.iter().all(there);
    if sources.iter().any(there) != all_there {
        return Err(usage("the sources are on two machines: copy them one after the other"));
    }
    match (all_there, &dest) {
        (true, Side::There { .. }) => {
            return Err(usage("one side has to be on this machine"));
        }
        (false, Side::Here(_) | Side::Stream) => {
            let why = "neither side is on a host: write it HOST:PATH";
            return Err(usage(why).with_hint("ccc hosts ls"));
        }
        _ => {}
    }
    let server = context.server(ATTEMPTED).await?;
    let mut tally = Tally { recursive: args.recursive, keeps: args.preserve, ..Tally::default() };
    let requester = server.requester();
    let mut interrupt = Interrupt::watch()?;
    let copying = async {
        if all_there {
            down::down(&requester, &sources, &dest, &mut tally).await
        } else {
            up::up(&requester, &sources, &dest, &mut tally).await
        }
    };
    let copied = tokio::select! {
        copied = copying => copied,
        failure = interrupt.came() => Err(failure),
    };
    copied.map_err(|failure| taken_up(failure, &sources, &dest, tally.top))?;
    tally.end(args.json.json)
}

/// What came of it so far.
#[derive(Debug, Default)]
struct Tally {
    recursive: bool,
    /// Times of last change are kept.
    keeps: bool,
    files: u64,
    bytes: u64,
    skipped: u64,
    failed: u64,
    /// The first that failed; it is told at the end, or when a second one does.
    failure: Option<Failure>,
    top: Top,
    /// How much it is by now, where small files go side by side.
    line: Option<Progress>,
}

/// What the words of the command mean when they are said once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Top {
    /// The same.
    #[default]
    Same,
    /// The same, as long as no folder is made under the new name.
    New,
    /// A folder in the one that was made under it.
    Made,
}

impl Tally {
    /// The next source, which goes to a new name or not.
    fn begin(&mut self, is_new: bool) {
        self.top = if is_new { Top::New } else { Top::Same };
    }

    /// It is a folder, and its name there is taken.
    fn made_top(&mut self) {
        if self.top == Top::New {
            self.top = Top::Made;
        }
    }

    fn copied(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }

    /// Shows how much it is.
    fn show(&mut self) {
        let bytes = self.bytes;
        let line = self.line.get_or_insert_with(|| Progress::of("", None));
        // With standard error gone there is nobody to tell, and the copy goes on.
        let _told = line.at(bytes);
    }

    /// Takes that line away, for something else in its place.
    fn quiet(&mut self) {
        // As above.
        let _told = self.line.as_mut().map(Progress::end);
    }

    /// Something is left out, which is no failure.
    fn skip(&mut self, name: &str, why: &str) -> Result<(), Failure> {
        self.quiet();
        self.skipped += 1;
        let values: [(&str, &dyn Display); 2] = [("name", &label(name)), ("why", &told(why))];
        let what = with("left out {name}: {why}", &values);
        let said = writeln!(io::stderr().lock(), "{} {what}", say("note:"));
        said.attempted(ATTEMPTED)
    }

    /// One file was not copied. What stands against all the others as well ends it.
    fn fail(&mut self, name: &str, error: ClientError) -> Result<(), Failure> {
        self.quiet();
        let ends = match &error {
            ClientError::Lost { .. } | ClientError::Output { .. } => true,
            ClientError::Failed(failed) => {
                matches!(failed.failure, Why::EXHAUSTED | Why::UNSUPPORTED)
            }
            ClientError::Copy(error) => matches!(error, CopyError::Full { .. }),
            _ => false,
        };
        let failed: Result<(), _> = Err(error);
        let Err(failure) = failed.attempted(&format!("copy {}", label(name))) else {
            return Ok(());
        };
        if ends {
            return Err(failure);
        }
        self.failed += 1;
        match self.failure.take() {
            None if self.failed == 1 => self.failure = Some(failure),
            first => {
                for failure in first.iter().chain([&failure]) {
                    tell(failure)?;
                }
            }
        }
        Ok(())
    }

    fn end(mut self, json: bool) -> Result<End, Failure> {
        match (self.failure.take(), self.files) {
            (Some(failure), 0) => return Err(failure),
            (Some(failure), _) => tell(&failure)?,
            (None, _) => {}
        }
        if self.failed > 0 {
            let why = format!("{} of {} were not copied", self.failed, self.failed + self.files);
            return Err(Failure::other(ATTEMPTED, why));
        }
        let json_answer =
            json!({ "files": self.files, "bytes": self.bytes, "skipped": self.skipped });
        Answer::quiet(json_answer).print(json).attempted(ATTEMPTED)?;
        Ok(End::Done)
    }
}

fn tell(failure: &Failure) -> Result<(), Failure> {
    exit::print(failure).attempted(ATTEMPTED)
}

/// How far one file is, in a line on standard error.
struct Shown {
    progress: Option<Progress>,
    name: String,
    size: Option<u64>,
}

impl Shown {
    fn new(name: &str, size: Option<u64>) -> Self {
        Self { progress: None, name: label(name), size }
    }

    fn at(&mut self, at: u64) {
        let (name, size) = (&self.name, self.size);
        let progress = self.progress.get_or_insert_with(|| Progress::of(name, size));
        // With standard error gone there is nobody to tell, and the copy goes on.
        let _told = progress.at(at);
    }

    fn end(self) {
        // As above.
        let _told = self.progress.map(|mut progress| progress.end());
    }
}

/// A path for people.
fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

/// A path of the server's user, with a name behind it.
fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() || name.is_empty() {
        return [folder, name].concat();
    }
    let between: &[u8] = if folder.ends_with(b"/") { b"" } else { b"/" };
    [folder, between, name].concat()
}

/// The last part of a path; nothing of one that ends in no name, such as `..`, or `folder/.` for what is in it.
fn name_of(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt as _;
    let whole = path.as_os_str().as_bytes();
    if whole.ends_with(b"/.") || whole.ends_with(b"/./") {
        return Vec::new();
    }
    path.file_name().unwrap_or_default().as_bytes().to_vec()
}
