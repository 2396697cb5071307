//! How to start a program: what runs in a pane, or the server itself, as bytes in a sealed memfd.
//!
//! An environment can be larger than a frame, so it travels as a file that nobody can change any
//! more. Tags a reader does not know are skipped. What a spec asks for is done elsewhere.

use std::ffi::OsString;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use ccc_journal::CellPixels;
use rustix::fs::{MemfdFlags, SealFlags};

/// Largest spec in bytes. A kernel takes at most 6 MiB of arguments and environment at its default
/// stack limit of 8 MiB, three quarters of it.
const MAX_SPEC: usize = 6 * 1024 * 1024;
/// Most arguments and variables.
const MAX_STRINGS: usize = 65_536;

/// Last of every spec, so that one that was cut off between two fields is told from a short one.
const END: u16 = 0;
const PROGRAM: u16 = 1;
const ARGUMENT: u16 = 2;
const VARIABLE: u16 = 3;
const CWD: u16 = 4;
const UMASK: u16 = 5;
const NOFILE: u16 = 6;
const LOGIN: u16 = 7;
const CELL: u16 = 8;

/// A program, its surroundings, and the limits it gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpawnSpec {
    /// A path, or a name that is looked for in the spec's own `PATH`.
    pub program: OsString,
    /// Without the program's own name.
    pub arguments: Vec<OsString>,
    /// The whole environment; nothing is inherited.
    pub environment: Vec<(OsString, OsString)>,
    /// Absolute.
    pub cwd: PathBuf,
    /// File mode bits taken from what the program creates.
    pub umask: u32,
    /// Soft limit of open files, as the asking user has it. Zero leaves the keeper's own hard limit.
    pub nofile: u64,
    /// A login shell: `argv[0]` begins with a dash, and `SHELL` is the program. Takes no arguments.
    pub login: bool,
    /// The size of a cell of its terminal in pixels, where one is known. A sound one.
    pub cell: Option<CellPixels>,
}

#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    #[error("the spawn spec is larger than {MAX_SPEC} bytes")]
    TooLarge,
    #[error("the spawn spec can still be changed by its sender")]
    Unsealed,
    #[error("the spawn spec has a malformed {what}")]
    Malformed { what: &'static str },
    #[error("could not {attempt} a spawn spec")]
    Io {
        attempt: &'static str,
        #[source]
        source: std::io::Error,
    },
}

impl SpawnSpec {
    /// Writes the spec into a new sealed memfd.
    pub fn seal(&self) -> Result<OwnedFd, SpecError> {
        let bytes = self.encode()?;
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let failed =
            |errno: rustix::io::Errno| SpecError::Io { attempt: "make", source: errno.into() };
        let fd = rustix::fs::memfd_create("ccc-spec", flags).map_err(failed)?;
        let mut file = std::fs::File::from(fd);
        file.write_all(&bytes).map_err(|source| SpecError::Io { attempt: "write", source })?;
        rustix::fs::fcntl_add_seals(&file, SEALS | SealFlags::SEAL).map_err(failed)?;
        Ok(file.into())
    }

    /// Reads a spec whose bytes nobody can change any more.
    pub fn unseal(fd: impl AsFd) -> Result<Self, SpecError> {
        let fd = fd.as_fd();
        let seals = rustix::fs::fcntl_get_seals(fd).map_err(|_not_a_memfd| SpecError::Unsealed)?;
        if !seals.contains(SEALS) {
            return Err(SpecError::Unsealed);
        }
        let read = |source: std::io::Error| SpecError::Io { attempt: "read", source };
        let mut file = std::fs::File::from(fd.try_clone_to_owned().map_err(read)?);
        let len = file.metadata().map_err(read)?.len();
        let len = usize::try_from(len).ok().filter(|len| *len <= MAX_SPEC);
        let mut bytes = vec![0; len.ok_or(SpecError::TooLarge)?];
        file.rewind().map_err(read)?;
        file.read_exact(&mut bytes).map_err(read)?;
        Self::decode(&bytes)
    }

    fn encode(&self) -> Result<Vec<u8>, SpecError> {
        let mut out = Vec::new();
        let mut field = |tag: u16, value: &[u8]| {
            out.extend_from_slice(&tag.to_le_bytes());
            let len = u32::try_from(value.len()).map_err(|_refused| SpecError::TooLarge)?;
            out.extend_from_slice(&len.to_le_bytes());
            out.extend_from_slice(value);
            if out.len() > MAX_SPEC { Err(SpecError::TooLarge) } else { Ok(()) }
        };
        field(PROGRAM, self.program.as_bytes())?;
        for argument in &self.arguments {
            field(ARGUMENT, argument.as_bytes())?;
        }
        for (name, value) in &self.environment {
            field(VARIABLE, &[name.as_bytes(), b"=", value.as_bytes()].concat())?;
        }
        field(CWD, self.cwd.as_os_str().as_bytes())?;
        field(UMASK, &self.umask.to_le_bytes())?;
        field(NOFILE, &self.nofile.to_le_bytes())?;
        field(LOGIN, &[u8::from(self.login)])?;
        if let Some(CellPixels { width, height }) = self.cell {
            field(CELL, &[width.to_le_bytes(), height.to_le_bytes()].concat())?;
        }
        field(END, &[])?;
        Ok(out)
    }

    fn decode(mut rest: &[u8]) -> Result<Self, SpecError> {
        let mut spec = Self::default();
        loop {
            let (tag, value) = take_field(&mut rest)?;
            match tag {
                END => break,
                PROGRAM => spec.program = string(value, "program")?,
                ARGUMENT => spec.arguments.push(string(value, "argument")?),
                VARIABLE => spec.environment.push(variable(value)?),
                CWD => spec.cwd = string(value, "working directory")?.into(),
                UMASK => spec.umask = u32::from_le_bytes(number(value, "umask")?) & 0o777,
                NOFILE => spec.nofile = u64::from_le_bytes(number(value, "limit of files")?),
                LOGIN => spec.login = number(value, "login flag")? != [0],
                CELL => spec.cell = cell(value)?,
                _ => {}
            }
            if spec.arguments.len() + spec.environment.len() > MAX_STRINGS {
                return Err(SpecError::TooLarge);
            }
        }
        let malformed = |what| Err(SpecError::Malformed { what });
        match () {
            () if !rest.is_empty() => malformed("end"),
            () if spec.program.is_empty() => malformed("program"),
            () if !spec.cwd.is_absolute() => malformed("working directory"),
            () if spec.login && !spec.arguments.is_empty() => malformed("login shell"),
            () => Ok(spec),
        }
    }
}

/// With these nothing in the file can change.
const SEALS: SealFlags = SealFlags::SHRINK.union(SealFlags::GROW).union(SealFlags::WRITE);

fn take_field<'a>(rest: &mut &'a [u8]) -> Result<(u16, &'a [u8]), SpecError> {
    let short = SpecError::Malformed { what: "length" };
    let Some((tag, tail)) = rest.split_first_chunk::<2>() else { return Err(short) };
    let Some((len, tail)) = tail.split_first_chunk::<4>() else { return Err(short) };
    let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
    let Some((value, tail)) = tail.split_at_checked(len) else { return Err(short) };
    *rest = tail;
    Ok((u16::from_le_bytes(*tag), value))
}

/// A string for the kernel: it ends at the first zero byte, so it may not hold one.
fn string(value: &[u8], what: &'static str) -> Result<OsString, SpecError> {
    if value.contains(&0) {
        return Err(SpecError::Malformed { what });
    }
    Ok(OsString::from_vec(value.to_vec()))
}

fn variable(value: &[u8]) -> Result<(OsString, OsString), SpecError> {
    let what = "variable";
    // A name may not be empty; an equals sign further on belongs to the value.
    let equals = value.iter().position(|byte| *byte == b'=').filter(|at| *at > 0);
    let (name, value) = value.split_at(equals.ok_or(SpecError::Malformed { what })?);
    Ok((string(name, what)?, string(&value[1..], what)?))
}

/// A cell that a later release would take is not known here.
fn cell(value: &[u8]) -> Result<Option<CellPixels>, SpecError> {
    let [w, wide, h, high] = number(value, "size of a cell")?;
    let (width, height) = (u16::from_le_bytes([w, wide]), u16::from_le_bytes([h, high]));
    Ok(Some(CellPixels { width, height }).filter(|cell| cell.is_sound()))
}

fn number<const N: usize>(value: &[u8], what: &'static str) -> Result<[u8; N], SpecError> {
    value.try_into().map_err(|_wrong_length| SpecError::Malformed { what })
}

#[cfg(test)]
mod tests;
