//! The readers of record files: any bytes, and well-framed records with any bodies, then damaged.
//! Every reader comes to an end, and none goes back.

#![no_main]

use std::path::Path;

use ccc_journal::{
    CheckpointReader, EventReader, FileKind, HEADER_BYTES, MarkReader, Offset, PaneHeader,
    RecordReader, SegmentReader,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((choice, input)) = input.split_first() else { return };
    let names: [&[u8; 4]; 4] = [b"evnt", b"mark", b"ckpt", b"ctrl"];
    let name = if choice & 8 == 0 { names[usize::from(choice & 3)] } else { b"segm" };
    let bytes = if choice & 4 == 0 { input.to_vec() } else { framed(name, input) };
    records(&bytes);
    events(&bytes);
    marks(&bytes);
    checkpoints(&bytes);
    segment(bytes);
    let _ = PaneHeader::parse(input, Path::new("fuzz"));
});

/// A file of the kind: lengths, kinds and bodies from the input, checksums made right. A length of
/// 255 damages the record before.
fn framed(name: &[u8; 4], mut input: &[u8]) -> Vec<u8> {
    let mut bytes = b"ccc\0".to_vec();
    bytes.extend_from_slice(name);
    bytes.extend_from_slice(&[1, 0, 0, 0]);
    let sum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    while let [length, kind, rest @ ..] = input {
        let body = &rest[..usize::from(*length).min(rest.len())];
        input = &rest[body.len()..];
        if *length == 255 {
            let at = bytes.len() - usize::from(*kind).min(bytes.len() - HEADER_BYTES) - 1;
            bytes[at] ^= 1;
            continue;
        }
        let position = bytes.len() as u64;
        let length = u32::from(*length).min(u32::try_from(body.len()).unwrap_or(0));
        let mut hash = crc32fast::Hasher::new();
        hash.update(&position.to_le_bytes());
        hash.update(&length.to_le_bytes());
        let kind = u16::from(*kind).to_le_bytes();
        hash.update(&kind);
        hash.update(body);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&hash.finalize().to_le_bytes());
        bytes.extend_from_slice(&kind);
        bytes.extend_from_slice(body);
    }
    bytes
}

fn records(bytes: &[u8]) {
    let kinds = [FileKind::EVENTS, FileKind::MARKS, FileKind::CHECKPOINTS, FileKind::CONTROL];
    for kind in kinds {
        let mut reader = RecordReader::new(bytes.to_vec(), kind, Path::new("fuzz"));
        let mut last = reader.position();
        let mut steps = 0;
        loop {
            match reader.next_record() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) if matches!(reader.skip_damage(), Ok(true)) => {}
                Err(_) => break,
            }
            assert!(reader.position() >= last, "a reader never goes back");
            last = reader.position();
            // Passing a damaged header stays where the first record is; every other step moves.
            steps += 1;
            assert!(steps <= bytes.len(), "a reader that stands still never ends");
        }
    }
}

fn events(bytes: &[u8]) {
    let mut reader = EventReader::new(bytes.to_vec(), Path::new("fuzz"));
    loop {
        match reader.next_event() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) if matches!(reader.skip_damage(), Ok(true)) => {}
            Err(_) => break,
        }
    }
    let _ = reader.remaining_gaps();
}

fn marks(bytes: &[u8]) {
    let mut reader = MarkReader::new(bytes.to_vec(), Path::new("fuzz"));
    while let Ok(Some(_)) = reader.next_past_damage() {}
}

fn checkpoints(bytes: &[u8]) {
    let Ok(reader) = CheckpointReader::new(bytes.to_vec(), Path::new("fuzz")) else { return };
    for entry in reader.candidates(Offset(u64::MAX)) {
        let _ = reader.load(&entry);
    }
}

/// Every chunk and every keyframe, whatever the header says of them.
fn segment(bytes: Vec<u8>) {
    let Ok(mut reader) = SegmentReader::new(bytes, Path::new("fuzz")) else { return };
    let (mut at, end) = (reader.header().first, reader.header().end());
    let mut buffer = [0; 4096];
    while at < end {
        let next = match reader.read_at(at, &mut buffer) {
            Ok(count) => at.plus(count as u64),
            Err(_) => reader.chunk_end(at),
        };
        assert!(next > at, "a reader that stands still never ends");
        at = next;
    }
    for entry in reader.index().unwrap_or_default().keyframes {
        let _ = reader.keyframe(&entry);
    }
}
