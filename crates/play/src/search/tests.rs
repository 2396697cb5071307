//! Finds are those of a plain look at every line, wherever a recording is cut, and whatever became of the
//! files of lines.

use std::path::Path;

use ccc_journal::{
    BootId, CheckpointLog, Event, EventWriter, JournalWriter, Offset, PaneUlid, Sealing,
    lines_file_name, sealable,
};
use ccc_vt::{Limits, Screen};
use proptest::prelude::*;

use super::*;
use crate::pattern::Case;
use crate::{Fold, Opened, TURN_BYTES, keyframes};

const SIZE: Size = Size { cols: 20, rows: 5 };
const PANE: &str = "01JD0000000000000000000000";

#[derive(Clone, Debug)]
enum Step {
    Print(String),
    Resize(u16, u16),
    Time,
    Cut,
    Seal,
}

struct Recording {
    _root: tempfile::TempDir,
    dir: PathBuf,
    /// A screen that was given all of it.
    plain: Screen,
}

fn limits() -> Limits {
    Limits { scrollback_bytes: 64 << 20, ..Limits::default() }
}

/// Writes a recording, with the cuts or without.
fn record(steps: &[Step], cuts: bool) -> Recording {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join(PANE);
    std::fs::create_dir(&dir).unwrap();
    let mut journal = JournalWriter::open(&dir, u64::MAX).unwrap();
    let (mut events, _) = EventWriter::open(&dir).unwrap();
    let (mut checkpoints, _) = CheckpointLog::open(&dir).unwrap();
    let Opened { mut fold, mut screen, .. } =
        Fold::open(&dir, Offset(0), SIZE, Limits::default()).unwrap();
    let mut plain = Screen::new(SIZE, limits());
    let boot_id = BootId::UNKNOWN;
    let mut mono_ns = 1_000_000_000;
    events
        .append(&Event::Started { offset: Offset(0), wall_ns: mono_ns, mono_ns, boot_id })
        .unwrap();
    for step in steps {
        match step {
            Step::Print(text) => {
                journal.append(text.as_bytes()).unwrap();
                plain.advance(text.as_bytes());
            }
            Step::Resize(cols, rows) => {
                let size = ccc_journal::Size { cols: *cols, rows: *rows };
                events.append(&Event::Resize { offset: journal.offset(), size }).unwrap();
                plain.resize(Size::new(*cols, *rows));
            }
            Step::Time => {
                mono_ns += 5_000_000_000;
                events.append(&Event::Time { offset: journal.offset(), mono_ns }).unwrap();
            }
            Step::Cut if cuts => journal.rotate().unwrap(),
            Step::Seal if cuts => {
                let pane: PaneUlid = PANE.parse().unwrap();
                for file in sealable(&dir).unwrap() {
                    let mut sealing = Sealing::begin(&dir, pane, &file, 4096).unwrap();
                    while sealing.next_chunk().unwrap() {}
                    keyframes(
                        &dir,
                        file.first,
                        file.end(),
                        SIZE,
                        Limits::default(),
                        &mut |state| sealing.add_keyframe(&state),
                    )
                    .unwrap();
                    sealing.finish().unwrap();
                }
            }
            Step::Cut | Step::Seal => {}
        }
        let mut buffer = vec![0; TURN_BYTES];
        loop {
            let turn = fold.turn(&mut screen, &mut buffer).unwrap();
            if turn.begins_file {
                checkpoints.append(&fold.checkpoint(&screen), true).unwrap();
            }
            if !turn.more {
                break;
            }
        }
    }
    Recording { _root: root, dir, plain }
}

impl Recording {
    /// The lines as the whole screen has them that match.
    fn plain(&self, pattern: &Pattern) -> Vec<String> {
        let scrollback = self.plain.scrollback();
        let open = scrollback.open();
        let whole = scrollback.lines().filter(|line| Some(line.number) != open);
        let mut lines: Vec<String> = whole.map(|line| line.text()).collect();
        let mut last = open.and_then(|open| scrollback.text(open)).unwrap_or_default();
        for row in self.plain.rows() {
            last.push_str(&row.text());
            if !row.wrapped() {
                lines.push(std::mem::take(&mut last));
            }
        }
        lines.push(last);
        lines.retain(|line| !line.is_empty() && pattern.is_in(line));
        lines
    }

    fn search(&self, pattern: &Pattern, cache: &LinesCache) -> Vec<Found> {
        found(&self.dir, &query(pattern), cache)
    }
}

fn query(pattern: &Pattern) -> Query {
    Query { pattern: pattern.clone(), since_ms: 0, command: None, context: 0, count: 1_000_000 }
}

fn found(dir: &Path, query: &Query, cache: &LinesCache) -> Vec<Found> {
    let sought = [Sought { dir: dir.to_owned(), size: SIZE }];
    let mut all = Vec::new();
    let (_, searched) = search(&sought, query, cache, &|| false, &mut |found, _| {
        all.extend(found);
        true
    });
    assert_eq!((searched.unreadable, searched.found), (0, all.len()));
    all
}

fn literal(text: &str) -> Pattern {
    Pattern::new(text, false, Case::Smart).unwrap()
}

fn printed(n: u32) -> String {
    format!("\x1b[3{}mline {n} \x1b[1m한{}\x1b[0m end\r\n", n % 8, ["글", "국"][n as usize % 2])
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0_u32..1000, 1_usize..12).prop_map(|(n, count)| {
            Step::Print((0..count).map(|more| printed(n + u32::try_from(more).unwrap())).collect())
        }),
        2 => "[a-z 가-힣]{0,60}".prop_map(Step::Print),
        1 => Just(Step::Print("10 %\r20 %\r30 %\r\n".into())),
        1 => Just(Step::Print("\x1b[2J\x1b[H".into())),
        1 => (10_u16..30, 3_u16..9).prop_map(|(cols, rows)| Step::Resize(cols, rows)),
        2 => Just(Step::Time),
        2 => Just(Step::Cut),
        1 => Just(Step::Seal),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn finds_are_those_of_a_plain_look_wherever_it_is_cut(
        steps in prop::collection::vec(any_step(), 1..40),
        expression in prop::sample::select(vec!["line", "한글", "1", "d$", "[^x]", "한[국글]", "zz", "0 %"]),
    ) {
        let pattern = Pattern::new(expression, true, Case::Smart).unwrap();
        let cut = record(&steps, true);
        let whole = record(&steps, false);
        let mut expected = whole.plain(&pattern);
        expected.sort_unstable();
        let cache = LinesCache::default();
        for recording in [&whole, &cut, &cut] {
            let mut lines: Vec<String> =
                recording.search(&pattern, &cache).into_iter().map(|found| found.line.text).collect();
            lines.sort_unstable();
            prop_assert_eq!(&lines, &expected);
        }
        let times: Vec<u64> =
            cut.search(&pattern, &cache).iter().map(|found| found.line.unix_ms).collect();
        prop_assert!(times.is_sorted_by(|one, other| one >= other), "{:?}", times);
    }
}

fn many() -> Recording {
    let mut steps = Vec::new();
    for n in 0..40 {
        steps.push(Step::Print((n * 50..n * 50 + 50).map(printed).collect()));
        steps.push(Step::Time);
        if n % 10 == 9 {
            steps.extend([Step::Cut, Step::Seal]);
        }
    }
    record(&steps, true)
}

#[test]
fn the_newest_come_first_with_what_stands_around_them() {
    let recording = many();
    let query = Query { count: 3, context: 2, ..query(&literal("line 19")) };
    let found = found(&recording.dir, &query, &LinesCache::default());
    let texts: Vec<_> = found.iter().map(|found| &*found.line.text).collect();
    assert_eq!(texts, ["line 1999 한국 end", "line 1998 한글 end", "line 1997 한국 end"]);
    assert_eq!(found[1].before, ["line 1996 한글 end", "line 1997 한국 end"]);
    assert_eq!(found[1].after, ["line 1999 한국 end"]);
    assert_eq!(found[0].places, [(0, 7)]);
}

#[test]
fn files_of_lines_may_be_missing_cut_or_flipped() {
    let recording = many();
    let pattern = literal("line 7");
    let expected = recording.search(&pattern, &LinesCache::default());
    assert_eq!(expected.len(), 111);
    let path = recording.dir.join(lines_file_name(0));
    let whole = std::fs::read(&path).expect("a search has stored the lines");
    let mut damaged: Vec<Option<Vec<u8>>> = vec![None, Some(Vec::new())];
    for at in (0..whole.len()).step_by(61) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        damaged.push(Some(flipped));
        damaged.push(Some(whole[..at].to_vec()));
    }
    for bytes in damaged {
        match bytes {
            None => std::fs::remove_file(&path).unwrap(),
            Some(bytes) => std::fs::write(&path, bytes).unwrap(),
        }
        assert!(recording.search(&pattern, &LinesCache::default()) == expected);
    }
    // What nobody needed to read stays damaged; a pattern that needs it has it mended.
    recording.search(&literal("한"), &LinesCache::default());
    assert_eq!(std::fs::read(&path).unwrap(), whole);
}

#[test]
fn lines_of_another_recording_are_not_taken() {
    let (one, other) =
        (many(), record(&[Step::Print(printed(1).repeat(50)), Step::Cut, Step::Seal], true));
    one.search(&literal("line"), &LinesCache::default());
    std::fs::copy(one.dir.join(lines_file_name(0)), other.dir.join(lines_file_name(0))).unwrap();
    assert_eq!(other.search(&literal("line"), &LinesCache::default()).len(), 50);
}

#[test]
fn time_limits_what_is_looked_at_and_stopping_stops() {
    let recording = many();
    let all = recording.search(&literal("line"), &LinesCache::default());
    let since_ms = all[100].line.unix_ms;
    let query = Query { since_ms, ..query(&literal("line")) };
    let expected = all.iter().filter(|found| found.line.unix_ms >= since_ms).count();
    assert_eq!(found(&recording.dir, &query, &LinesCache::default()).len(), expected);
    let sought = [Sought { dir: recording.dir.clone(), size: SIZE }];
    let cache = LinesCache::default();
    let (why, _) = search(&sought, &query, &cache, &|| true, &mut |_, _| true);
    assert_eq!(why, Stop::Told);
    let (why, _) = search(&sought, &query, &cache, &|| false, &mut |_, _| false);
    assert_eq!(why, Stop::Told);
}
