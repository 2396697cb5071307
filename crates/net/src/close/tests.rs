//! What a peer may make us print.

use super::*;

#[test]
fn a_reason_of_a_peer_is_one_plain_line() {
    let reason = CloseReason::peer(4, "back \x1b[31msoon\n\u{202e}!\u{9b}".as_bytes());
    let text = reason.to_string();
    assert_eq!(text, "closed by the other end: shutting down (4): back  [31msoon  ! ");
}

#[test]
fn a_reason_of_a_peer_is_short() {
    let CloseReason::Peer { code, reason } = CloseReason::peer(u64::MAX, &[b'x'; 5000]) else {
        panic!("a peer's reason stays a peer's reason");
    };
    assert_eq!(code, CloseCode(u32::MAX));
    assert_eq!(reason.len(), REASON_CHARACTERS);
}
