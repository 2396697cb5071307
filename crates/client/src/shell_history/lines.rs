//! Lines of bytes. Owns what a line is: up to a line feed or the end, without it.

/// The lines of some bytes. Bytes that end with a line feed have no empty line behind it.
pub(super) fn lines(bytes: &[u8]) -> Lines<'_> {
    Lines { bytes, at: 0 }
}

/// See [`lines`].
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    /// Where the next line begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next line, which stays the next one.
    pub(super) fn peek(&self) -> Option<&'a [u8]> {
        self.clone().next()
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.iter().position(|byte| *byte == b'\n');
        self.at += end.map_or(rest.len(), |end| end + 1);
        rest.get(..end.unwrap_or(rest.len()))
    }
}
