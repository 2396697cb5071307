//! Commands behind those that came with the history: when they are asked for, and what becomes of answers.

use ccc_client::proto::{
    CommandMatching, CommandsFound, CommandsPage, CommandsSearch, SearchEnd, WireCommand,
};

use super::*;
use crate::app::OlderState;

fn command(text: &str, at: u64) -> WireCommand {
    history::command(text, at, None)
}

/// With the list open, behind which there are more.
fn opened() -> Bench {
    let mut bench = Bench::new();
    bench.app.wall = Duration::from_secs(900_000);
    bench.keys("C-b C-r");
    let came = (0..300).map(|number| command(&format!("make part-{number}"), 800_000 - number));
    let page = CommandsPage { commands: came.collect(), next: vec![7, 7], ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::All), page);
    bench
}

fn answer(bench: &mut Bench, purpose: Purpose, message: impl Into<Message>) -> Vec<Effect> {
    let answer = Answer { purpose, result: Ok(message.into()) };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now)
}

fn found(bench: &mut Bench, asked: u64, texts: &[&str], end: SearchEnd) {
    let commands = texts.iter().map(|text| command(text, 5_000)).collect();
    answer(bench, Purpose::Older(asked), CommandsFound { commands, end, ext: Ext::none() });
}

/// The last question.
#[track_caller]
fn asked(effects: &[Effect]) -> (u64, CommandsSearch) {
    let found = effects.iter().rev().find_map(|effect| match effect {
        Effect::Request { purpose: Purpose::Older(asked), message } => match &**message {
            Message::CommandsSearch(search) => Some((*asked, search.clone())),
            _ => None,
        },
        _ => None,
    });
    found.expect("older commands are asked for")
}

fn list(bench: &Bench) -> &List {
    let Some(Layer::List(list)) = bench.app.layers.last() else { panic!("no list") };
    list
}

fn texts(bench: &Bench) -> Vec<&str> {
    let entries = list(bench).matching();
    entries.iter().map(|entry| entry.columns[crate::app::history::TEXT].as_str()).collect()
}

fn state(bench: &Bench) -> &OlderState {
    &list(bench).older.as_ref().expect("there are older ones").state
}

#[test]
fn what_is_not_here_is_asked_for_as_it_is_typed() {
    let mut bench = opened();
    assert_eq!(bench.keys("m a k e"), [], "there are enough");
    assert_eq!(state(&bench), &OlderState::Idle);
    let (number, search) = asked(&bench.keys("Space p a r t - 2 9 9"));
    assert_eq!(search.pattern, "make part-299");
    assert_eq!((search.matching, search.after.as_slice()), (CommandMatching::LOOSE, &[7, 7][..]));
    assert!(bench.picture().contains("1 found · looking in older ones…"), "{}", bench.picture());
    found(&mut bench, number, &["make part-2990", "make part-2991"], SearchEnd::NONE);
    found(&mut bench, number, &["make apart-299"], SearchEnd::ALL);
    assert_eq!(
        texts(&bench),
        ["make part-299", "make part-2990", "make part-2991", "make apart-299"]
    );
    assert!(bench.picture().contains("4 found"), "{}", bench.picture());
    // What was found is done with as with the others.
    let pasted =
        Effect::Input { pane: PaneId(1), events: vec![InputEvent::paste("make part-2990")] };
    assert_eq!(bench.keys("Down Enter"), [pasted]);
}

#[test]
fn the_best_one_is_chosen_until_somebody_chooses_another() {
    let mut bench = opened();
    let (number, _) = asked(&bench.keys("o n e"));
    found(&mut bench, number, &["throne"], SearchEnd::NONE);
    assert_eq!((texts(&bench)[0], list(&bench).selected), ("throne", 0));
    found(&mut bench, number, &["one"], SearchEnd::NONE);
    assert_eq!((texts(&bench)[0], list(&bench).selected), ("one", 0));
    bench.keys("Down");
    let chosen = list(&bench).chosen();
    found(&mut bench, number, &["one more"], SearchEnd::ALL);
    assert_eq!(list(&bench).chosen(), chosen);
}

#[test]
fn more_letters_leave_a_part_of_all_that_was_found_and_ask_no_more() {
    let mut bench = opened();
    let (number, _) = asked(&bench.keys("x"));
    found(&mut bench, number, &["xz -d", "tar x"], SearchEnd::ALL);
    assert_eq!(bench.keys("z"), []);
    assert_eq!(texts(&bench), ["xz -d"]);
    // Fewer are another question, and so is another way of matching.
    assert_eq!(asked(&bench.keys("C-u j")).1.pattern, "j");
    assert_eq!(asked(&bench.keys("C-r")).1.matching, CommandMatching::START);
    assert_eq!(asked(&bench.keys("C-r")).1.matching, CommandMatching::REGEX);
    let (number, _) = asked(&bench.keys("x"));
    found(&mut bench, number, &["jx"], SearchEnd::ALL);
    assert_eq!(asked(&bench.keys("?")).1.pattern, "jx?");
}

#[test]
fn late_answers_count_for_nothing_and_those_before_stay_until_others_come() {
    let mut bench = opened();
    let (first, _) = asked(&bench.keys("q"));
    found(&mut bench, first, &["qemu one", "sequence"], SearchEnd::NONE);
    let (second, _) = asked(&bench.keys("e"));
    assert_eq!(texts(&bench), ["qemu one", "sequence"], "those of before match as well");
    found(&mut bench, first, &["qemu late"], SearchEnd::NONE);
    assert_eq!(texts(&bench), ["qemu one", "sequence"]);
    found(&mut bench, second, &["qemu two"], SearchEnd::NONE);
    assert_eq!(texts(&bench), ["qemu two"]);
    found(&mut bench, second, &["qemu three"], SearchEnd::COUNT);
    assert_eq!(texts(&bench).len(), 2);
    assert!(bench.picture().contains("2 found, and perhaps more"), "{}", bench.picture());
    let (third, _) = asked(&bench.keys("m"));
    found(&mut bench, third, &[], SearchEnd::ALL);
    assert_eq!(texts(&bench), Vec::<&str>::new(), "what the server does not know is gone");
    assert!(bench.picture().contains("nothing found"), "{}", bench.picture());
    // Without a pattern nothing is looked for, and the list is the one that came.
    assert_eq!(bench.keys("u C-u"), []);
    asked(&bench.keys("z"));
    assert_eq!(bench.keys("C-u"), [Effect::StopFinding]);
    assert_eq!(texts(&bench).len(), 300);
}

#[test]
fn a_list_that_is_left_ends_the_question() {
    let mut bench = opened();
    bench.keys("q");
    assert_eq!(bench.keys("Escape"), [Effect::StopFinding]);
    let mut bench = opened();
    let (number, _) = asked(&bench.keys("q"));
    found(&mut bench, number, &["qemu"], SearchEnd::ALL);
    assert_eq!(bench.keys("Escape"), [], "it had ended");
    // One that comes after that is for nobody.
    found(&mut bench, number, &["qemu"], SearchEnd::ALL);
    assert!(bench.app.layers.is_empty());
}

#[test]
fn one_who_walks_to_the_end_gets_more() {
    let mut bench = opened();
    assert_eq!(bench.keys("p a r t"), []);
    let effects = bench.keys(&"PageDown ".repeat(21));
    assert_eq!(asked(&effects).1.pattern, "part");
    assert_eq!(effects.len(), 1, "once");
}

#[test]
fn what_is_no_expression_and_a_lost_link_are_said_in_the_view() {
    let mut bench = opened();
    bench.keys("C-r C-r");
    let (number, _) = asked(&bench.keys("("));
    let result = Err(ccc_client::ClientError::Lost { why: "regex\nerror: unclosed group".into() });
    let answer = Answer { purpose: Purpose::Older(number), result };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now);
    assert!(bench.picture().contains("error: unclosed group"), "{}", bench.picture());
    let (number, _) = asked(&bench.keys("C-u z"));
    bench.app.not_asked(&Purpose::Older(number));
    assert!(bench.picture().contains("the link is lost"), "{}", bench.picture());
}

#[test]
fn a_history_that_came_whole_asks_for_nothing() {
    let mut bench = Bench::new();
    bench.keys("C-b C-r");
    let page =
        CommandsPage { commands: vec![command("ls", 9)], next: Vec::new(), ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::All), page);
    assert_eq!(bench.keys("q e m u"), []);
}
