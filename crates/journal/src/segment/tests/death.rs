//! A process that seals, trims and compacts, killed at every step it takes: whatever it leaves, all bytes are
//! there once, and the next one comes to the end that it would have come to.

use std::process::Command;

use super::*;

/// What the child does: seals everything, then trims to the newest file and one segment, and rewrites
/// the checkpoints.
fn everything(home: &Path) -> Result<()> {
    seal(home, 256)?;
    let (mut log, _) = CheckpointLog::open(home)?;
    let found = pieces(home)?.pieces;
    let last = found.len().saturating_sub(2);
    let keep = found[last..].iter().map(|piece| piece.bytes).sum();
    crate::trim(home, &mut log, crate::Budget::bytes(keep))?;
    log.compact(&pieces(home)?.pieces)
}

/// Not a test of its own: the process that dies.
#[test]
fn child() {
    if let Ok(home) = std::env::var("CCC_TEST_HOME") {
        everything(Path::new(&home)).unwrap();
    }
}

#[test]
fn a_process_that_dies_at_any_step_loses_and_doubles_nothing() {
    let mut steps = 0;
    for step in 0.. {
        let dir = recording(4, 700);
        let home = home(&dir);
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "segment::tests::death::child", "--test-threads=1"])
            .env("CCC_TEST_HOME", &home)
            .env("CCC_TEST_DIE_AT", step.to_string())
            .output()
            .unwrap();
        let died = !child.status.success();
        steps += usize::from(died);
        // What is left is a recording that is whole from where it begins.
        let (bytes, gaps) = read_all(&home);
        let first = pieces(&home).unwrap().first().0;
        assert_eq!(bytes, text(first, 2800 - first), "step {step}");
        assert!(gaps.iter().all(|gap| (gap.0, gap.1) == (0, first)), "step {step}: {gaps:?}");
        if first > 0 {
            let (mut log, _) = CheckpointLog::open(&home).unwrap();
            assert_eq!(log.at(Offset(first)).unwrap(), Some(state(first)), "step {step}");
        }
        // The next one goes on from there.
        everything(&home).unwrap();
        assert_eq!(read_all(&home).0, text(1400, 1400), "step {step}");
        let names: Vec<String> = fs::read_dir(&home)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("fresh"))
            .collect();
        assert_eq!(names, Vec::<String>::new(), "step {step}");
        let faults = verify(&home).unwrap().faults;
        assert!(matches!(faults[..], [crate::Fault::Unrecorded(_)]), "step {step}: {faults:?}");
        if !died {
            break;
        }
    }
    assert!(steps > 30, "{steps} steps");
}
