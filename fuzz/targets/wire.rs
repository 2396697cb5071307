//! The frame codec: whatever a peer sends, it is refused or understood; what is understood is
//! written again and means the same.

#![no_main]

use ccc_proto::{Message, Received, limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    while let Ok(Some((received, used))) = Message::read(rest, limits::BODY) {
        assert!(used > 0 && used <= rest.len());
        // The beginning of a whole message is never wrong, only short.
        assert!(matches!(Message::read(&rest[..used - 1], limits::BODY), Ok(None)));
        if let Received::Known(message) = received {
            let again = message.to_bytes().expect("what was read fits");
            let read = Message::read(&again, limits::BODY).expect("what was written reads");
            let Some((Received::Known(same), length)) = read else {
                panic!("written whole, read as something else");
            };
            assert_eq!(length, again.len());
            assert_eq!(same, message);
        }
        rest = &rest[used..];
    }
});
