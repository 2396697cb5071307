//! What a screen takes: bytes asked of the allocator, and the value itself.

use std::fmt::Write as _;

use ccc_vt::{Limits, Screen, Size};

use crate::ALLOCATED;

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

pub(crate) fn table() {
    println!();
    println!("| memory of ccc-vt | KiB | target |");
    println!("|---|---|---|");
    row("empty screen of 80x24", 32 * KIB, || Screen::new(Size::new(80, 24), Limits::default()));
    row("full screen of 200x50", 256 * KIB, || {
        let limits = Limits { scrollback_bytes: 0, ..Limits::default() };
        let mut screen = Screen::new(Size::new(200, 50), limits);
        for row in 0..50 {
            let mut line = format!("\x1b[{};1H", row + 1);
            for col in 0..200_u32 {
                let letter = char::from_u32(u32::from(b'a') + col % 26).unwrap_or('?');
                let _ = write!(line, "\x1b[38;5;{}m{letter}", col % 40);
            }
            screen.advance(line.as_bytes());
        }
        screen
    });
    row("10,000 lines of 80 plain columns", 3 * MIB / 2, || {
        let limits = Limits { scrollback_bytes: 2 * MIB, ..Limits::default() };
        let mut screen = Screen::new(Size::new(80, 24), limits);
        for number in 0..10_023 {
            screen.advance(format!("{number:079}x\r\n").as_bytes());
        }
        assert_eq!(screen.scrollback().len(), 10_000);
        screen
    });
}

fn row(what: &str, most: usize, make: impl FnOnce() -> Screen) {
    let before = ALLOCATED.allocated();
    let screen = make();
    let bytes = ALLOCATED.allocated().saturating_sub(before) + size_of::<Screen>();
    drop(screen);
    println!("| {what} | {:.1} | ≤ {} |", bytes as f64 / KIB as f64, most / KIB);
}
