//! The keeper's protocol: packets with any bytes and any number of descriptors, from either side.

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
        assert_eq!(again.bytes, bytes);
        assert_eq!(again.fds.len(), fds);
    }
    if let Ok(message) = Message::decode(packet(bytes, fds)) {
        let again = match &message {
            Message::Response { id, response } => response.encode(*id),
            Message::Notice(notice) => notice.encode(),
            _ => return,
        };
        assert_eq!(again.bytes, bytes);
        assert_eq!(again.fds.len(), fds);
    }
});
