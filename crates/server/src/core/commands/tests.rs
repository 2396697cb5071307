//! What a shell printed, as text, and the commands that come of it.

use ccc_vt::{Limits, Screen, Size};

use super::*;

/// Folds bytes; `.` stands for output, marks are written as `<A>`, `<C ls>`, `<D 1>`, `<7 /tmp>`.
fn fold(script: &str, now: Option<u64>) -> Vec<Noted> {
    fold_with(&mut CommandFold::default(), script, now)
}

fn fold_with(fold: &mut CommandFold, script: &str, now: Option<u64>) -> Vec<Noted> {
    let mut screen = Screen::new(Size::new(80, 24), Limits::default());
    screen.advance(bytes(script).as_bytes());
    let notices = screen.take_notices();
    fold.hear(&notices, now, &|_, column, _| Some(format!("shown-{column}")))
}

fn bytes(script: &str) -> String {
    let mut out = String::new();
    for part in script.split_inclusive(['<', '>']) {
        match part.strip_suffix('>') {
            Some(mark) => {
                let (kind, what) = mark.split_once(' ').unwrap_or((mark, ""));
                let said = match (kind, what) {
                    ("7", path) => format!("7;{path}"),
                    ("C", "") => "133;C".into(),
                    ("E", _) => "133;C;cmdline_url=".into(),
                    ("C", text) => format!("133;C;cmdline_url={text}"),
                    ("D", "") => "133;D".into(),
                    ("D", status) => format!("133;D;{status}"),
                    (kind, _) => format!("133;{kind}"),
                };
                out.push_str(&format!("\x1b]{said}\x07"));
            }
            None => out.push_str(part.trim_end_matches('<')),
        }
    }
    out
}

/// Each as `text@cwd from..to status`.
fn shown(noted: &[Noted]) -> Vec<String> {
    let show = |Noted { command, .. }: &Noted| {
        let Ran { text, cwd, from, end, .. } = command;
        let end = match end {
            None => "runs".to_owned(),
            Some(End { to, exit: Some(exit), .. }) => format!("{}={exit}", to - from),
            Some(End { to, exit: None, .. }) => format!("{}=unknown", to - from),
        };
        format!("{text}@{cwd} {end}")
    };
    noted.iter().map(show).collect()
}

#[track_caller]
fn check(script: &str, expected: &[&str]) {
    assert_eq!(shown(&fold(script, Some(1))), expected, "{script}");
}

#[test]
fn a_command_lies_between_its_marks() {
    check("<7 /tmp><A>$ <B>ls<C ls>four<D 0><A>$ ", &["ls@/tmp runs", "ls@/tmp 4=0"]);
    check("<C false><D 1>", &["false@ runs", "false@ 0=1"]);
}

#[test]
fn an_end_that_is_not_told_is_unknown() {
    check("<C a>x<A><B><C b>", &["a@ runs", "a@ 1=unknown", "b@ runs"]);
    check("<C a><D>", &["a@ runs", "a@ 0=unknown"]);
    let mut fold = CommandFold::default();
    fold_with(&mut fold, "<C exit 3>", Some(1));
    let end = fold.end(100, Some(9)).map(|noted| noted.command.end);
    assert_eq!(end, Some(Some(End { to: 100, exit: None, at: Some(Moment::At(9)) })));
    assert_eq!(fold.end(100, Some(9)), None);
}

#[test]
fn ends_and_prompts_without_a_command_are_nothing() {
    check("<D 0><A><D 1><A><B><D>", &[]);
}

#[test]
fn doubled_marks_are_one_command() {
    check("<C><C ls><C ls>.<D 2><D 2>", &["@ runs", "ls@ runs", "ls@ 1=2"]);
}

#[test]
fn what_is_not_told_is_what_is_shown_unless_it_is_kept_back() {
    check("<A>$ <B>ls<C><D 0>", &["shown-2@ runs", "shown-2@ 0=0"]);
    check("<A>$ <B>ls<C told><D 0>", &["told@ runs", "told@ 0=0"]);
    check("<A>$ <B>ls<E><D 0>", &["@ runs", "@ 0=0"]);
    check("<A>$ <C><D 0>", &["@ runs", "@ 0=0"]);
}

#[test]
fn a_text_is_for_the_next_command_only() {
    let mut fold = CommandFold::default();
    let text = Notice::CommandText { text: "typed".into(), offset: 3 };
    fold.hear(&[text], Some(1), &|_, _, _| None);
    assert_eq!(shown(&fold_with(&mut fold, "<A><C>", Some(1))), ["@ runs"]);
}

#[test]
fn what_is_remembered_is_not_noted_again() {
    let script = "<C a><D 0><C b>..<D 3>";
    let all = fold(script, None);
    assert_eq!(all.len(), 4);
    // It goes on in the middle of the second command.
    let mut again =
        CommandFold::new(Some(all[2].offset), String::new(), Some(all[2].command.clone()));
    assert_eq!(fold_with(&mut again, script, None), all[3..]);
}

#[test]
fn times_are_those_of_the_recording_unless_it_is_now() {
    let noted = fold("<C a><D 0>", None);
    assert_eq!(noted[0].command.started, Moment::Byte(noted[0].offset));
    let end = noted[1].command.end.and_then(|end| end.at);
    assert_eq!(end, Some(Moment::Byte(noted[1].offset)));
    assert_eq!(fold("<C a>", Some(7))[0].command.started, Moment::At(7));
}

#[test]
fn a_program_that_prints_marks_all_day_is_not_heard_forever() {
    let mut fold = CommandFold::default();
    let script = "<C a><D 0>".repeat(BURST as usize + 50);
    // The notices of one turn are bounded as well, so it takes several.
    let half = "<C a><D 0>".repeat(BURST as usize / 2);
    let mut noted = 0;
    for _ in 0..script.len() / half.len() + 1 {
        noted += fold_with(&mut fold, &half, Some(1000)).len();
    }
    assert_eq!(noted, 2 * BURST as usize);
    assert_eq!(fold_with(&mut fold, "<C a><D 0>", Some(2000)).len(), 2);
}
