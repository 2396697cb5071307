//! What people hand on to let somebody in: links, codes that are read aloud, tokens. Any text is refused, or means
//! the same when it is written again.

#![no_main]

use ccc_client::{InviteLink, KeyId, SpokenCode, checked_address};
use ccc_server::core::token::Token;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(link) = text.parse::<InviteLink>() {
        assert!(!link.addresses.is_empty() && !link.secret.is_empty());
        for address in &link.addresses {
            assert_eq!(checked_address(address).as_ref(), Ok(address));
        }
        assert_eq!(link.to_string().parse(), Ok(link.clone()));
        // What opens a door is not printed by accident: all but that is.
        let whole = link.to_string();
        let open = whole.strip_suffix(&link.secret).expect("a link ends with its secret");
        assert_eq!(format!("{link:?}"), format!("{open}…"));
    }
    if let Ok(code) = text.parse::<SpokenCode>() {
        assert_eq!(text.to_ascii_uppercase().parse(), Ok(code));
    }
    if let Some(token) = Token::parse(text) {
        assert_eq!(token.text(), text.trim());
    }
    // One that was made of these bytes, and what becomes of it when one of its bytes is another.
    let (id, secret) = bytes.split_at(bytes.len().min(5));
    let token = Token::of(id, secret);
    let made = token.text();
    assert_eq!(Token::parse(&made), Some(token));
    if let [at, other, ..] = bytes {
        let (at, mut wrong) = (usize::from(*at) % made.len(), made.clone().into_bytes());
        wrong[at] = other & 0x7f;
        let wrong = String::from_utf8(wrong).expect("it is ASCII");
        let same = wrong.trim() == made;
        assert!(same || Token::parse(&wrong).is_none(), "{wrong} of {made}");
    }
    let _ = text.parse::<KeyId>();
});
