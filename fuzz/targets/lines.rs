//! Files of stored lines: any bytes, files that say of themselves whatever the input says (with checksums that are
//! right), and files that were written and then damaged. What was written is read as it was; nothing else is
//! believed, and all of it ends.

#![no_main]

use std::path::Path;

use ccc_journal::{ByteSet, LinesBuilder, LinesOf, LinesReader, Offset, ShownLine, Wanted};
use libfuzzer_sys::fuzz_target;

/// A recording's.
const NAME: &str = "01JD0000000000000000000000";
/// Bytes of the header's body.
const HEADER_BODY: usize = 102;
const HEADER: u16 = 1;
const TEXT: u16 = 2;
const PLACES: u16 = 3;
const DIRECTORY: u16 = 5;
const TABLE: u16 = 6;

fuzz_target!(|input: &[u8]| {
    let Some((choice, input)) = input.split_first() else { return };
    match choice % 3 {
        0 => drop(read(input.to_vec())),
        1 => drop(read(told(input))),
        _ => written(input),
    }
});

/// Everything that can be read: every chunk, every line, and what a search would ask.
fn read(bytes: Vec<u8>) -> Option<Vec<ShownLine>> {
    let reader = LinesReader::new(bytes, Path::new("fuzz")).ok()?;
    let mut lines = Vec::new();
    let mut wanted = Wanted::default();
    wanted.add(&[b'a', b'b', b'c'].map(|byte| ByteSet::new([byte], false)));
    if let Ok(chunks) = reader.chunks_with(&wanted) {
        assert_eq!(chunks.len(), reader.chunks().len());
    }
    for number in 0..reader.chunks().len() {
        let Ok(chunk) = reader.chunk(number) else { continue };
        let mut length = 0;
        for line in chunk.lines() {
            length += line.text.len();
            assert!(length <= chunk.text().len(), "a line is a part of the text");
            lines.push(line.to_line());
            // Lines without text take a byte of places each, and the input has no more.
            assert!(lines.len() <= 1 << 20, "they end");
        }
    }
    assert!(reader.chunk(reader.chunks().len()).is_err());
    Some(lines)
}

/// Lines from the input, as a file; read whole, and read again with a byte of it turned.
fn written(input: &[u8]) {
    let Some((damage, input)) = input.split_first_chunk::<3>() else { return };
    let of = LinesOf {
        pane: NAME.parse().expect("it is one"),
        number: 3,
        first: Offset(100),
        len: 5000,
        segment: [7; 32],
    };
    let mut builder = LinesBuilder::new(of.clone());
    let mut lines = Vec::new();
    for part in input.split(|byte| *byte == b'\n') {
        let number = |at: usize| part.get(at).copied().map_or(0, u64::from);
        let line = ShownLine {
            number: (number(0) & 1 == 0).then(|| number(1) << (number(0) % 48)),
            offset: Offset(number(2) << (number(3) % 56)),
            unix_ms: number(4) << (number(5) % 40),
            text: String::from_utf8_lossy(part.get(6..).unwrap_or_default()).into_owned(),
        };
        builder.push(&line).expect("memory takes it");
        lines.push(line);
    }
    let mut bytes = builder.finish().expect("memory takes it");
    let reader =
        LinesReader::new(bytes.clone(), Path::new("fuzz")).expect("what was written reads");
    assert_eq!((reader.of(), reader.lines()), (&of, lines.len() as u64));
    assert_eq!(read(bytes.clone()), Some(lines.clone()));
    let at = usize::from(u16::from_le_bytes([damage[0], damage[1]])) % bytes.len();
    bytes[at] ^= 1 << (damage[2] % 8);
    // Checksums find one bit: what is still read is what was written.
    if let Some(read) = read(bytes) {
        let mut written = lines.iter();
        assert!(read.iter().all(|line| written.any(|known| known == line)));
    }
}

/// A file of two chunks at most whose parts say whatever the input says; only checksums and frames are right.
fn told(input: &[u8]) -> Vec<u8> {
    let mut input = Parts(input);
    let mut bytes = b"ccc\0line\x01\0\0\0".to_vec();
    let sum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    let header_at = bytes.len();
    record(&mut bytes, HEADER, &[0; HEADER_BODY]);
    let mut directory = Vec::new();
    for _ in 0..input.byte() % 3 {
        let at = input.told(bytes.len() as u64);
        let (text, places) = (input.part(), input.part());
        let mut lengths = Vec::new();
        for (kind, raw) in [(TEXT, text), (PLACES, places)] {
            let stored = frame(raw);
            record(&mut bytes, kind, &stored);
            lengths.extend([stored.len(), raw.len()]);
        }
        directory.extend_from_slice(&at.to_le_bytes());
        for length in lengths {
            let length = u32::try_from(input.told(length as u64)).unwrap_or(u32::MAX);
            directory.extend_from_slice(&length.to_le_bytes());
        }
        directory.extend_from_slice(&input.number().to_le_bytes()[..4]);
        for _ in 0..3 {
            directory.extend_from_slice(&input.number().to_le_bytes());
        }
    }
    let rows = input.part();
    let stored = frame(rows);
    let mut table = input.told(bytes.len() as u64).to_le_bytes().to_vec();
    for number in [stored.len() as u64, rows.len() as u64, rows.len() as u64 / 2, 24] {
        let number = u32::try_from(input.told(number)).unwrap_or(u32::MAX);
        table.extend_from_slice(&number.to_le_bytes());
    }
    record(&mut bytes, TABLE, &stored);
    table.append(&mut directory);
    let directory = table;
    let at = bytes.len() as u64;
    record(&mut bytes, DIRECTORY, &directory);
    let mut body = NAME.as_bytes().to_vec();
    body.extend_from_slice(&[0; 4 + 8 + 8 + 32]);
    body.extend_from_slice(&input.number().to_le_bytes());
    body.extend_from_slice(&input.told(at).to_le_bytes());
    let length = u32::try_from(input.told(directory.len() as u64)).unwrap_or(u32::MAX);
    body.extend_from_slice(&length.to_le_bytes());
    body.extend_from_slice(&input.number().to_le_bytes()[..4]);
    assert_eq!(body.len(), HEADER_BODY);
    let rest = bytes.split_off(header_at);
    record(&mut bytes, HEADER, &body);
    bytes.extend_from_slice(&rest[bytes.len() - header_at..]);
    bytes
}

/// A record at the end, with its checksum.
fn record(bytes: &mut Vec<u8>, kind: u16, body: &[u8]) {
    let (length, kind) = (u32::try_from(body.len()).unwrap_or(0).to_le_bytes(), kind.to_le_bytes());
    let mut hash = crc32fast::Hasher::new();
    for part in [&(bytes.len() as u64).to_le_bytes()[..], &length, &kind, body] {
        hash.update(part);
    }
    for part in [&length[..], &hash.finalize().to_le_bytes(), &kind, body] {
        bytes.extend_from_slice(part);
    }
}

/// Bytes as a frame of zstd that has them as they are.
fn frame(raw: &[u8]) -> Vec<u8> {
    let length = u8::try_from(raw.len()).expect("a part is short");
    let block = (u32::from(length) << 3) | 1;
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, length], &block.to_le_bytes()[..3], raw].concat()
}

/// What is left of the input.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn byte(&mut self) -> u8 {
        let (byte, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *byte
    }

    /// Up to 255 bytes.
    fn part(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()).min(self.0.len());
        let (part, rest) = self.0.split_at(length);
        self.0 = rest;
        part
    }

    /// A number of any size.
    fn number(&mut self) -> u64 {
        let (low, shift) = (self.byte(), self.byte());
        u64::from(low).rotate_left(u32::from(shift % 64))
    }

    /// What is right, mostly.
    fn told(&mut self, right: u64) -> u64 {
        if self.byte() < 224 { right } else { self.number() }
    }
}
