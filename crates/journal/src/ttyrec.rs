//! Reads ttyrec: for each piece of output seconds, microseconds and length, four bytes each, and the bytes. Owns
//! what is taken for it; there is no header, so a first piece that makes no sense says that it is something else.

use std::io::{BufRead, Read};
use std::time::Duration;

use crate::asciicast::{CastEntry, CastError, CastEvent, MAX_TIME};

/// Bytes that are given at a time, whatever length a piece claims.
const PIECE: u64 = 64 * 1024;
/// A longer piece than this is taken for something else.
const MAX_PIECE: u32 = 256 * 1024 * 1024;

/// A ttyrec that is read.
#[derive(Debug)]
pub struct TtyrecReader<R> {
    input: R,
    /// Where the next byte stands in the file.
    at: u64,
    /// The time of the first piece, since 1970.
    began: Option<Duration>,
    /// The time of the present piece since then, and how much of it is to come.
    time: Duration,
    left: u64,
}

impl<R: BufRead> TtyrecReader<R> {
    #[must_use]
    pub const fn new(input: R) -> Self {
        Self { input, at: 0, began: None, time: Duration::ZERO, left: 0 }
    }

    /// Whether a file that begins so is likely one.
    #[must_use]
    pub fn is_likely(beginning: &[u8]) -> bool {
        matches!(head(beginning), Some((_, length)) if length > 0)
    }

    /// The time of the first piece, in seconds since 1970, once it was read.
    #[must_use]
    pub fn timestamp(&self) -> Option<u64> {
        self.began.map(|began| began.as_secs()).filter(|seconds| *seconds > 0)
    }

    /// The next entry; `None` at the end.
    ///
    /// # Errors
    /// The next piece is none, or is cut.
    pub fn next_entry(&mut self) -> Result<Option<CastEntry>, CastError> {
        while self.left == 0 {
            let mut bytes = Vec::with_capacity(12);
            let read = (&mut self.input).take(12).read_to_end(&mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            let Some((time, length)) = head(&bytes) else {
                let cut = read < 12;
                return Err(self.wrong(if cut {
                    "the file is cut"
                } else {
                    "no piece begins here"
                }));
            };
            self.at += 12;
            let began = *self.began.get_or_insert(time);
            self.time = self.time.max(time.saturating_sub(began)).min(MAX_TIME);
            self.left = u64::from(length);
        }
        let mut bytes = Vec::new();
        let count = self.left.min(PIECE);
        let read = (&mut self.input).take(count).read_to_end(&mut bytes)? as u64;
        self.at += read;
        self.left -= read;
        if read == 0 {
            return Err(self.wrong("the file is cut"));
        }
        Ok(Some(CastEntry { at: self.time, what: CastEvent::Output(bytes) }))
    }

    fn wrong(&mut self, why: &str) -> CastError {
        self.left = 0;
        CastError::Byte { at: self.at, why: why.into() }
    }
}

/// Time and length of a piece.
fn head(bytes: &[u8]) -> Option<(Duration, u32)> {
    let (head, _) = bytes.split_first_chunk::<12>()?;
    let mut numbers = head
        .chunks_exact(4)
        .map(|four| four.iter().rev().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)));
    let (seconds, micros, length) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let sound = micros < 1_000_000 && length <= MAX_PIECE;
    sound.then(|| (Duration::new(u64::from(seconds), micros * 1000), length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece(seconds: u32, micros: u32, bytes: &[u8]) -> Vec<u8> {
        let mut piece = Vec::new();
        for number in [seconds, micros, bytes.len() as u32] {
            piece.extend(number.to_le_bytes());
        }
        piece.extend(bytes);
        piece
    }

    fn read(file: &[u8]) -> (Vec<(u128, Vec<u8>)>, Option<CastError>) {
        let mut reader = TtyrecReader::new(file);
        let mut entries = Vec::new();
        loop {
            match reader.next_entry() {
                Ok(Some(CastEntry { at, what: CastEvent::Output(bytes) })) => {
                    entries.push((at.as_millis(), bytes));
                }
                Ok(_) => return (entries, None),
                Err(error) => return (entries, Some(error)),
            }
        }
    }

    fn file() -> Vec<u8> {
        [
            piece(1_600_000_000, 500_000, b"a\xff"),
            piece(1_600_000_001, 0, b""),
            piece(1_600_000_002, 0, b"b"),
            piece(1_500_000_000, 0, b"c"),
        ]
        .concat()
    }

    #[test]
    fn pieces_have_their_time_since_the_first_and_never_go_back() {
        let (entries, wrong) = read(&file());
        assert!(wrong.is_none());
        let expected = [(0, b"a\xff".to_vec()), (1500, b"b".to_vec()), (1500, b"c".to_vec())];
        assert_eq!(entries, expected);
        let file = file();
        let mut reader = TtyrecReader::new(&file[..]);
        reader.next_entry().unwrap();
        assert_eq!(reader.timestamp(), Some(1_600_000_000));
        assert!(
            TtyrecReader::<&[u8]>::is_likely(&file)
                && !TtyrecReader::<&[u8]>::is_likely(b"hello, hello, hello")
        );
    }

    #[test]
    fn a_cut_file_gives_its_beginning_and_names_the_place() {
        let file = file();
        let whole: Vec<u8> = read(&file).0.into_iter().flat_map(|(_, bytes)| bytes).collect();
        for end in 0..file.len() {
            let (entries, _) = read(&file[..end]);
            let bytes: Vec<u8> = entries.into_iter().flat_map(|(_, bytes)| bytes).collect();
            assert!(whole.starts_with(&bytes), "{end}");
        }
        let wrong = read(&file[..file.len() - 1]).1.unwrap().to_string();
        assert_eq!(wrong, format!("byte {}: the file is cut", file.len() - 1));
    }

    #[test]
    fn a_length_that_is_a_lie_takes_no_memory() {
        let mut file = piece(1, 0, b"x");
        file[8..12].copy_from_slice(&MAX_PIECE.to_le_bytes());
        let (entries, wrong) = read(&file);
        assert_eq!(entries, [(0, b"x".to_vec())]);
        assert!(wrong.is_some());
        file[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(read(&file).1.unwrap().to_string(), "byte 0: no piece begins here");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
