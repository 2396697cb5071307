//! What somebody reads who does not look: text in its order, and the cursor where there is something.

use ccc_client::proto::{ReplayInfo, SearchFind, SearchFound};

use super::hints::showing;
use super::*;
use crate::replay::Start;

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.app = bench.app.plain();
    showing(&mut bench, 1, &["$ make test", "ok"]);
    showing(&mut bench, 2, &["GET /  200"]);
    bench
}

/// Row and column of the cursor.
fn cursor(bench: &Bench) -> Option<(u16, u16)> {
    let surface = view::draw(&bench.app, &bench.mirrors, &Moment::default());
    surface.cursor.filter(|cursor| cursor.visible).map(|cursor| (cursor.row, cursor.col))
}

fn lines(bench: &Bench) -> Vec<String> {
    let picture = bench.picture();
    let drawn = |c: char| ('\u{2500}'..='\u{259f}').contains(&c);
    assert!(!picture.contains(drawn), "something is drawn:\n{picture}");
    picture.lines().map(str::to_owned).collect()
}

#[test]
fn one_pane_at_a_time_and_the_bar_says_which() {
    let mut bench = bench();
    let shown = lines(&bench);
    assert_eq!(shown[..3], ["$ make test", "ok", ""]);
    // No clock, no link that changes by itself.
    let help = "C-b ? help · pane 1 of 3";
    assert_eq!(shown[23], format!("[work] 1:sh* 2:logs{help:>61}"));
    bench.keys("C-b o");
    let shown = lines(&bench);
    assert_eq!(shown[0], "GET /  200");
    assert!(shown[23].ends_with("pane 2 of 3"), "{}", shown[23]);
    assert!(!bench.app.shows_clock());
}

#[test]
fn lists_have_no_frame_and_the_cursor_is_at_the_entry() {
    let mut bench = bench();
    bench.keys("C-b w");
    let first = cursor(&bench).unwrap();
    let shown = lines(&bench);
    assert!(shown[usize::from(first.0)].contains("1:sh"), "{shown:?}");
    bench.keys("Down Down Down Down");
    let (row, column) = cursor(&bench).unwrap();
    assert!(lines(&bench)[usize::from(row)].contains("2:logs"), "{row} in {shown:?}");
    assert_eq!(column, 0);
    bench.keys("Escape C-b ?");
    lines(&bench);
    bench.keys("Escape C-b :");
    lines(&bench);
    // An open prefix shows nothing by itself.
    bench.keys("Escape C-b");
    let before = lines(&bench);
    while let Some(due) = bench.app.next_deadline(bench.now) {
        bench.now = due;
        bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    }
    assert_eq!(lines(&bench)[..23], before[..23]);
}

#[test]
fn a_question_has_the_cursor_at_its_end_and_a_lost_link_is_said_once() {
    let mut bench = bench();
    bench.keys("C-b ,");
    let (row, column) = cursor(&bench).unwrap();
    let asked = &lines(&bench)[usize::from(row)];
    assert_eq!((row, usize::from(column)), (23, asked.len()), "{asked:?}");
    bench.keys("Escape C-b x");
    let (row, column) = cursor(&bench).unwrap();
    assert_eq!((row, usize::from(column)), (23, lines(&bench)[23].len()));
    bench.keys("n");
    // What is only said does not take the cursor from where somebody reads.
    bench.keys("C-b [");
    let reads = cursor(&bench);
    bench.app.note("said");
    bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    assert_eq!((cursor(&bench), lines(&bench)[23].as_str()), (reads, "said"));
    bench.keys("q");
    bench.now += NOTE_TIME * 2;
    bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    let lost = ccc_client::LinkState::Reconnecting { since: bench.now, why: "gone".into() };
    bench.client(ClientEvent::Link(lost));
    let shown = lines(&bench);
    assert_eq!(shown[0], "$ make test");
    assert!(shown[23].contains("reconnecting"), "{}", shown[23]);
}

/// What is asked has to be seen, whoever wanted the row of the bar for the program.
#[test]
fn without_a_bar_a_question_stands_over_the_last_row_until_it_is_answered() {
    let mut bench = Bench::new();
    bench.app.bar = false;
    showing(&mut bench, 1, &["$ make test"]);
    assert!(!bench.bar().contains("work"));
    bench.keys("C-b &");
    assert!(bench.bar().starts_with("close"), "{:?}", bench.bar());
    bench.keys("n");
    assert!(!bench.bar().contains("close"), "{:?}", bench.bar());
    bench.keys("C-b $");
    assert!(bench.bar().starts_with("rename"), "{:?}", bench.bar());
}

/// What has a view of its own keeps to it too.
#[test]
fn a_replay_and_a_search_are_text_as_well() {
    let mut bench = bench();
    bench.keys("C-b f x");
    let find = |text: &str| SearchFind { text: text.into(), ..SearchFind::default() };
    let finds = vec![find("one x"), find("two x")];
    let message = SearchFound { finds, ext: Ext::none() }.into();
    let answer = Answer { purpose: Purpose::Find(bench.app.asked_finds), result: Ok(message) };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now);
    bench.keys("Down");
    let (row, column) = cursor(&bench).unwrap();
    assert!(lines(&bench)[usize::from(row)].contains("two x"));
    assert_eq!(column, 0);
    bench.keys("Escape");
    let info = ReplayInfo {
        ulid: "01A".into(),
        pane: None,
        session: "work".into(),
        command: "sh".into(),
        running: false,
        began_unix_ms: 0,
        first: 0,
        end: 10,
        duration_us: 5_000_000,
        points: Vec::new(),
        moments: Vec::new(),
        commands: Vec::new(),
        ext: Ext::none(),
    };
    let result = Ok(info.into());
    let answer = Answer { purpose: Purpose::Replay(Start::End), result };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now);
    let shown = lines(&bench);
    assert!(shown[22].starts_with("stopped 0:05 / 0:05"), "{shown:#?}");
    bench.keys("Space");
    assert!(lines(&bench)[22].starts_with("plays 0:00 / 0:05"), "{:#?}", lines(&bench));
}
