//! Which name is offered for which slip.

use super::*;

#[test]
fn slips_find_their_name() {
    let names = ["Enter", "Escape", "Space", "split-right"];
    let nearest = |word| nearest_name(word, names.into_iter());
    assert_eq!(nearest("enter"), Some("Enter"));
    assert_eq!(nearest("Entr"), Some("Enter"));
    assert_eq!(nearest("Enetr"), Some("Enter"));
    assert_eq!(nearest("Esacpe"), Some("Escape"));
    assert_eq!(nearest("Spaces"), Some("Space"));
    assert_eq!(nearest("splt-rihgt"), Some("split-right"));
    assert_eq!(nearest("ls"), None);
    assert_eq!(nearest(""), None);
    assert_eq!(nearest(&"Enter".repeat(20)), None);
}
