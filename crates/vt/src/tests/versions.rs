//! Seqs tell what changed: who holds the screen at some seq and gets the rows that are newer has the
//! screen.

use std::collections::HashMap;

use proptest::prelude::*;

use super::stream::{Step, cases, screen, steps};
use crate::{CellPixels, Row, RowId, Screen, Size};

fn rows(screen: &Screen) -> HashMap<RowId, Row> {
    screen.rows().map(|row| (row.id(), row.to_row())).collect()
}

/// What a frame carries beside rows.
fn rest(screen: &Screen) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        screen.size(),
        screen.cursor(),
        screen.modes(),
        screen.title(),
        screen.icon_name(),
        screen.cwd(),
        screen.progress()
    )
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn whatever_changed_is_newer(steps in steps()) {
        let mut screen = screen(12, 5);
        for step in &steps {
            let (seq, known, state) = (screen.seq(), rows(&screen), rest(&screen));
            let order: Vec<RowId> = screen.rows().map(|row| row.id()).collect();
            match step {
                Step::Bytes(bytes) => screen.advance(bytes),
                Step::Resize(cols, rows) => screen.resize(Size::new(*cols, *rows)),
                Step::Cell(width, height) => screen.set_cell(CellPixels::new(*width, *height)),
            }
            prop_assert!(screen.seq() >= seq);
            let mut ids = HashMap::new();
            for row in screen.rows() {
                prop_assert!(row.seq() <= screen.seq(), "{step:?}");
                if known.get(&row.id()) != Some(&row.to_row()) {
                    prop_assert!(row.seq() > seq, "{step:?} changed {:?}", row.text());
                }
                prop_assert!(ids.insert(row.id(), ()).is_none(), "an id twice");
            }
            let moved = order != screen.rows().map(|row| row.id()).collect::<Vec<_>>();
            if moved || state != rest(&screen) {
                prop_assert!(screen.seq() > seq, "{step:?}: {state} {}", rest(&screen));
            }
        }
    }
}

#[test]
fn what_changes_nothing_is_not_newer() {
    let mut screen = super::fed(10, 3, "abc\r");
    let seq = screen.seq();
    screen.advance(
        b"\r\x07\x1b[c\x1b[H\x1b[m\x1b[31m\x1b[?25h\x1b[?1l\x0f\x1b[5;1H\x1b[K\x1b[1;1H\x1b[3J",
    );
    // Only the way to the last row and back was a change.
    assert!(screen.seq() > seq);
    let seq = screen.seq();
    screen.advance(b"\r\x07\x1b[c\x1b[H\x1b[m\x1b[31m\x1b[?25h\x1b[?1l\x0f\x1b[3J");
    assert_eq!(screen.seq(), seq);
}
