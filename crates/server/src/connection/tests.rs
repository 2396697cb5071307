//! Which inputs are taken: each once, in order, whichever stream brings them and wherever its client looks.

use super::Inputs;

#[test]
fn what_comes_twice_is_taken_once() {
    let mut inputs = Inputs::default();
    assert!(inputs.take(1));
    assert!(!inputs.take_again(1));
    assert!(inputs.take_again(2));
    assert!(!inputs.take_again(4), "the third is missing");
    assert!(!inputs.take(2), "it came already");
    assert!(inputs.take(3));
    assert!(inputs.take(4));
    assert!(!inputs.take_again(4));
}

#[test]
fn a_client_that_counts_each_session_anew_is_heard_in_the_second() {
    let mut inputs = Inputs::default();
    assert!(inputs.take(1));
    assert!(inputs.take_again(2));
    assert!(!inputs.take(2));
    // It looks at another session.
    assert!(inputs.take(1));
    assert!(inputs.take_again(2));
    assert!(!inputs.take(2));
    assert!(inputs.take(3));
}

#[test]
fn a_client_that_comes_back_goes_on_counting() {
    let mut inputs = Inputs::default();
    inputs.go_on(40);
    assert!(!inputs.take_again(40));
    assert!(inputs.take_again(41), "the first key of a new connection may be lost as any");
    assert!(!inputs.take(41));
    assert!(inputs.take(42));
    // Another attach on the same connection tells nothing that is not known better.
    inputs.go_on(41);
    assert!(!inputs.take_again(42));
}

#[test]
fn no_number_is_too_large() {
    let mut inputs = Inputs::default();
    assert!(inputs.take(u64::MAX));
    assert!(!inputs.take_again(0));
    assert!(!inputs.take_again(u64::MAX));
}
