//! Sessions to text and back, and what is said about a text that is none.

use ccc_proto::PaneId;
use ccc_vt::Size;
use proptest::prelude::*;

use super::*;
use crate::core::layout::{Preset, Side, SplitSize};

const AREA: Size = Size::new(80, 24);

fn pane(command: &[&str], cwd: &str) -> SavedPane {
    SavedPane { command: command.iter().map(|word| (*word).into()).collect(), cwd: cwd.into() }
}

fn work() -> SavedSession {
    let mut layout = Layout::new(PaneId(0));
    layout.split(AREA, PaneId(0), Side::Right, SplitSize::Percent(25), PaneId(1)).unwrap();
    layout.split(AREA, PaneId(1), Side::Down, SplitSize::Half, PaneId(2)).unwrap();
    SavedSession {
        name: "work".into(),
        tabs: vec![
            SavedTab {
                name: "edit".into(),
                layout,
                panes: vec![
                    pane(&["vim", "a \"b\".rs"], "/src"),
                    pane(&[], ""),
                    pane(&["make", "watch"], "/src/x"),
                ],
                focus: 2,
            },
            SavedTab {
                name: String::new(),
                layout: Layout::new(PaneId(0)),
                panes: vec![pane(&[], "")],
                focus: 0,
            },
        ],
    }
}

const WORK: &str = r#"version = 1
name = "work"

[[tab]]
name = "edit"
focus = 3
layout = { row = [
    { share = 60, command = ["vim", "a \"b\".rs"], cwd = "/src" },
    { share = 19, column = [
        {},
        { command = ["make", "watch"], cwd = "/src/x" },
    ] },
] }

[[tab]]
layout = {}
"#;

#[test]
fn a_session_is_written_as_a_person_would() {
    // 60 and 19 of 79 cells, in 1/32768 of the length.
    let text = save(&work());
    let expected =
        WORK.replace("share = 60", "share = 24887").replace("share = 19", "share = 7881");
    assert_eq!(text, expected);
    assert_eq!(load(&text).unwrap(), work());
}

#[test]
fn a_persons_text_has_relative_shares() {
    let session = load(WORK).unwrap();
    assert_eq!(session.tabs[0].layout.sizes(AREA)[0], (PaneId(0), Size::new(60, 24)));
    assert_eq!(session.tabs[0].panes, work().tabs[0].panes);
    assert_eq!(session.tabs[0].focus, 2);
}

#[test]
fn keys_may_be_left_out() {
    let text = "version = 1\n[[tab]]\nlayout = { column = [{ share = 3 }, {}] }\n";
    let session = load(text).unwrap();
    assert_eq!(session.name, "");
    let sizes = session.tabs[0].layout.sizes(Size::new(10, 9));
    assert_eq!(sizes, [(PaneId(0), Size::new(10, 6)), (PaneId(1), Size::new(10, 2))]);
}

#[test]
fn tables_of_tables_are_read_too() {
    let text = "version = 1\n[[tab]]\n[[tab.layout.row]]\ncommand = [\"a\"]\n[[tab.layout.row]]\n";
    assert_eq!(load(text).unwrap().tabs[0].panes, [pane(&["a"], ""), pane(&[], "")]);
}

#[track_caller]
fn check_wrong(text: &str, expected: &str) {
    assert_eq!(load(text).unwrap_err().to_string(), expected);
}

#[test]
fn an_error_names_the_line_and_what_is_wrong() {
    let tab = |layout: &str| format!("version = 1\n[[tab]]\nlayout = {layout}\n");
    check_wrong("", "line 1: missing field `version`");
    check_wrong("version = 2\n", "line 1: version 2 of the format is not known here, 1 is");
    check_wrong("version = 1\n", "line 1: there is no [[tab]]");
    check_wrong(
        "version = 1\n\nnam = \"x\"\n",
        "line 3: unknown field `nam`, expected one of `version`, `name`, `tab`",
    );
    check_wrong(
        "version = 1\nname = \"s3\"\n",
        "line 2: \"s3\" has the form of an id, which names something else",
    );
    check_wrong(
        &tab("{ rows = [] }"),
        "line 3: unknown field `rows`, expected one of `share`, `row`, `column`, `command`, `cwd`",
    );
    check_wrong(&tab("{ row = [\n{}\n] }"), "line 3: a row needs at least two panes or splits");
    check_wrong(
        &tab("{ row = [\n{},\n{ row = [{}, {}] }] }"),
        "line 5: a row in a row: put its panes into the outer one",
    );
    check_wrong(
        &tab("{ row = [{}, {}], column = [{}, {}] }"),
        "line 3: this is both a row and a column",
    );
    check_wrong(
        &tab("{ row = [{}, {}], cwd = \"/\" }"),
        "line 3: this is a row and cannot be a pane too",
    );
    check_wrong(
        &tab("{ row = [{},\n{ share = 0 }] }"),
        "line 4: this share is too small beside the others",
    );
    check_wrong(
        &tab("{ row = [{},\n{ share = 4000000000 }] }"),
        "line 3: this share is too small beside the others",
    );
    check_wrong(&tab("{}\nfocus = 2"), "line 4: there are 1 panes to have the focus");
    check_wrong(&tab("{}\nfocus = 0"), "line 4: there are 1 panes to have the focus");
    check_wrong(
        &tab("{}\nname = \"12\""),
        "line 4: \"12\" is a number, and tabs have numbers already",
    );
    check_wrong(
        "version = 1\n[[tab]]\nname = \"a\"\nlayout = {}\n[[tab]]\nname = \"a\"\nlayout = {}\n",
        "line 5: a tab called \"a\" was before",
    );
}

#[test]
fn a_tab_with_too_many_panes_is_refused() {
    let panes = vec!["{}"; MAX + 1].join(",");
    let text = format!("version = 1\n[[tab]]\nlayout = {{ row = [{panes}] }}\n");
    check_wrong(&text, "line 3: a tab takes at most 256 panes, 64 splits deep");
    let deep = format!("{}{{}}{}", "{ row = [{}, { column = [{}, ".repeat(40), "] }] }".repeat(40));
    assert!(load(&format!("version = 1\n[[tab]]\nlayout = {deep}\n")).is_err());
    let bottomless = "{ row = [".repeat(100_000);
    assert!(load(&format!("version = 1\n[[tab]]\nlayout = {bottomless}\n")).is_err());
}

const MAX: usize = crate::core::layout::MAX_PANES;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_session_comes_back_as_it_was_saved(
        splits in prop::collection::vec((0usize..9, 0usize..4, 1u16..60), 0..9),
        preset in prop::option::of(prop::sample::select(Preset::ALL.to_vec())),
        words in prop::collection::vec(prop::collection::vec(any::<String>(), 0..3), 10),
        cwd in any::<String>(),
        focus in 0usize..10,
    ) {
        let mut layout = Layout::new(PaneId(0));
        let mut count = 1;
        for (pane, side, cells) in splits {
            let side = [Side::Right, Side::Down, Side::Left, Side::Up][side];
            let new = PaneId(count);
            let pane = PaneId(pane as u64 % count);
            if layout.split(AREA, pane, side, SplitSize::Cells(cells), new).is_ok() {
                count += 1;
            }
        }
        if let Some(preset) = preset {
            layout.arrange(preset);
        }
        // Panes are numbered in the order of the tree.
        let order = layout.panes();
        let index = |pane| order.iter().position(|other| *other == pane).unwrap() as u64;
        let layout = layout.renamed(|pane| PaneId(index(pane))).with_preset(None);
        let panes: Vec<_> = words[..order.len()].iter().map(|command| SavedPane {
            command: command.clone(),
            cwd: cwd.clone(),
        }).collect();
        let focus = focus % panes.len();
        let tab = SavedTab { name: "a tab".into(), layout, panes, focus };
        let session = SavedSession { name: "서버".into(), tabs: vec![tab] };
        prop_assert_eq!(load(&save(&session)).unwrap(), session);
    }

    #[test]
    fn no_text_panics(text in "[a-z\\[\\]{}=\", \n0-9]{0,80}") {
        let _ = load(&text);
        let _ = load(&format!("version = 1\n[[tab]]\nlayout = {text}"));
    }
}
