//! What holds the codec to its word.

use crate::*;

fn hello() -> Message {
    Hello {
        minor: 0,
        software: "ccc 0.1.0".into(),
        kind: ClientKind::CLI,
        host: "box".into(),
        pid: 7,
        ext: Ext::none(),
    }
    .into()
}

#[test]
fn a_message_comes_back_as_it_went() {
    let bytes = hello().to_bytes().unwrap();
    let (received, used) = Message::read(&bytes, limits::BODY).unwrap().unwrap();
    assert_eq!((received, used), (Received::Known(hello()), bytes.len()));
}

#[test]
fn every_shorter_prefix_needs_more_and_is_not_bad() {
    let bytes = hello().to_bytes().unwrap();
    for cut in 0..bytes.len() {
        assert_eq!(Message::read(&bytes[..cut], limits::BODY), Ok(None), "cut at {cut}");
    }
}

#[test]
fn a_forged_list_length_is_refused_before_it_is_allocated() {
    // A `Sessions` body that claims 2^40 sessions in nine bytes.
    let mut body = vec![253];
    body.extend_from_slice(&(1u64 << 40).to_le_bytes());
    let error = Message::decode(103, Encoding::PLAIN, &body).unwrap_err();
    assert!(matches!(error, DecodeError::Malformed { number: 103, .. }), "{error}");
}

#[test]
fn an_announced_length_above_the_cap_is_refused_at_the_header() {
    let header = FrameHeader { length: u32::MAX, number: 1, encoding: Encoding::PLAIN };
    let error = Message::read(&header.to_bytes(), limits::BODY).unwrap_err();
    assert!(matches!(error, DecodeError::TooLarge { number: 1, .. }), "{error}");
}

#[test]
fn bytes_after_the_last_field_are_refused() {
    let mut body = hello().to_bytes().unwrap()[HEADER_BYTES..].to_vec();
    body.push(0);
    let error = Message::decode(1, Encoding::PLAIN, &body).unwrap_err();
    assert!(matches!(error, DecodeError::Excess { excess: 1, .. }), "{error}");
}

#[test]
fn an_unknown_number_is_skipped() {
    assert_eq!(
        Message::decode(60_000, Encoding::PLAIN, b"whatever"),
        Ok(Received::Unknown(60_000))
    );
}

#[test]
fn numbers_rise_and_are_unique() {
    assert!(Message::NUMBERS.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

#[test]
fn ids_read_back_and_refuse_each_other() {
    assert_eq!("p12".parse(), Ok(PaneId(12)));
    assert_eq!(PaneId(12).to_string(), "p12");
    assert!("s12".parse::<PaneId>().is_err());
    assert!("p+1".parse::<PaneId>().is_err());
    assert!("p".parse::<PaneId>().is_err());
}
