//! The fields every body is made of: fixed little-endian numbers, short strings, and descriptors
//! taken in order.
//!
//! Which fields a body has is said where the body is.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::sync::Arc;

use ccc_journal::{CellPixels, ExitStatus, Offset, PaneUlid, Size};

use super::{PaneState, SETS_PER_FRAME, ServerHandle, Wait, WireError};
use crate::custody::{CustodySet, PaneFds, Terms};

#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
    pub(super) fds: Vec<Arc<OwnedFd>>,
}

impl Writer {
    pub(super) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn i32(&mut self, value: i32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Length and bytes; what is longer than `cap` is cut.
    pub(super) fn bytes(&mut self, bytes: &[u8], cap: usize) {
        let bytes = &bytes[..bytes.len().min(cap)];
        self.u16(u16::try_from(bytes.len()).unwrap_or(u16::MAX));
        self.raw(bytes);
    }

    /// The same for text, cut between characters.
    pub(super) fn text(&mut self, text: &str, cap: usize) {
        self.bytes(&text.as_bytes()[..text.floor_char_boundary(cap)], cap);
    }

    pub(super) fn ulid(&mut self, ulid: &PaneUlid) {
        self.raw(ulid.as_str().as_bytes());
    }

    pub(super) fn size(&mut self, size: Size) {
        self.u16(size.cols);
        self.u16(size.rows);
    }

    pub(super) fn cell(&mut self, cell: CellPixels) {
        self.u16(cell.width);
        self.u16(cell.height);
    }

    pub(super) fn terms(&mut self, terms: Terms) {
        self.u64(terms.hard_cap);
        self.u64(terms.rotate_bytes);
    }

    pub(super) fn offset(&mut self, offset: Offset) {
        self.u64(offset.0);
    }

    /// Kind and value: 0 none, 1 code, 2 signal, 3 unknown.
    pub(super) fn exit(&mut self, status: Option<ExitStatus>) {
        let (kind, value) = match status {
            None => (0, 0),
            Some(ExitStatus::Code(code)) => (1, code),
            Some(ExitStatus::Signal(signal)) => (2, signal),
            Some(ExitStatus::Unknown) => (3, 0),
        };
        self.u8(kind);
        self.i32(value);
    }

    /// Kind and value: 0 moving, 1 cap, 2 disk full, 3 disk error with errno, 4 ended, followed by
    /// the exit status in every case.
    pub(super) fn state(&mut self, state: PaneState) {
        let (kind, errno, exit) = match state {
            PaneState::Moving => (0, 0, None),
            PaneState::Waiting(Wait::Cap) => (1, 0, None),
            PaneState::Waiting(Wait::DiskFull) => (2, 0, None),
            PaneState::Waiting(Wait::DiskError { errno }) => (3, errno, None),
            PaneState::Ended(status) => (4, 0, Some(status)),
        };
        self.u8(kind);
        self.i32(errno);
        self.exit(exit);
    }

    pub(super) fn fd(&mut self, fd: &Arc<OwnedFd>) {
        self.fds.push(Arc::clone(fd));
    }

    pub(super) fn set(&mut self, set: &CustodySet) {
        self.ulid(&set.ulid);
        self.terms(set.terms);
        self.u32(set.pid);
        self.exit(set.exit);
        self.fds.extend(set.fds.to_array());
    }

    pub(super) fn sets(&mut self, sets: &[CustodySet]) {
        debug_assert!(sets.len() <= SETS_PER_FRAME, "the caller cuts into frames");
        self.u16(u16::try_from(sets.len()).unwrap_or(u16::MAX));
        sets.iter().for_each(|set| self.set(set));
    }

    pub(super) fn server(&mut self, server: Option<&ServerHandle>) {
        self.u8(u8::from(server.is_some()));
        if let Some(ServerHandle { pidfd, spec }) = server {
            self.fd(pidfd);
            self.fd(spec);
        }
    }
}

pub(super) struct Reader {
    bytes: Vec<u8>,
    at: usize,
    fds: VecDeque<Arc<OwnedFd>>,
}

impl Reader {
    pub(super) fn new(bytes: Vec<u8>, fds: Vec<Arc<OwnedFd>>) -> Self {
        Self { bytes, at: 0, fds: fds.into() }
    }

    pub(super) fn fds_left(&self) -> usize {
        self.fds.len()
    }

    /// The body is decoded: nothing may be left over.
    pub(super) fn end<T>(&self, value: T) -> Result<T, WireError> {
        let extra = self.bytes.len() - self.at;
        if extra > 0 {
            return Err(WireError::Trailing { extra });
        }
        if !self.fds.is_empty() {
            return Err(WireError::Descriptors { said: 0, found: self.fds.len() });
        }
        Ok(value)
    }

    pub(super) fn raw(&mut self, len: usize) -> Result<&[u8], WireError> {
        let end = self.at.checked_add(len).ok_or(WireError::Truncated)?;
        let slice = self.bytes.get(self.at..end).ok_or(WireError::Truncated)?;
        self.at = end;
        Ok(slice)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        self.raw(N)?.try_into().map_err(|_refused| WireError::Truncated)
    }

    pub(super) fn u8(&mut self) -> Result<u8, WireError> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, WireError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, WireError> {
        self.array().map(i32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, WireError> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn flag(&mut self, what: &'static str) -> Result<bool, WireError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(WireError::Value { what }),
        }
    }

    pub(super) fn text(&mut self, what: &'static str, cap: usize) -> Result<String, WireError> {
        let bytes = self.bytes(what, cap)?;
        String::from_utf8(bytes).map_err(|_refused| WireError::Value { what })
    }

    pub(super) fn os_string(
        &mut self,
        what: &'static str,
        cap: usize,
    ) -> Result<OsString, WireError> {
        self.bytes(what, cap).map(OsString::from_vec)
    }

    fn bytes(&mut self, what: &'static str, cap: usize) -> Result<Vec<u8>, WireError> {
        let len = usize::from(self.u16()?);
        if len > cap {
            return Err(WireError::Value { what });
        }
        self.raw(len).map(<[u8]>::to_vec)
    }

    pub(super) fn ulid(&mut self) -> Result<PaneUlid, WireError> {
        const BAD: WireError = WireError::Value { what: "pane ulid" };
        let text = std::str::from_utf8(self.raw(26)?).map_err(|_refused| BAD)?;
        text.parse().map_err(|_refused| BAD)
    }

    pub(super) fn size(&mut self) -> Result<Size, WireError> {
        let size = Size { cols: self.u16()?, rows: self.u16()? };
        if size.cols == 0 || size.rows == 0 {
            return Err(WireError::Value { what: "size" });
        }
        Ok(size)
    }

    pub(super) fn cell(&mut self) -> Result<CellPixels, WireError> {
        let cell = CellPixels { width: self.u16()?, height: self.u16()? };
        if !cell.is_sound() {
            return Err(WireError::Value { what: "cell" });
        }
        Ok(cell)
    }

    pub(super) fn terms(&mut self) -> Result<Terms, WireError> {
        let terms = Terms { hard_cap: self.u64()?, rotate_bytes: self.u64()? };
        if terms.rotate_bytes == 0 || terms.hard_cap == 0 {
            return Err(WireError::Value { what: "terms" });
        }
        Ok(terms)
    }

    pub(super) fn offset(&mut self) -> Result<Offset, WireError> {
        self.u64().map(Offset)
    }

    pub(super) fn exit(&mut self) -> Result<Option<ExitStatus>, WireError> {
        let (kind, value) = (self.u8()?, self.i32()?);
        Ok(match kind {
            0 => None,
            1 => Some(ExitStatus::Code(value)),
            2 => Some(ExitStatus::Signal(value)),
            3 => Some(ExitStatus::Unknown),
            _ => return Err(WireError::Value { what: "exit status" }),
        })
    }

    pub(super) fn state(&mut self) -> Result<PaneState, WireError> {
        let (kind, errno, exit) = (self.u8()?, self.i32()?, self.exit()?);
        Ok(match (kind, exit) {
            (0, _) => PaneState::Moving,
            (1, _) => PaneState::Waiting(Wait::Cap),
            (2, _) => PaneState::Waiting(Wait::DiskFull),
            (3, _) => PaneState::Waiting(Wait::DiskError { errno }),
            (4, Some(status)) => PaneState::Ended(status),
            _ => return Err(WireError::Value { what: "pane state" }),
        })
    }

    pub(super) fn fd(&mut self) -> Result<Arc<OwnedFd>, WireError> {
        self.fds.pop_front().ok_or(WireError::Descriptors { said: 1, found: 0 })
    }

    pub(super) fn set(&mut self) -> Result<CustodySet, WireError> {
        Ok(CustodySet {
            ulid: self.ulid()?,
            terms: self.terms()?,
            pid: self.u32()?,
            exit: self.exit()?,
            fds: PaneFds::from_array([self.fd()?, self.fd()?, self.fd()?, self.fd()?, self.fd()?]),
        })
    }

    pub(super) fn sets(&mut self) -> Result<Vec<CustodySet>, WireError> {
        let count = usize::from(self.u16()?);
        if count > SETS_PER_FRAME {
            return Err(WireError::Value { what: "number of sets" });
        }
        (0..count).map(|_| self.set()).collect()
    }

    pub(super) fn server(&mut self) -> Result<Option<ServerHandle>, WireError> {
        Ok(if self.flag("server")? {
            Some(ServerHandle { pidfd: self.fd()?, spec: self.fd()? })
        } else {
            None
        })
    }
}
