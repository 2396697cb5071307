//! Both ends of a copy over a connection in memory, with files on the disk.

use std::fs;
use std::path::Path;

use ccc_net::{RecvStream, SendStream, memory};
use ccc_proto::{CopyTaken, Failed, Failure};
use tempfile::TempDir;

use super::*;
use crate::{PART, Part, Received, Sink, open, receive};

struct Ends {
    client: (SendStream, RecvStream),
    server: (SendStream, RecvStream),
    _connections: (ccc_net::Connection, ccc_net::Connection),
}

async fn ends() -> Ends {
    let (near, far) = memory::pair();
    far.authorize();
    let client = near.open_bi().await.unwrap();
    let server = far.accept_bi().await.unwrap();
    Ends { client, server, _connections: (near, far) }
}

/// Bytes in which no two places look alike.
fn bytes(count: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(count + 8);
    let mut number: u64 = 1;
    while bytes.len() < count {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.extend(number.to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

/// Copies a file as a client and a server do, going on from what is there; how many bytes were sent.
async fn copy(from: &Path, to: &Path) -> Result<u64, CopyError> {
    let mut ends = ends().await;
    let part = Part::open(to, true)?;
    let (file, facts) = open(from)?;
    let outgoing = Outgoing::behind(file, from, part.length(), &part.hash())?;
    let offset = outgoing.offset();
    let (tx, rx) = &mut ends.client;
    let sending = Box::pin(send(outgoing, tx, rx, |_| {}, Permit::Turn(())));
    let (back, forth) = &mut ends.server;
    let receiving = receive(Sink::Part(part, Box::new(())), back, forth, |_| {});
    let (sent, received) = tokio::join!(sending, receiving);
    let size = sent?;
    let Received { sink: Sink::Part(part, _), end } = received? else { panic!("a part") };
    part.finish(end.size, &end.hash, facts.mode, Some(facts.modified_unix_ns))?;
    Ok(size - offset)
}

fn there(folder: &TempDir) -> (PathBuf, PathBuf) {
    (folder.path().join("from"), folder.path().join("to"))
}

#[tokio::test]
async fn files_of_every_size_arrive_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = there(&folder);
    for size in [0, 1, limits::CHUNK - 1, limits::CHUNK, limits::CHUNK + 1, 3_000_000] {
        fs::write(&from, bytes(size)).unwrap();
        assert_eq!(copy(&from, &to).await.unwrap(), size as u64);
        assert!(fs::read(&to).unwrap() == bytes(size), "{size} bytes");
    }
    assert!(!folder.path().join(format!("to{PART}")).exists());
}

#[tokio::test]
async fn what_is_there_is_gone_on_from_and_what_is_another_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = there(&folder);
    let part = folder.path().join(format!("to{PART}"));
    let whole = bytes(1_000_000);
    fs::write(&from, &whole).unwrap();
    fs::write(&part, &whole[..700_000]).unwrap();
    assert_eq!(copy(&from, &to).await.unwrap(), 300_000);
    assert!(fs::read(&to).unwrap() == whole);
    // All of it was there but its name.
    fs::write(&part, &whole).unwrap();
    assert_eq!(copy(&from, &to).await.unwrap(), 0);
    // Another file, a longer one, and one that is empty by now.
    fs::write(&part, bytes(1_000_001)).unwrap();
    assert_eq!(copy(&from, &to).await.unwrap(), 1_000_000);
    let mut changed = whole.clone();
    changed[3] ^= 1;
    fs::write(&part, &changed[..700_000]).unwrap();
    assert_eq!(copy(&from, &to).await.unwrap(), 1_000_000);
    fs::write(&part, &changed).unwrap();
    assert_eq!(copy(&from, &to).await.unwrap(), 1_000_000);
    fs::write(&part, &changed).unwrap();
    fs::write(&from, "").unwrap();
    assert_eq!(copy(&from, &to).await.unwrap(), 0);
    assert_eq!(fs::read(&to).unwrap(), b"");
}

#[tokio::test]
async fn the_other_ends_reason_is_told_and_a_cut_leaves_the_part() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = there(&folder);
    fs::write(&from, bytes(2_000_000)).unwrap();
    let mut ends = ends().await;
    let (file, _) = open(&from).unwrap();
    let outgoing = Outgoing::behind(file, &from, 0, b"").unwrap();
    let (tx, rx) = &mut ends.client;
    let sending = send(outgoing, tx, rx, |_| {}, Permit::Turn(()));
    let (back, mut forth) = ends.server;
    let refusing = async move {
        let mut back = back;
        forth.recv().await.unwrap();
        let why = "no room".to_owned();
        let failed =
            Failed { failure: Failure::EXHAUSTED, why, hint: String::new(), ext: Ext::none() };
        back.send(&failed.into()).await.unwrap();
        back.finish().await.unwrap();
        drop(forth);
    };
    let (sent, ()) = tokio::join!(sending, refusing);
    assert_eq!(sent.unwrap_err().to_string(), "no room");
    // And the other way round: it is cut after a piece.
    let mut ends = self::ends().await;
    let part = Part::open(&to, true).unwrap();
    let (mut tx, _rx) = ends.client;
    let (back, forth) = &mut ends.server;
    let receiving = receive(Sink::Part(part, Box::new(())), back, forth, |_| {});
    let cutting = async move {
        tx.send(&Chunk { offset: 0, bytes: bytes(5000) }.into()).await.unwrap();
        tx.finish().await.unwrap();
    };
    let (received, ()) = tokio::join!(receiving, cutting);
    assert!(matches!(received, Err(CopyError::Lost { .. })), "{received:?}");
    assert!(!to.exists());
}

#[tokio::test]
async fn chunks_that_lie_about_their_place_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_, to) = there(&folder);
    let chunk = |offset, count| Message::from(Chunk { offset, bytes: bytes(count) });
    let cases = [
        vec![chunk(7, 1)],
        vec![chunk(u64::MAX, 1)],
        vec![chunk(0, 0)],
        vec![chunk(0, limits::CHUNK + 1)],
        vec![chunk(0, 5), chunk(0, 5)],
        vec![chunk(0, 5), chunk(4, 5)],
        vec![CopyTaken { offset: 1 }.into()],
    ];
    for case in cases {
        let mut ends = ends().await;
        let part = Part::open(&to, false).unwrap();
        let (mut tx, _rx) = ends.client;
        tx.send_all(&case).await.unwrap();
        let (back, forth) = &mut ends.server;
        let received = receive(Sink::Part(part, Box::new(())), back, forth, |_| {}).await;
        assert!(matches!(received, Err(CopyError::Breach { .. })), "{case:?}: {received:?}");
        // The thread that writes lets go of the part by itself.
        while matches!(Part::open(&to, false), Err(CopyError::Busy { .. })) {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_file_that_is_not_what_was_sent_gets_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let (_, to) = there(&folder);
    fs::write(&to, "the old one").unwrap();
    let mut part = Part::open(&to, false).unwrap();
    part.write(b"the new one").unwrap();
    let wrong = *blake3::hash(b"another").as_bytes();
    let finished = part.finish(11, &wrong, 0o644, None);
    assert!(matches!(finished, Err(CopyError::Differs { .. })), "{finished:?}");
    assert_eq!(fs::read(&to).unwrap(), b"the old one");
    assert!(!folder.path().join(format!("to{PART}")).exists());
}

#[tokio::test]
async fn a_stream_of_unknown_length_arrives_as_a_file_and_a_file_as_a_stream() {
    let mut ends = ends().await;
    let outgoing = Outgoing::stream(io::Cursor::new(bytes(100_000)), "standard input");
    let (tx, rx) = &mut ends.client;
    let told = std::cell::Cell::new(0);
    let sending = send(outgoing, tx, rx, |taken| told.set(taken), Permit::Turn(()));
    let (back, forth) = &mut ends.server;
    let sink = Sink::stream(io::sink(), "standard output");
    let (sent, received) = tokio::join!(sending, receive(sink, back, forth, |_| {}));
    assert_eq!((sent.unwrap(), told.get()), (100_000, 100_000));
    let Received { sink: Sink::Stream(stream), end } = received.unwrap() else {
        panic!("a stream")
    };
    stream.finish(&end).unwrap();
}
