//! Going to a moment of a recording shows what playing it up to there shows. Owns the moments: by chance,
//! half of them in time and half in what was printed, where programs that print all at once have most.

use std::path::Path;
use std::time::{Duration, Instant};

use ccc_journal::Offset;
use ccc_play::{Fold, Opened, Replay, TURN_BYTES, Timeline};
use ccc_testkit::{KitError, Random, Result, Sandbox};
use ccc_vt::{Limits, Size};

/// Of a screen that nothing is known of.
const SIZE: Size = Size::new(80, 24);
/// Says how many moments are looked at.
const MOMENTS: &str = "CCC_MOMENTS";
/// When nobody says.
const FEW: usize = 60;

/// How far it was found to be so.
struct Exact {
    moments: usize,
    bytes: u64,
    took: Duration,
}

/// Looks at the only recording of a sandbox.
#[expect(
    clippy::print_stdout,
    reason = "what was found is of use where more moments are asked for"
)]
pub(super) fn replays(sandbox: &Sandbox) -> Result<()> {
    let found = compare(&sandbox.recording()?)?;
    println!("{} moments of {} bytes, in {:.1?}", found.moments, found.bytes, found.took);
    Ok(())
}

fn compare(dir: &Path) -> Result<Exact> {
    let began = Instant::now();
    let broken =
        |error: ccc_journal::Error| unexpected("the recording cannot be read", error.to_string());
    let line = Timeline::read(dir).map_err(broken)?;
    let end = line.end();
    let wanted = std::env::var(MOMENTS).ok().and_then(|count| count.parse().ok()).unwrap_or(FEW);
    let mut random = Random::new(end.offset.0);
    let mut moments: Vec<Offset> = (0..wanted)
        .map(|moment| match moment % 2 {
            0 => line.offset_at(end.at.mul_f64(random.share())),
            _ => Offset((end.offset.0 as f64 * random.share()) as u64),
        })
        .collect();
    moments.sort_unstable();

    let played = Fold::open(dir, Offset::ZERO, SIZE, Limits::default()).map_err(broken)?;
    let Opened { mut fold, mut screen, .. } = played;
    assert_eq!(fold.offset(), Offset::ZERO, "played from the beginning");
    let mut buffer = vec![0; TURN_BYTES];
    for at in &moments {
        while fold.turn_until(*at, &mut screen, &mut buffer).map_err(broken)?.more {
            screen.take_notices();
            screen.take_replies();
        }
        screen.take_notices();
        screen.take_replies();
        let mut sought = Replay::new(dir, SIZE, Limits::default());
        let (shown, stands) = sought.show(*at).map_err(broken)?;
        assert_eq!(stands, fold.offset(), "where one stands at {}", at.0);
        assert!(
            shown.checkpoint() == screen.checkpoint(),
            "the screen at {} of {}",
            at.0,
            end.offset.0
        );
    }
    Ok(Exact { moments: moments.len(), bytes: end.offset.0, took: began.elapsed() })
}

fn unexpected(what: &str, told: String) -> KitError {
    KitError::Unexpected { what: what.into(), told }
}
