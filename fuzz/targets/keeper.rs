//! The keeper's protocol: packets with any bytes and any number of descriptors, from either side.
//! What is understood is written again and means the same.

#![no_main]

use std::os::fd::OwnedFd;
use std::sync::{Arc, OnceLock};

use ccc_keeper::protocol::{Asked, Message, Packet, RequestId};
use libfuzzer_sys::fuzz_target;

/// One descriptor for all: what it is does not matter to the codec.
fn descriptor() -> Arc<OwnedFd> {
    static FD: OnceLock<Arc<OwnedFd>> = OnceLock::new();
    let open = || Arc::new(std::fs::File::open("/dev/null").expect("a system").into());
    Arc::clone(FD.get_or_init(open))
}

fuzz_target!(|bytes: &[u8]| {
    let Some((count, bytes)) = bytes.split_first() else { return };
    let packet = |bytes: &[u8], fds: usize| Packet {
        bytes: bytes.to_vec(),
        fds: (0..fds).map(|_| descriptor()).collect(),
    };
    // As many as it says, so that bodies are reached; or another number.
    let said =
        bytes.get(2..4).map_or(0, |said| usize::from(u16::from_le_bytes([said[0], said[1]])));
    let fds = if *count < 192 { said.min(64) } else { usize::from(*count - 192) };
    if let Ok(Asked { id, request: Ok(request) }) = Asked::decode(packet(bytes, fds)) {
        assert_ne!(id, RequestId(0));
        let again = request.encode(id);
        assert_eq!(again.fds.len(), fds);
        let Ok(Asked { id: same, request: Ok(request) }) = Asked::decode(copy(&again)) else {
            panic!("written by us, and not read");
        };
        assert_eq!(same, id);
        assert_eq!(request.encode(id).bytes, again.bytes);
    }
    if let Some(again) = Message::decode(packet(bytes, fds)).ok().as_ref().and_then(encode) {
        assert_eq!(again.fds.len(), fds);
        let message = Message::decode(copy(&again)).expect("written by us");
        assert_eq!(encode(&message).map(|packet| packet.bytes), Some(again.bytes));
    }
});

fn copy(packet: &Packet) -> Packet {
    Packet { bytes: packet.bytes.clone(), fds: packet.fds.clone() }
}

/// Fields that a state does not use are read as anything and written as zero, hence a message is
/// not always written as the bytes it came from.
fn encode(message: &Message) -> Option<Packet> {
    match message {
        Message::Response { id, response } => Some(response.encode(*id)),
        Message::Notice(notice) => Some(notice.encode()),
        _ => None,
    }
}
