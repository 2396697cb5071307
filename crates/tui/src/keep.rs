//! What leaves this client for other programs of its machine: text in a file of its own, which whoever
//! opens it removes, and links that are opened. Owns where files lie and who may read them.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Names that are tried before it is given up.
const TRIES: u32 = 100;

/// Writes the text to a new file that nobody else may read.
pub(crate) fn keep(text: &str) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir();
    let pid = std::process::id();
    for number in 0..TRIES {
        let path = folder.join(format!("ccc-output-{pid}-{number}.txt"));
        // A name that exists, also as a link, is another's.
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(mut file) => return file.write_all(text.as_bytes()).map(|()| path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Starts a command and forgets it: a thread of its own waits for its end.
pub(crate) fn open(command: &[String]) -> io::Result<()> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    drop(std::thread::spawn(move || child.wait()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn each_text_has_a_file_that_only_its_owner_reads() {
        let (one, two) = (keep("one\n").unwrap(), keep("two\n").unwrap());
        assert_ne!(one, two);
        assert_eq!(std::fs::read_to_string(&one).unwrap(), "one\n");
        let mode = std::fs::metadata(&one).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for path in [one, two] {
            std::fs::remove_file(path).unwrap();
        }
    }
}
