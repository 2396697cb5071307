//! A file that a person asked for by name and that is there whole or not at all. Owns the way there: until it
//! is finished it has no name, so that whoever is interrupted leaves nothing behind.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};

/// A file that is written.
#[derive(Debug)]
pub(crate) struct WholeFile {
    file: File,
    path: PathBuf,
    state: State,
}

#[derive(Debug)]
enum State {
    /// What it is written to is not a file that could be replaced, such as a pipe.
    Direct,
    Nameless,
    /// Where files without a name are not known.
    Beside(PathBuf),
    Done,
}

impl WholeFile {
    /// Nothing is there yet under the name.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path).unwrap_or_else(|_new| path.to_owned());
        if fs::metadata(&path).is_ok_and(|there| !there.is_file()) {
            let file = File::options().write(true).open(&path)?;
            return Ok(Self { file, path, state: State::Direct });
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        let mode = Mode::from_raw_mode(0o666);
        let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
        if let Ok(file) = openat(CWD, folder, flags, mode) {
            return Ok(Self { file: file.into(), path, state: State::Nameless });
        }
        let beside = beside(&path);
        let file = File::create_new(&beside)?;
        Ok(Self { file, path, state: State::Beside(beside) })
    }

    /// It is whole: from now on it has its name.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.file.flush()?;
        if matches!(self.state, State::Nameless) {
            // A link replaces nothing, a rename does.
            let beside = beside(&self.path);
            let own = format!("/proc/self/fd/{}", self.file.as_raw_fd());
            linkat(CWD, own, CWD, &beside, AtFlags::SYMLINK_FOLLOW)?;
            self.state = State::Beside(beside);
        }
        if let State::Beside(beside) = &self.state {
            fs::rename(beside, &self.path)?;
        }
        self.state = State::Done;
        Ok(())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if let State::Beside(beside) = &self.state {
            // It is not whole, and nobody was told of it.
            let _ = fs::remove_file(beside);
        }
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".part-{}", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_there_whole_or_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cast");
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert!(names(folder.path()).is_empty());
        for content in ["one", "two"] {
            let mut file = WholeFile::create(&path).unwrap();
            file.write_all(content.as_bytes()).unwrap();
            file.finish().unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(names(folder.path()), ["a.cast"]);
    }

    #[test]
    fn what_is_no_file_is_written_to() {
        let mut file = WholeFile::create(Path::new("/dev/null")).unwrap();
        file.write_all(b"x").unwrap();
        file.finish().unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
