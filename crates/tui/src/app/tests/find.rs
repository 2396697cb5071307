//! The search in all recordings: what is asked, shown as it comes, and done with a find.

use ccc_client::proto::{
    SearchEnd, SearchFind, SearchFound, SearchMatch, SearchProgress, SearchRequest,
};

use super::*;
use crate::app::{FindState, Finding};
use crate::replay::Start;

fn find(place: &str, pane: Option<u64>, at: u64, text: &str, matched: &str) -> SearchFind {
    let from = text.find(matched).expect("the match is in the text");
    let narrow = |at: usize| u32::try_from(at).expect("a short text");
    SearchFind {
        ulid: format!("01JD000000000000000000{at:04}"),
        pane: pane.map(PaneId),
        place: place.into(),
        lives: pane.is_some(),
        offset: at * 10,
        line: Some(at),
        at_unix_ms: at * 1000,
        text: text.into(),
        matches: vec![SearchMatch { from: narrow(from), to: narrow(from + matched.len()) }],
        before: vec!["$ make".into()],
        after: vec!["make: *** [all] 오류 2".into(), "$".into()],
    }
}

fn finds() -> Vec<SearchFind> {
    vec![
        find("work:1.1", Some(1), 9_050, "src/main.rs: error: no such thing", "error"),
        find("work:1.2", Some(2), 8_000, "2026-11-30 서울 error: 연결이 거부되었습니다", "error"),
        find("old", None, 100, &format!("{}an error far to the right", "x".repeat(70)), "error"),
    ]
}

fn asked(effects: &[Effect]) -> (u64, SearchRequest) {
    let found = effects.iter().rev().find_map(|effect| match effect {
        Effect::Request { purpose: Purpose::Find(asked), message } => match &**message {
            Message::SearchRequest(request) => Some((*asked, request.clone())),
            _ => None,
        },
        _ => None,
    });
    found.expect("a search is asked for")
}

fn answer(bench: &mut Bench, asked: u64, message: impl Into<Message>) {
    let answer = Answer { purpose: Purpose::Find(asked), result: Ok(message.into()) };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now);
}

fn finding(bench: &Bench) -> &Finding {
    let Some(Layer::Find(finding)) = bench.app.layers.last() else { panic!("no search") };
    finding
}

/// With `error` typed, and all finds there.
fn found() -> Bench {
    let mut bench = Bench::new();
    bench.app.wall = Duration::from_secs(9_060);
    assert!(bench.keys("C-b f").is_empty());
    let (number, request) = asked(&bench.keys("e r r o r"));
    assert_eq!((request.pattern.as_str(), request.regex), ("error", false));
    answer(&mut bench, number, SearchFound { finds: finds(), ..SearchFound::default() });
    let end = SearchEnd::ALL;
    answer(&mut bench, number, SearchProgress { done: true, end, ..SearchProgress::default() });
    bench
}

#[test]
fn finds_with_what_stands_around_the_chosen_one() {
    let mut bench = found();
    insta::assert_snapshot!(bench.picture());
    bench.keys("Down Down Down");
    assert_eq!(finding(&bench).selected, 2);
    insta::assert_snapshot!(bench.picture());
}

/// With one that a program printed at three sizes, between two that it printed once.
fn redrawn() -> Bench {
    let mut bench = found();
    let again = |at| SearchFind {
        ulid: "01JD0000000000000000000007".into(),
        ..find("work:1.3", Some(3), at, "no error here", "error")
    };
    let mut all = vec![find("work:1.1", Some(1), 9_050, "no error here", "error")];
    all.extend([9_040, 9_030, 8_970].map(again));
    all.push(find("work:1.2", Some(2), 8_000, "another error", "error"));
    let (number, _) = asked(&bench.keys("s"));
    // They come one by one.
    for find in all {
        answer(&mut bench, number, SearchFound { finds: vec![find], ..SearchFound::default() });
    }
    bench
}

/// The moments of the finds that are listed, in seconds.
fn listed(bench: &Bench) -> Vec<u64> {
    let finding = finding(bench);
    let finds = finding.entries().into_iter().map(|entry| &finding.finds[entry.find]);
    finds.map(|find| find.at_unix_ms / 1000).collect()
}

#[test]
fn a_line_that_is_printed_again_and_again_is_one_entry() {
    let mut bench = redrawn();
    assert_eq!(listed(&bench), [9_050, 9_040, 8_000]);
    bench.keys("Down");
    insta::assert_snapshot!(bench.picture());
    bench.keys("Tab");
    assert_eq!(listed(&bench), [9_050, 9_040, 9_030, 8_970, 8_000]);
    insta::assert_snapshot!(bench.picture());
    // Each of them is reached, and from each the newest is alone again.
    bench.keys("Down Down Down Up");
    let effects = bench.keys("Enter");
    let [Effect::Request { purpose: Purpose::Replay(Start::Byte(offset)), .. }] =
        effects.as_slice()
    else {
        panic!("{effects:?}")
    };
    assert_eq!(offset.0, 89_700);
    bench.keys("Tab");
    assert_eq!((listed(&bench), finding(&bench).selected), (vec![9_050, 9_040, 8_000], 1));
    let effects = bench.keys("Enter");
    let [Effect::Request { purpose: Purpose::Replay(Start::Byte(offset)), .. }] =
        effects.as_slice()
    else {
        panic!("{effects:?}")
    };
    assert_eq!(offset.0, 90_400, "the newest stands for them");
    // One that is alone has nothing to show.
    bench.keys("Down Tab");
    assert_eq!(listed(&bench), [9_050, 9_040, 8_000]);
    // Another question begins anew.
    bench.keys("Up Tab");
    assert_eq!(listed(&bench).len(), 5);
    bench.keys("s");
    assert_eq!(listed(&bench), [0_u64; 0]);
}

/// With what one pane drew anew six times: a line that stays, one that changes, one that stays. Another pane printed
/// the first of them too, and so did the same one long before.
fn redrawn_by_turns() -> Bench {
    let mut bench = found();
    let line = |at, text: &str| SearchFind {
        ulid: "01JD0000000000000000000007".into(),
        ..find("work:1.3", Some(3), at, text, "error")
    };
    let mut all = vec![find("work:1.1", Some(1), 9_055, "error: retrying", "error")];
    for turn in 0..6 {
        all.push(line(9_050 - 10 * turn, "error: retrying"));
        all.push(line(9_049 - 10 * turn, &format!("error count {}", 6 - turn)));
        all.push(line(9_048 - 10 * turn, "no error in step 한글"));
    }
    all.extend((0..9).map(|number| line(8_500 - number, &format!("error of job {number}"))));
    all.push(line(8_000, "error: retrying"));
    let (number, _) = asked(&bench.keys("s"));
    for find in all {
        answer(&mut bench, number, SearchFound { finds: vec![find], ..SearchFound::default() });
    }
    let progress = SearchProgress { done: true, end: SearchEnd::ALL, ..SearchProgress::default() };
    answer(&mut bench, number, progress);
    bench
}

/// Each second find was another line than the one before, and none of them were one entry.
#[test]
fn lines_that_are_drawn_anew_by_turns_are_an_entry_each() {
    let mut bench = redrawn_by_turns();
    insta::assert_snapshot!(bench.picture());
    bench.keys("Down Tab Down Down");
    assert_eq!(finding(&bench).chosen().map(|find| find.at_unix_ms), Some(9_030_000));
    insta::assert_snapshot!(bench.picture());
    // From any of them the newest is alone again.
    bench.keys("Tab");
    assert_eq!((listed(&bench)[1], finding(&bench).selected), (9_050, 1));
    // As many others were between: it is of another time.
    assert_eq!(listed(&bench).last(), Some(&8_000));
}

#[test]
fn what_is_chosen_stays_so_while_more_is_found_above_it() {
    let mut bench = redrawn();
    bench.keys("Down Tab");
    bench.keys("Down Down Down");
    assert_eq!(finding(&bench).chosen().map(|find| find.at_unix_ms), Some(8_000_000));
    let again = SearchFind {
        ulid: "01JD0000000000000000000007".into(),
        ..find("work:1.3", Some(3), 7_000, "no error here", "error")
    };
    let number = bench.app.asked_finds;
    answer(&mut bench, number, SearchFound { finds: vec![again], ..SearchFound::default() });
    assert_eq!(listed(&bench), [9_050, 9_040, 9_030, 8_970, 7_000, 8_000]);
    assert_eq!(finding(&bench).chosen().map(|find| find.at_unix_ms), Some(8_000_000));
}

#[test]
fn each_letter_asks_anew_and_late_answers_count_for_nothing() {
    let mut bench = Bench::new();
    bench.keys("C-b f");
    let (first, _) = asked(&bench.keys("e"));
    let (second, request) = asked(&bench.keys("r"));
    assert_eq!(request.pattern, "er");
    answer(&mut bench, first, SearchFound { finds: finds(), ..SearchFound::default() });
    assert!(finding(&bench).finds.is_empty());
    let progress = SearchProgress { pieces: 3, of: 40, ..SearchProgress::default() };
    answer(&mut bench, second, progress);
    assert_eq!(finding(&bench).state, FindState::Looking { pieces: 3, of: 40 });
    let (_, request) = asked(&bench.keys("C-r"));
    assert!(request.regex);
    // Without a pattern nothing is looked for.
    assert!(bench.keys("Backspace Backspace").contains(&Effect::StopFinding));
    assert_eq!(finding(&bench).state, FindState::Idle);
    assert!(bench.keys("Escape").contains(&Effect::StopFinding));
    assert!(bench.app.layers.is_empty());
}

#[test]
fn enter_replays_the_recording_at_that_moment() {
    let mut bench = found();
    bench.keys("Down");
    let effects = bench.keys("Enter");
    let [Effect::Request { message, purpose: Purpose::Replay(Start::Byte(offset)) }] =
        effects.as_slice()
    else {
        panic!("{effects:?}")
    };
    assert_eq!(offset.0, 80_000);
    let Message::ReplayRequest(request) = &**message else { panic!("{message:?}") };
    assert_eq!(request.target, finds()[1].ulid);
    // The finds are there when the player is left.
    assert_eq!(finding(&bench).selected, 1);
}

#[test]
fn a_key_goes_to_the_line_in_its_pane() {
    let mut bench = found();
    bench.keys("Down Down");
    bench.keys("C-g");
    assert_eq!(finding(&bench).finds.len(), 3, "one that is gone is said to be");
    bench.keys("Up");
    bench.mirrors.insert(PaneId(2), Mirror::new(PaneId(2)));
    let effects = bench.keys("C-g");
    assert_eq!(bench.app.pane, PaneId(2));
    assert!(effects.contains(&Effect::StopFinding));
    assert!(
        matches!(bench.app.layers.last(), Some(Layer::Scroll(scroll)) if scroll.pane() == PaneId(2))
    );
    assert_eq!(bench.app.layers.len(), 1);
}

#[test]
fn a_click_chooses_a_find_and_one_on_it_replays_it() {
    use ccc_vt::input::{Modifiers, MouseButton, MouseEvent, MouseKind};
    let mut bench = found();
    let click = |bench: &mut Bench, row| {
        let kind = MouseKind::Press(MouseButton::Left);
        let event = MouseEvent { kind, col: 30, row, modifiers: Modifiers::empty() };
        bench.app.update(Event::Stdin(StdinEvent::Mouse(event)), &bench.mirrors, bench.now)
    };
    let picture = bench.picture();
    let row = picture.lines().position(|line| line.contains("2026-11-30 서울")).unwrap();
    let row = u16::try_from(row).unwrap();
    assert_eq!(click(&mut bench, row), []);
    assert_eq!(finding(&bench).selected, 1);
    // What stands around it is none, and closes nothing.
    assert_eq!(click(&mut bench, 20), []);
    assert_eq!(finding(&bench).selected, 1);
    let effects = click(&mut bench, row);
    assert!(
        matches!(effects.as_slice(), [Effect::Request { purpose: Purpose::Replay(_), .. }]),
        "{effects:?}"
    );
    assert_eq!(click(&mut bench, 0), [Effect::StopFinding], "beside it");
    assert!(bench.app.layers.is_empty());
}

#[test]
fn what_is_no_expression_is_said_in_the_view() {
    let mut bench = Bench::new();
    bench.keys("C-b f C-r");
    let (number, _) = asked(&bench.keys("("));
    let result = Err(ccc_client::ClientError::Lost { why: "regex\nerror: unclosed group".into() });
    let answer = Answer { purpose: Purpose::Find(number), result };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now);
    assert!(bench.picture().contains("error: unclosed group"), "{}", bench.picture());
}

#[test]
fn secrets_in_finds_are_hidden() {
    let mut bench = Bench::new();
    let effects = bench.keys("<C-b>ferror");
    let (number, _) = asked(&effects);
    let found = find("work:1.1", Some(1), 9_050, "token=abcdefgh error", "error");
    answer(&mut bench, number, SearchFound { finds: vec![found], ..SearchFound::default() });
    assert_eq!(finding(&bench).finds[0].text, "token=******** error");
}
