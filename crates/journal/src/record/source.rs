//! Where a reader takes its bytes from: a file, or memory in tests and fuzz targets.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Bytes that can be read at any position and may grow between two reads.
pub trait Source {
    /// Reads at `position`; 0 means that nothing stands there yet.
    fn read_at(&self, position: u64, buf: &mut [u8]) -> io::Result<usize>;

    /// How many bytes there are now.
    fn size(&self) -> io::Result<u64>;
}

impl Source for File {
    fn read_at(&self, position: u64, buf: &mut [u8]) -> io::Result<usize> {
        FileExt::read_at(self, buf, position)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl Source for [u8] {
    fn read_at(&self, position: u64, buf: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(position).ok().and_then(|p| self.get(p..)).unwrap_or_default();
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

impl Source for Vec<u8> {
    fn read_at(&self, position: u64, buf: &mut [u8]) -> io::Result<usize> {
        Source::read_at(self.as_slice(), position, buf)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

/// Reads until `buf` is full or the bytes end.
pub(crate) fn fill<S: Source + ?Sized>(
    source: &S,
    position: u64,
    buf: &mut [u8],
) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buf.len() {
        match source.read_at(position.saturating_add(filled as u64), &mut buf[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}
