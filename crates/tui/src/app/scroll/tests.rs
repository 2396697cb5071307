//! Looking back: movements, selections, searches, pages that come in above.

use ccc_client::proto::{Ext, HistoryPage, RowRun, WireLine, WireStyle, history_tag};
use ccc_vt::{Cell, Line, LineNumber};

use super::*;
use crate::app::Effect;
use crate::keymap::Action;

mod far;

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
        lines: (above..above + lines.len() as u64).collect(),
        screen: (above..).zip(lines.iter().map(row)).collect(),
        at_screen: true,
        joined: false,
        above: 0,
        oldest: above,
        newest: above,
        end: above,
        first_kept: 0,
        loading: false,
        stale: false,
        page: PAGE,
        leap: None,
        wants: None,
        taken: None,
        top: lines.len().saturating_sub(3),
        cursor: Spot { row: lines.len() - 1, col: 0 },
        selection: None,
        search: Search::default(),
        prompts: Prompts::default(),
        awaits: None,
        char_search: None,
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
    assert!(scroll.search().pending().is_some());
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

fn wrapped(lines: &[&str]) -> Scroll {
    let mut scroll = scroll(lines, 0);
    // Rows of ten columns that are full go on in the next one.
    for row in &mut scroll.rows {
        row.wrapped = row.text().chars().count() == 10;
    }
    scroll.lines = numbered(0, scroll.rows.iter()).into_iter().map(|(line, _)| line).collect();
    scroll
}

#[test]
fn a_match_that_wraps_is_found_and_shown_in_both_rows() {
    let mut scroll = wrapped(&["see the er", "ror here", "error"]);
    scroll.search_typed("error", false);
    assert_eq!(scroll.cursor, Spot { row: 2, col: 0 });
    assert_eq!(scroll.find_count(), Some((2, 2, false)));
    scroll.search_done();
    scroll.search_next(true);
    assert_eq!(scroll.cursor, Spot { row: 0, col: 8 });
    assert_eq!(scroll.find_count(), Some((1, 2, false)));
    assert_eq!(scroll.found_in(0).collect::<Vec<_>>(), [(8, u16::MAX, true)]);
    assert_eq!(scroll.found_in(1).collect::<Vec<_>>(), [(0, 2, true)]);
    assert_eq!(scroll.found_in(2).collect::<Vec<_>>(), [(0, 4, false)]);
}

#[test]
fn lines_that_come_in_above_are_searched_and_move_no_match() {
    let mut scroll = scroll(&["x", "y", "x"], 2);
    scroll.search_typed("x", false);
    scroll.search_done();
    assert_eq!(scroll.find_count(), Some((2, 2, true)));
    let added = scroll.push_above(&line(1, "a long x that wraps"));
    scroll.cursor.row += added;
    scroll.above += isize::try_from(added).unwrap();
    scroll.search_above(added);
    assert_eq!(scroll.find_count(), Some((3, 3, true)));
    assert_eq!(scroll.found_in(0).next(), Some((7, 7, false)));
    scroll.search_next(true);
    scroll.search_next(true);
    assert_eq!(scroll.cursor, Spot { row: 0, col: 7 });
}

#[test]
fn words_are_those_of_vi() {
    let mut scroll = scroll(&["ab, c-d", "", "  e"], 0);
    let mut go = |action, col| {
        scroll.go_by(action);
        assert_eq!(scroll.cursor.col, col, "{action:?} in row {}", scroll.cursor.row);
    };
    go(Action::Top, 0);
    go(Action::NextWord, 2);
    go(Action::NextWord, 4);
    go(Action::NextWord, 5);
    go(Action::PreviousWord, 4);
    go(Action::NextBigWord, 2);
    go(Action::PreviousBigWord, 4);
    go(Action::EndOfWord, 5);
    go(Action::LineEnd, 6);
    go(Action::LineStart, 0);
    go(Action::Bottom, 0);
    go(Action::FirstCharacter, 2);
}

#[test]
fn a_character_is_gone_to_and_again() {
    let mut scroll = scroll(&["a-b-c-d"], 0);
    let mut find = |action, text: Option<&str>, col| {
        scroll.go_by(action);
        if let Some(text) = text {
            assert!(scroll.awaits_char());
            scroll.char_typed(Some(text));
        }
        assert_eq!(scroll.cursor.col, col, "{action:?}");
    };
    find(Action::FindForward, Some("-"), 1);
    find(Action::FindAgain, None, 3);
    find(Action::FindAgainBack, None, 1);
    find(Action::TillForward, Some("-"), 2);
    find(Action::FindAgain, None, 4);
    find(Action::TillBackward, Some("a"), 1);
    find(Action::FindForward, Some("z"), 1);
    scroll.go_by(Action::FindBackward);
    scroll.char_typed(None);
    assert!(!scroll.awaits_char());
}

fn mark(kind: u16, line: u64, column: u32) -> WireMark {
    let kind = ccc_client::proto::WireMarkKind(kind);
    WireMark { kind, line, column, offset: 0, exit: None }
}

/// Two commands: the first ends with a line feed, the second does not.
fn commands() -> Scroll {
    let mut scroll = scroll(&["$ one", "a", "b  ", "$ two", "last", "no end$ "], 3);
    scroll.first_kept = 3;
    let marks = vec![
        mark(1, 3, 0),
        mark(3, 4, 0),
        mark(4, 6, 0),
        mark(1, 6, 0),
        mark(3, 7, 0),
        mark(4, 8, 6),
        mark(1, 8, 6),
    ];
    assert_eq!(scroll.on_marks(marks), None);
    scroll
}

#[test]
fn prompts_are_gone_to_and_stand_at_the_top() {
    let mut scroll = commands();
    assert_eq!(scroll.go_prompt(false), Ok(()));
    assert_eq!((scroll.cursor.row, scroll.top), (3, 3));
    assert_eq!(scroll.go_prompt(false), Ok(()));
    assert_eq!((scroll.cursor.row, scroll.top), (0, 0));
    assert_eq!(scroll.go_prompt(false), Err("marks-no-earlier"));
    assert_eq!(scroll.go_prompt(true), Ok(()));
    assert_eq!(scroll.cursor.row, 3);
    let mut unmarked = self::scroll(&["a"], 0);
    assert!(!unmarked.knows_marks(Action::PreviousPrompt));
    assert_eq!(unmarked.on_marks(Vec::new()), Some(Action::PreviousPrompt));
    assert_eq!(unmarked.go_prompt(false), Err("marks-none"));
}

#[test]
fn the_output_of_a_command_is_what_it_printed_and_no_more() {
    let mut scroll = commands();
    scroll.want_output(false).unwrap();
    let taken = |text: &str, edit| Some(Taken { text: text.into(), edit });
    assert_eq!(scroll.take_text(), taken("last\nno end\n", false));
    assert_eq!(scroll.take_text(), None);
    scroll.go_prompt(false).unwrap();
    scroll.want_output(true).unwrap();
    assert_eq!(scroll.take_text(), taken("a\nb\n", true));
}

#[test]
fn an_output_that_began_above_what_is_here_is_asked_for() {
    let mut scroll = commands();
    scroll.oldest = 5;
    scroll.first_kept = 0;
    scroll.loading = false;
    for _ in 0..2 {
        scroll.rows.pop_front();
        scroll.lines.pop_front();
    }
    scroll.cursor.row = 0;
    scroll.want_output(false).unwrap();
    assert_eq!(scroll.take_text(), None);
    assert!(matches!(scroll.ask_if_needed(), Some(Effect::Request { .. })));
    // They come in.
    for (number, text) in [(4, "a"), (3, "$ one")] {
        let added = scroll.push_above(&line(number, text));
        scroll.above += isize::try_from(added).unwrap();
    }
    (scroll.oldest, scroll.first_kept) = (3, 3);
    scroll.do_wanted();
    assert_eq!(scroll.take_text().unwrap().text, "a\nb\n");
}

#[test]
fn a_double_click_takes_a_word_and_a_triple_click_the_line() {
    let mut scroll = wrapped(&["see src/ma", "in.rs:12, ", "it"]);
    scroll.rows[1].wrapped = false;
    scroll.point(3, 1);
    scroll.select_word();
    assert_eq!(scroll.selected_text().unwrap(), "src/main.rs:12");
    scroll.point(0, 1);
    scroll.select_line();
    assert_eq!(scroll.selected_text().unwrap(), "see src/main.rs:12,\n");
}

/// A page of lines of text; the last one is open: its end is on the screen.
fn page(lines: &[(u64, &str)]) -> HistoryPage {
    let run = |text: &str| RowRun { style: 0, width: 1, text: text.into(), clusters: Vec::new() };
    let wire = |(number, text): &(u64, &str)| WireLine {
        number: *number,
        version: 0,
        runs: vec![run(text)],
    };
    let mut ext = Ext::none();
    ext.push(history_tag::OPEN, []);
    HistoryPage {
        pane: PaneId(1),
        first_kept: 0,
        end: lines.last().map_or(0, |(number, _)| number + 1),
        lines: lines.iter().map(wire).collect(),
        styles: vec![WireStyle::default()],
        links: Vec::new(),
        ext,
    }
}

#[test]
fn a_line_that_began_above_the_screen_is_one_with_its_end() {
    // Line 4 has scrolled off but for its end; it is counted as one above the screen.
    let mut scroll = scroll(&["ror end", "next", "last"], 5);
    scroll.search_typed("error", false);
    assert!(scroll.search().pending().is_some());
    scroll.on_page(&page(&[(3, "before"), (4, "0123456 er")]));
    assert_eq!(scroll.find_count(), Some((1, 1, true)));
    assert_eq!(scroll.cursor, Spot { row: 1, col: 8 });
    assert_eq!(scroll.found_in(2).collect::<Vec<_>>(), [(0, 2, true)]);
    let lines: Vec<u64> = scroll.lines.iter().copied().collect();
    assert_eq!(lines, [3, 4, 4, 5, 6]);
    scroll.select_line();
    assert_eq!(scroll.selected_text().unwrap(), "0123456 error end\n");
}

#[test]
fn what_was_found_in_the_end_of_a_line_is_not_found_twice_with_its_beginning() {
    let mut scroll = scroll(&["ror end", "next", "last"], 5);
    scroll.search_typed("r", false);
    assert_eq!(scroll.find_count().unwrap().1, 2);
    scroll.on_page(&page(&[(4, "0123456 er")]));
    assert_eq!(scroll.find_count().unwrap().1, 3);
}
