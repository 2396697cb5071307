//! Identities and places that come as text.

use super::*;

#[test]
fn a_pane_ulid_is_26_upper_case_crockford_digits() {
    let ulid: PaneUlid = "01JD9Z3QW4XKAVE8M7YTRN5B0C".parse().unwrap();
    assert_eq!(ulid.to_string(), "01JD9Z3QW4XKAVE8M7YTRN5B0C");
    assert_eq!(ulid.dir(Path::new("/state")), Path::new("/state/panes/01JD9Z3QW4XKAVE8M7YTRN5B0C"));
    assert!("7ZZZZZZZZZZZZZZZZZZZZZZZZZ".parse::<PaneUlid>().is_ok());
    for text in [
        "",
        "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "01jd9z3qw4xkave8m7ytrn5b0c",
        "01JD9Z3QW4XKAVE8M7YTRN5B0",
        "01JD9Z3QW4XKAVE8M7YTRN5B0CC",
        "01JD9Z3QW4XKAVE8M7YTRN5B0I",
        "../../../../../../../../et",
        "0000000000000000000000000\0",
        "0000000000000000000000000\n",
        "\u{ac00}\u{ac00}\u{ac00}\u{ac00}\u{ac00}\u{ac00}\u{ac00}\u{ac00}ab",
    ] {
        assert!(text.parse::<PaneUlid>().is_err(), "{text:?}");
    }
}

#[test]
fn a_boot_id_is_32_digits_with_or_without_dashes() {
    let id: BootId = "6f5f7b0e-8d54-4c3a-9f0e-0a1b2c3d4e5f".parse().unwrap();
    assert_eq!(id.to_string(), "6f5f7b0e8d544c3a9f0e0a1b2c3d4e5f");
    assert_eq!(id.to_string().parse::<BootId>().unwrap(), id);
    for text in ["", "6f", "6f5f7b0e8d544c3a9f0e0a1b2c3d4e5f0", "6f5f7b0e8d544c3a9f0e0a1b2c3d4e5g"]
    {
        assert!(text.parse::<BootId>().is_err(), "{text:?}");
    }
}

#[test]
fn offsets_stay_at_the_end_of_the_range() {
    assert_eq!(Offset(u64::MAX).plus(1), Offset(u64::MAX));
    assert_eq!(Offset(3).since(Offset(5)), 0);
    assert_eq!(Offset(5).since(Offset(3)), 2);
}
