//! Screens by text: bytes in, screen out. One file per area.

mod charset;
mod colors;
mod cuts;
mod edit;
mod forget;
mod hostile;
mod images;
mod margins;
mod modes;
mod notify;
mod oracle;
mod print;
mod rectangle;
mod resize;
mod say;
pub(crate) mod stream;
mod style;
mod terminfo;
mod versions;

use crate::{Limits, Screen, Size};

/// A screen of `cols` x `rows` that was fed `bytes`.
pub(crate) fn fed(cols: u16, rows: u16, bytes: impl AsRef<[u8]>) -> Screen {
    let mut screen = Screen::new(Size::new(cols, rows), Limits::default());
    screen.advance(bytes.as_ref());
    screen
}

/// Checks the text of a 10x4 screen, and that feeding byte by byte gives the same.
#[track_caller]
pub(crate) fn check(bytes: impl AsRef<[u8]>, expected: &str) {
    let screen = fed(10, 4, bytes.as_ref());
    assert_eq!(screen.text(), expected);
    let mut slow = Screen::new(Size::new(10, 4), Limits::default());
    for byte in bytes.as_ref() {
        slow.advance(&[*byte]);
    }
    assert_eq!(slow.text(), expected, "byte by byte");
}

/// Checks the replies to `bytes` on an 80x24 screen.
#[track_caller]
pub(crate) fn replies(bytes: impl AsRef<[u8]>, expected: &str) {
    let mut screen = fed(80, 24, bytes);
    assert_eq!(String::from_utf8_lossy(&screen.take_replies()), expected);
}
