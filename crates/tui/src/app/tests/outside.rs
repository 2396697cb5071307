//! A terminal smaller than the tab: what lies outside is not drawn, whatever is done there.

use super::hints::showing;
use super::*;

fn bench(pane: u64, size: Size) -> Bench {
    let mut bench = Bench::new();
    let line = "see https://example.org/E0308";
    (1..=3).for_each(|pane| showing(&mut bench, pane, &[line; 9]));
    let keys = ["", "C-b Right", "C-b Right C-b Down"];
    bench.keys(keys[usize::try_from(pane).unwrap() - 1]);
    assert_eq!(bench.app.pane, PaneId(pane));
    bench.app.update(Event::Resized(size), &bench.mirrors, bench.now);
    bench
}

fn cursor(bench: &Bench) -> Option<(u16, u16)> {
    let cursor = view::draw(&bench.app, &bench.mirrors, &Moment::default()).cursor;
    cursor.map(|cursor| (cursor.col, cursor.row))
}

/// Somebody typed at a larger terminal meanwhile. Looking back in a pane that was out of sight then was a panic, and
/// with a part of it in sight the cursor stood in the bar.
#[test]
fn a_pane_out_of_sight_is_looked_back_at() {
    let mut bench = bench(3, Size { cols: 80, rows: 10 });
    bench.keys("C-b [");
    assert_eq!(cursor(&bench), None);
    bench.app.update(Event::Resized(Size { cols: 80, rows: 15 }), &bench.mirrors, bench.now);
    bench.keys("H");
    assert_eq!(cursor(&bench), Some((41, 12)));
    bench.keys("L");
    assert_eq!(cursor(&bench), None);
}

#[test]
fn every_view_of_every_pane_is_drawn_in_terminals_of_every_size() {
    let views = ["", "[", "/", "q", "y", "?", ":", "w", "i", "x", "&", ",", "f", "C-r", "z", "*"];
    let sides = [(1, 1), (2, 2), (3, 24), (40, 11), (41, 12), (42, 13), (80, 2), (90, 25)];
    for (cols, rows) in sides {
        for pane in 1..=3 {
            for keys in views {
                let mut bench = bench(pane, Size { cols, rows });
                bench.keys(&format!("C-b {keys}"));
                assert_eq!(bench.picture().lines().count(), usize::from(rows));
                let inside = cursor(&bench).is_none_or(|(x, y)| x < cols && y < rows);
                assert!(inside, "{keys} in {cols}x{rows}: {:?}", cursor(&bench));
            }
        }
    }
}
