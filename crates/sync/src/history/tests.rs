//! Pages hold what the scrollback holds, and only what is sound is read.

use ccc_proto::{PaneId, WireStyle};
use ccc_vt::{Limits, Screen, Size, Style, Text};
use proptest::prelude::*;

use super::*;
use crate::CellsError;
use crate::tests::written;

fn request(from: u64, count: u32) -> HistoryRequest {
    HistoryRequest { pane: PaneId(12), from, count, ext: Ext::none() }
}

/// A line as far as it can travel.
fn as_sent(mut line: Line) -> Line {
    for cell in &mut line.cells {
        if cell.text.as_str() == " " {
            cell.text = Text::BLANK;
        }
        cell.style = crate::terms::visible(cell.style);
    }
    let plain = |cell: &ccc_vt::Cell| {
        cell.text.is_blank() && cell.link.is_none() && cell.style == Style::default()
    };
    while line.cells.last().is_some_and(plain) {
        line.cells.pop();
    }
    line
}

#[test]
fn a_page_holds_the_lines_asked_for() {
    let screen = written(10, 2, b"0\r\n1\r\n\x1b[31m2\x1b[0m!\r\n3\r\n4\r\n5");
    let page = history_page(screen.scrollback(), &request(1, 2));
    assert_eq!((page.first_kept, page.end, page.pane), (0, 4, PaneId(12)));
    let lines = page_lines(&page).expect("it is sound");
    let texts: Vec<_> = lines.iter().map(|line| (line.number.0, line.text())).collect();
    assert_eq!(texts, [(1, "1".to_owned()), (2, "2!".to_owned())]);
    assert_eq!(lines[1].cells[0].style.fg, ccc_vt::Color::Indexed(1));
}

#[test]
fn a_page_begins_at_what_is_kept_and_may_be_empty() {
    let limits = Limits { scrollback_bytes: 64 << 10, ..Limits::default() };
    let mut screen = Screen::new(Size::new(80, 2), limits);
    for n in 0..5000 {
        screen.advance(format!("{n} {}\r\n", "x".repeat(60)).as_bytes());
    }
    let page = history_page(screen.scrollback(), &request(0, 1));
    assert!(page.first_kept > 0);
    assert_eq!(page.lines[0].number, page.first_kept);
    let beyond = history_page(screen.scrollback(), &request(u64::MAX, 10));
    assert_eq!((beyond.lines.len(), beyond.end), (0, page.end));
    assert_eq!(page_lines(&beyond), Ok(Vec::new()));
}

#[test]
fn the_open_line_is_told() {
    let screen = written(4, 2, b"a\r\n123456789abcdef");
    let page = history_page(screen.scrollback(), &request(0, 10));
    let lines = page_lines(&page).expect("it is sound");
    assert_eq!(lines.iter().map(|line| line.open).collect::<Vec<_>>(), [false, true]);
    assert_eq!(lines[1].text(), "12345678");
    let without = history_page(screen.scrollback(), &request(0, 1));
    assert!(!page_lines(&without).expect("it is sound")[0].open);
}

#[test]
fn a_page_of_long_lines_ends_early_and_goes_on() {
    let mut screen = Screen::new(Size::new(1000, 2), Limits::default());
    let line = "\x1b[1mx\x1b[0my".repeat(500);
    for _ in 0..200 {
        screen.advance(line.as_bytes());
        screen.advance(b"\r\n");
    }
    let scrollback = screen.scrollback();
    let mut from = scrollback.first().0;
    let mut pages = 0;
    while from < scrollback.end().0 {
        let page = history_page(scrollback, &request(from, 1000));
        let size = ccc_proto::Message::from(page.clone()).to_bytes().expect("it fits").len();
        assert!(size < 2 * PAGE_BYTES, "{size}");
        from = page.lines.last().expect("at least one").number + 1;
        pages += 1;
    }
    assert!(pages > 1);
}

#[test]
fn links_of_different_lines_stay_apart() {
    let mut screen = Screen::new(Size::new(40, 2), Limits::default());
    for n in 0..500 {
        screen.advance(format!("\x1b]8;;http://a/{n}\x1b\\{n}\x1b]8;;\x1b\\\r\n").as_bytes());
    }
    let page = history_page(screen.scrollback(), &request(0, 1000));
    for line in page_lines(&page).expect("it is sound") {
        let link = line.cells[0].link.as_deref().expect("a link");
        assert_eq!(link.uri, format!("http://a/{}", line.number.0));
    }
}

#[test]
fn unsound_pages_are_refused() {
    let screen = written(10, 2, b"0\r\n1\r\n2\r\n3\r\n4");
    let sound = history_page(screen.scrollback(), &request(0, 10));
    let refused = |change: fn(&mut HistoryPage)| {
        let mut page = sound.clone();
        change(&mut page);
        page_lines(&page).expect_err("it is unsound")
    };
    assert_eq!(refused(|page| page.lines.swap(0, 1)), PageError::Numbers);
    assert_eq!(refused(|page| page.end = 1), PageError::Numbers);
    assert_eq!(refused(|page| page.first_kept = 1), PageError::Numbers);
    let style = CellsError::Style { index: 9, known: 1 };
    let line = refused(|page| page.lines[1].runs[0].style = 9);
    assert_eq!(line, PageError::Line { line: 1, source: style });
    let link = CellsError::Link { index: 0, known: 0 };
    let tables = refused(|page| page.styles.push(WireStyle { link: 1, ..WireStyle::default() }));
    assert_eq!(tables, PageError::Tables(link));
}

proptest! {
    #[test]
    fn pages_give_the_lines_of_the_scrollback(steps in crate::tests::steps(), count in 1_u32..9) {
        let mut screen = Screen::new(Size::new(12, 3), Limits::default());
        for step in &steps {
            crate::tests::run(&mut screen, step);
        }
        let scrollback = screen.scrollback();
        let mut read = Vec::new();
        let mut from = scrollback.first().0;
        while from < scrollback.end().0 {
            let page = history_page(scrollback, &request(from, count));
            let lines = page_lines(&page).expect("it is sound");
            prop_assert!(!lines.is_empty());
            from = lines[lines.len() - 1].number.0 + 1;
            read.extend(lines);
        }
        let kept: Vec<Line> = scrollback.lines().map(as_sent).collect();
        prop_assert_eq!(read, kept);
    }
}
