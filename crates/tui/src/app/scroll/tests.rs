//! Looking back: movements, selections, searches, pages that come in above.

use ccc_vt::{Cell, LineNumber};

use super::*;

fn cells(text: &str) -> Vec<Cell> {
    text.chars()
        .map(|c| Cell { text: c.into(), width: ccc_vt::char_width(c), ..Cell::blank() })
        .collect()
}

/// A pane of 10x3 that shows the lines, with so many lines above them.
fn scroll(lines: &[&str], above: u64) -> Scroll {
    let row = |text: &&str| Row { cells: cells(text), ..Row::default() };
    Scroll {
        pane: PaneId(1),
        size: Size { cols: 10, rows: 3 },
        rows: lines.iter().map(row).collect(),
        oldest: above,
        first_kept: 0,
        loading: false,
        wants_top: false,
        top: lines.len().saturating_sub(3),
        cursor: Spot { row: lines.len() - 1, col: 0 },
        selection: None,
        search: Search::default(),
    }
}

fn line(number: u64, text: &str) -> Line {
    Line { number: LineNumber(number), cells: cells(text), ..Line::default() }
}

#[test]
fn lines_that_come_in_above_do_not_move_what_is_shown() {
    let mut scroll = scroll(&["a", "b", "c"], 2);
    scroll.select(SelectionKind::Characters);
    let before: Vec<String> = scroll.shown().map(|(_, row)| row.text()).collect();
    let added = scroll.push_above(&line(1, "a long line that wraps"));
    assert_eq!(added, 3);
    scroll.top += added;
    scroll.cursor.row += added;
    let after: Vec<String> = scroll.shown().map(|(_, row)| row.text()).collect();
    assert_eq!(before, after);
}

#[test]
fn a_selection_joins_wraps_and_leaves_trailing_blanks_out() {
    let mut scroll = scroll(&["one       ", "two", "three"], 0);
    scroll.rows[0].wrapped = false;
    scroll.rows[1].wrapped = true;
    scroll.go(Spot { row: 0, col: 1 });
    scroll.select(SelectionKind::Characters);
    scroll.go(Spot { row: 2, col: 2 });
    assert_eq!(scroll.selected_text().unwrap(), "ne\ntwothr");
    scroll.select(SelectionKind::Lines);
    assert_eq!(scroll.selected_text().unwrap(), "one\ntwothree\n");
    scroll.select(SelectionKind::Block);
    assert_eq!(scroll.selected_text().unwrap(), "ne\nwo\nhr");
}

#[test]
fn a_search_is_smart_about_case_and_goes_back_when_given_up() {
    let mut scroll = scroll(&["Error one", "error two", "nothing", "end"], 0);
    scroll.search_typed("error", false);
    assert_eq!(scroll.cursor.row, 1);
    scroll.search_typed("Error", false);
    assert_eq!(scroll.cursor.row, 0);
    scroll.search_typed("[", false);
    assert!(scroll.search().trouble().is_some());
    scroll.search_cancelled();
    assert_eq!(scroll.cursor.row, 3);
}

#[test]
fn the_next_match_is_the_next_one_and_older_lines_are_asked_for() {
    let mut scroll = scroll(&["x 가 x", "y", "x"], 100);
    scroll.search_typed("x", false);
    scroll.search_done();
    assert_eq!(scroll.cursor, Spot { row: 2, col: 0 });
    scroll.search_next(true);
    assert_eq!(scroll.cursor, Spot { row: 0, col: 5 });
    scroll.search_next(true);
    assert_eq!(scroll.cursor, Spot { row: 0, col: 0 });
    scroll.search_next(true);
    assert!(scroll.search().is_pending());
    scroll.search_next(false);
    assert_eq!(scroll.cursor, Spot { row: 0, col: 5 });
}

#[test]
fn moving_up_past_the_top_scrolls() {
    let mut scroll = scroll(&["a", "b", "c", "d", "e"], 0);
    assert!(scroll.at_bottom());
    for _ in 0..4 {
        scroll.go(Spot { row: scroll.cursor.row.saturating_sub(1), col: 0 });
    }
    assert_eq!((scroll.top, scroll.cursor.row), (0, 0));
    scroll.scroll_by(100);
    assert!(scroll.at_bottom());
}
