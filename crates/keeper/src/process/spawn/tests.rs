//! What the refusal of a start says, and that its number is found.

use super::*;

/// What portable-pty says when no PTY is left: the number stands in its words alone.
#[derive(Debug, thiserror::Error)]
#[error("failed to openpty: {:?}", io::Error::from(Errno::NOSPC))]
struct NoneLeft;

#[test]
fn a_machine_without_a_pty_left_is_told_from_other_refusals() {
    let error: Box<dyn std::error::Error + Send + Sync> = Box::new(NoneLeft);
    let refusal = refused(Reason::Exhausted, &error, "open a PTY");
    assert!(refusal.is_out_of_terminals(), "{refusal:?}");
    let refusal = exhausted("open a PTY")(Errno::MFILE);
    assert!(!refusal.is_out_of_terminals(), "{refusal:?}");
}

#[test]
fn words_without_a_number_have_none() {
    for words in ["", "failed to openpty", "Os { code: many, kind", "Os { code: 28"] {
        assert_eq!(errno_in(words), None, "{words}");
    }
}
