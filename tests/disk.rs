//! A disk that is full, seen by whoever looks at the pane: it waits, says so, and goes on by itself.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ccc_testkit::{KitError, Result, Sandbox, Size};

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

/// A small filesystem in memory.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// `None` where nothing may be mounted, which is said.
    #[expect(clippy::print_stdout, reason = "what was not tested is said")]
    fn mount() -> Result<Option<Self>> {
        let folder = tempfile::tempdir().map_err(io)?;
        let words = ["-t", "tmpfs", "-o", "size=24m,mode=0700", "ccc-test"];
        let mounted = Command::new("mount").args(words).arg(folder.path()).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Ok(Some(Self { folder }));
        }
        println!("SKIPPED: no right to mount a filesystem");
        Ok(None)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room there is.
    fn fill(&self) -> Result<PathBuf> {
        let path = self.path().join("filler");
        let mut file = File::create(&path).map_err(io)?;
        loop {
            match file.write(&[b'x'; 4096]) {
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::StorageFull => return Ok(path),
                Err(error) => return Err(io(error)),
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because what was just ended may still have files open there.
        let _unmounted = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

fn io(source: std::io::Error) -> KitError {
    KitError::Io { what: "prepare a disk".into(), source }
}

#[test]
fn a_pane_waits_for_room_and_says_so() -> Result<()> {
    let Some(disk) = Disk::mount()? else { return Ok(()) };
    let sandbox = Sandbox::within(disk.path(), env!("CARGO_BIN_EXE_ccc"))?;
    let script = "stty -echo; while read n; do seq 1 $n; echo all-$n; done";
    sandbox.ok(&["new", "-d", "-n", "work", "--size", "80x23", "--", "/bin/sh", "-c", script])?;
    let terminal = sandbox.attach(SIZE, &["work"])?;
    terminal.wait_text("[work]", SOON)?;
    terminal.type_keys("10<ret>")?;
    terminal.wait_text("all-10", SOON)?;

    let filler = disk.fill()?;
    terminal.type_keys("50000<ret>")?;
    terminal.wait_text("the disk is full", SOON)?;
    assert!(!terminal.text().contains("all-50000"), "{}", terminal.text());
    // Whoever comes now is told the same, and can leave.
    let state = sandbox.json(&["pane", "ls", "work", "--json"])?;
    assert_eq!(state["panes"][0]["state"], "waiting-for-disk", "{state}");

    fs::remove_file(filler).map_err(io)?;
    terminal.wait_text("all-50000", SOON)?;
    terminal.wait_for("nothing about the disk", SOON, |screen| {
        !ccc_testkit::text(screen).contains("the disk is full")
    })?;
    let lines = |n: u32| (1..=n).map(|number| format!("{number}\r\n")).collect::<String>();
    let expected = format!("{}all-10\r\n{}all-50000\r\n", lines(10), lines(50_000));
    let bytes = sandbox.bytes(&["export", "--raw", "work"])?;
    assert_eq!(String::from_utf8_lossy(&bytes), expected);
    Ok(())
}
