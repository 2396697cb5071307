//! The frames of a connection over one stream of bytes: their header, their numbers, their caps. Owns the
//! form alone; `proto/transport.md`, section 6, is the specification.

/// Said by each end before its first frame: a name and a version.
pub(super) const PREAMBLE: [u8; 8] = *b"ccc-mux\x01";

/// Kind, stream, length.
pub(super) const HEADER: usize = 9;

/// The most bytes that a frame carries: what is more urgent waits for no more than that.
pub(super) const LONGEST: usize = 16 * 1024;

/// Bytes that a server may have under way at the start, and those of one stream: the other end knows them.
pub(super) const WINDOW_BYTES: u32 = 1024 * 1024;
pub(super) const STREAM_WINDOW_BYTES: u32 = 256 * 1024;

/// The stream of frames that are about the connection.
pub(super) const CONNECTION: u32 = u32::MAX;

/// Bytes of a reason.
pub(super) const REASON: usize = 1024;

/// Bytes of a ping.
pub(super) const PING_BYTES: usize = 32;

/// The peer broke the rules of the frames; what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Breach(pub(super) &'static str);

pub(super) const OPEN: u8 = 1;
pub(super) const DATA: u8 = 2;
pub(super) const FINISH: u8 = 3;
pub(super) const RESET: u8 = 4;
pub(super) const STOP: u8 = 5;
pub(super) const CREDIT: u8 = 6;
pub(super) const STREAMS: u8 = 7;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;
pub(super) const ARRIVED: u8 = 11;

/// What stands before the bytes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: u8,
    pub(super) stream: u32,
    pub(super) length: usize,
}

impl Header {
    /// Reads a header and holds the length against what its kind may have, before anything is taken for it.
    pub(super) fn parse(bytes: [u8; HEADER]) -> Result<Self, Breach> {
        let [kind, s0, s1, s2, s3, l0, l1, l2, l3] = bytes;
        let stream = u32::from_le_bytes([s0, s1, s2, s3]);
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        let allowed = match kind {
            OPEN | FINISH | ARRIVED => 0..=0,
            RESET | STOP => 4..=4,
            CREDIT | STREAMS => 8..=8,
            CLOSE => 4..=4 + REASON,
            PING | PONG => 0..=PING_BYTES,
            _ => 0..=LONGEST,
        };
        if !allowed.contains(&length) {
            return Err(Breach("a frame has a length that its kind cannot have"));
        }
        Ok(Self { kind, stream, length })
    }
}

/// Appends a frame; what is too long for one was cut by whoever asks.
pub(super) fn put(out: &mut Vec<u8>, kind: u8, stream: u32, contents: &[&[u8]]) {
    let length: usize = contents.iter().map(|part| part.len()).sum();
    out.push(kind);
    out.extend_from_slice(&stream.to_le_bytes());
    out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    contents.iter().for_each(|part| out.extend_from_slice(part));
}

/// The number that is a frame's whole contents, whose length was checked with its header.
pub(super) fn u32_of(contents: &[u8]) -> u32 {
    contents.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// As [`u32_of`], of eight bytes.
pub(super) fn u64_of(contents: &[u8]) -> u64 {
    contents.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
