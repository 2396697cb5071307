//! Forms of ids and public keys.

use super::*;

#[test]
fn an_id_has_one_text() {
    let id = KeyId::from_bytes([0xa5; 32]);
    let text = id.to_string();
    assert_eq!(text.len(), 52);
    assert_eq!(text.parse(), Ok(id));
    assert_eq!(text.to_uppercase().parse::<KeyId>(), Err(KeyIdError::Character));
    assert_eq!(text[1..].parse::<KeyId>(), Err(KeyIdError::Length(51)));
    // The last character carries one bit of the id and four that must be zero: a in its place
    // would be another id, b a second text for the same one.
    let mut second = KeyId::from_bytes([0; 32]).to_string();
    assert_eq!(second, "a".repeat(52));
    second.replace_range(51.., "b");
    assert_eq!(second.parse::<KeyId>(), Err(KeyIdError::Character));
}

#[test]
fn only_ed25519_is_a_peer_key() {
    let mut spki = [7; SPKI_BYTES];
    spki[..12].copy_from_slice(&SPKI_PREFIX);
    let key = PeerKey::from_spki(&spki).expect("the form is right");
    assert_eq!(key.id(), KeyId::of_spki(&spki));
    assert_eq!(PeerKey::from_spki(&spki[..43]), None);
    let mut other_curve = spki;
    other_curve[8] = 0x71;
    assert_eq!(PeerKey::from_spki(&other_curve), None);
}

#[test]
fn a_signature_is_of_its_text_and_its_key_alone() {
    let (ours, other) = (crate::Identity::ephemeral(), crate::Identity::ephemeral());
    let signature = ours.sign(b"word\0text").unwrap();
    assert!(ours.public().verify(b"word\0text", &signature));
    assert!(!ours.public().verify(b"word\0test", &signature));
    assert!(!other.public().verify(b"word\0text", &signature));
    assert!(!ours.public().verify(b"word\0text", &signature[1..]));
}
