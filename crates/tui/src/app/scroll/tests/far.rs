//! A pane with more lines above it than anybody wants here at once.

use ccc_client::proto::{HistoryRequest, Message};

use super::*;
use crate::app::scroll::window::{MOST, NEAR};

const LINES: u64 = 100_000;

/// A pane of 10x3 that shows the last three of so many numbered lines.
fn bench() -> Scroll {
    let last = [LINES, LINES + 1, LINES + 2].map(|number| number.to_string());
    let last: Vec<&str> = last.iter().map(String::as_str).collect();
    scroll(&last, LINES)
}

/// Answers as a server does until nothing more is asked for; gives how often it was asked.
fn serve(scroll: &mut Scroll, asked: Option<Effect>) -> usize {
    serve_at_most(scroll, asked, usize::MAX)
}

/// The same by a server that tells so many lines at once.
fn serve_at_most(scroll: &mut Scroll, asked: Option<Effect>, most: usize) -> usize {
    let mut times = 0;
    let mut next = asked;
    while let Some(effect) = next.take() {
        let Effect::Request { message, .. } = effect else { panic!("{effect:?}") };
        let Message::HistoryRequest(HistoryRequest { from, count, .. }) = *message else {
            panic!("{message:?}")
        };
        times += 1;
        let to = (from + u64::from(count).min(most as u64)).min(LINES);
        let texts: Vec<(u64, String)> = (from..to).map(|n| (n, n.to_string())).collect();
        let lines: Vec<(u64, &str)> = texts.iter().map(|(n, text)| (*n, text.as_str())).collect();
        let answer = HistoryPage { end: LINES, ext: Ext::none(), ..page(&lines) };
        next = scroll.on_page(&answer);
        let few = scroll.rows.len() <= MOST + 3 * NEAR + 2 * PAGE as usize;
        assert!(few || scroll.selection.is_some(), "{}", scroll.rows.len());
        assert_eq!(scroll.rows.len(), scroll.lines.len());
    }
    times
}

fn act(scroll: &mut Scroll, action: Action) -> usize {
    assert!(scroll.go_by(action));
    let asked = scroll.ask_if_needed();
    serve(scroll, asked)
}

/// What is shown, as numbers.
fn shown(scroll: &Scroll) -> Vec<u64> {
    scroll.shown().map(|(_, row)| row.text().parse().unwrap()).collect()
}

#[test]
fn the_oldest_line_is_a_page_away_and_the_newest_none() {
    let mut scroll = bench();
    let asked = act(&mut scroll, Action::Top);
    assert!(asked <= 2, "{asked} pages");
    assert_eq!((shown(&scroll), scroll.cursor()), (vec![0, 1, 2], (0, 0)));
    assert_eq!(scroll.position(), (LINES, LINES));
    assert!(!scroll.at_bottom());
    let before = scroll.newest;
    assert!(scroll.go_by(Action::Bottom));
    assert_eq!(shown(&scroll), [LINES, LINES + 1, LINES + 2]);
    assert_eq!((scroll.position(), scroll.at_bottom()), ((0, LINES), true), "{before}");
}

#[test]
fn every_line_is_passed_on_the_way_up_and_down() {
    let mut scroll = bench();
    let asked = scroll.older();
    serve(&mut scroll, asked);
    let mut oldest = LINES;
    while oldest > 0 {
        act(&mut scroll, Action::PageUp);
        let now = shown(&scroll)[0];
        assert!(now < oldest && oldest - now <= 2, "{now} after {oldest}");
        oldest = now;
    }
    let mut newest = 2;
    while newest < LINES + 2 {
        act(&mut scroll, Action::PageDown);
        let now = *shown(&scroll).last().unwrap();
        assert!(now > newest && now - newest <= 2, "{now} after {newest}");
        newest = now;
    }
    assert!(scroll.at_bottom());
}

#[test]
fn a_search_goes_on_through_lines_that_are_not_here() {
    let mut scroll = bench();
    act(&mut scroll, Action::Top);
    scroll.search_typed("^77777$", true);
    let asked = scroll.ask_if_needed();
    serve(&mut scroll, asked);
    scroll.search_done();
    assert_eq!(scroll.line_at(scroll.cursor.row), 77_777);
    assert!(scroll.search().trouble().is_none());
    // And back, from far below.
    scroll.go_by(Action::Bottom);
    scroll.search_typed("^12345$", false);
    let asked = scroll.ask_if_needed();
    serve(&mut scroll, asked);
    assert_eq!(scroll.line_at(scroll.cursor.row), 12_345);
    scroll.search_done();
    scroll.search_typed("nowhere", false);
    let asked = scroll.ask_if_needed();
    serve(&mut scroll, asked);
    assert_eq!(scroll.search().trouble(), Some("search-nothing"));
    assert_eq!(scroll.line_at(scroll.cursor.row), 12_345, "back where it began");
}

/// Of what is selected nothing is let go, however long it is.
#[test]
fn a_selection_is_all_here() {
    let mut scroll = bench();
    let asked = scroll.older();
    serve(&mut scroll, asked);
    scroll.go_by(Action::Bottom);
    scroll.select(SelectionKind::Lines);
    for _ in 0..100 {
        assert!(scroll.go_by(Action::PageUp));
        let asked = scroll.ask_if_needed();
        serve(&mut scroll, asked);
    }
    let text = scroll.selected_text().unwrap();
    assert_eq!(text.lines().count(), 201);
    act(&mut scroll, Action::Top);
    let text = scroll.selected_text().unwrap();
    assert_eq!(text.lines().count(), usize::try_from(LINES + 3).unwrap());
    assert!(text.starts_with("0\n1\n") && text.ends_with("\n100002\n"));
    // Nobody holds it any more.
    scroll.clear_selection();
    act(&mut scroll, Action::PageDown);
    act(&mut scroll, Action::Bottom);
    act(&mut scroll, Action::Top);
    assert_eq!(shown(&scroll), [0, 1, 2]);
}

/// Lines may be so long that a page does not hold as many as were asked for.
#[test]
fn no_line_is_passed_over_when_pages_are_short() {
    let mut scroll = bench();
    let asked = scroll.older();
    serve_at_most(&mut scroll, asked, 100);
    for _ in 0..200 {
        scroll.go_by(Action::PageUp);
        let asked = scroll.ask_if_needed();
        serve_at_most(&mut scroll, asked, 100);
    }
    let numbers: Vec<u64> = scroll.rows.iter().map(|row| row.text().parse().unwrap()).collect();
    assert!(numbers.len() > 900 && numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]));
}

/// What somebody did meanwhile counts, and not the answer to what was wanted before.
#[test]
fn an_answer_that_comes_too_late_changes_nothing() {
    let mut scroll = bench();
    let asked = scroll.older();
    serve(&mut scroll, asked);
    scroll.go_by(Action::Top);
    let leap = scroll.ask_if_needed();
    assert!(leap.is_some());
    scroll.go_by(Action::Bottom);
    serve(&mut scroll, leap);
    assert_eq!(shown(&scroll), [LINES, LINES + 1, LINES + 2]);
    assert!(scroll.at_bottom());
    act(&mut scroll, Action::PageUp);
    assert_eq!(shown(&scroll), [LINES - 2, LINES - 1, LINES]);
}
