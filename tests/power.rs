//! The power goes while programs print: what was on the disk by then is there, and it is all but the last
//! second.
//!
//! The cut is the kernel's own: an ext4 filesystem is shut down without writing its log, after everything
//! that runs on it was killed. Needs root; elsewhere it is said that nothing was tested.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ccc_journal::{BootId, Event, EventReader, EventWriter, Offset};
use ccc_testkit::{KitError, Result, Sandbox, file_names, installed};

/// Files small enough that a cut finds some being sealed and deleted.
const CONFIG: &str = "[recording]\nsegment_bytes = 262144\n";
const SOON: Duration = Duration::from_secs(60);
/// What a cut may take, as is promised, and what a busy machine may be late with that: its programs wait for a
/// processor, and a sync for those of others.
const LOST: Duration = Duration::from_millis(1000 + 2500);
/// Prints numbered lines with the time of each, some megabytes a second, and the same to a file where the
/// power stays on.
const WRITER: &str = r#"
import sys, time
truth = open(sys.argv[1], "ab", buffering=0)
number = 0
while True:
    lines = b""
    for _ in range(100):
        number += 1
        lines += b"%d %d %s\r\n" % (number, time.time_ns() // 1000000, b"x" * (number % 90))
    truth.write(lines)
    sys.stdout.buffer.write(lines)
    sys.stdout.buffer.flush()
    time.sleep(0.004)
"#;

/// An ext4 filesystem in a file.
struct Disk {
    image: PathBuf,
    at: PathBuf,
}

impl Disk {
    /// `None` where that cannot be, which is said.
    fn make(image: &Path, at: &Path) -> Result<Option<Self>> {
        File::create(image).and_then(|file| file.set_len(256 << 20)).map_err(io)?;
        if !succeeds(Command::new("mkfs.ext4").arg("-qF").arg(image)) {
            return Ok(skipped("no mkfs.ext4"));
        }
        let disk = Self { image: image.into(), at: at.into() };
        fs::create_dir(at).map_err(io)?;
        if !disk.mount() {
            return Ok(skipped("no right to mount a filesystem"));
        }
        fs::set_permissions(at, fs::Permissions::from_mode(0o700)).map_err(io)?;
        Ok(Some(disk))
    }

    fn mount(&self) -> bool {
        succeeds(Command::new("mount").args(["-o", "loop"]).arg(&self.image).arg(&self.at))
    }

    /// What was not written by now never is. Nothing may run on it: a process that is just being told that
    /// its bytes are on the disk would be told wrong.
    fn cut(&self) -> Result<()> {
        let script = "import fcntl, os, struct, sys\n\
                      fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";
        assert!(succeeds(Command::new("python3").args(["-c", script]).arg(&self.at)), "it is cut");
        assert!(succeeds(Command::new("umount").arg(&self.at)), "nobody uses it");
        // Mounted again before the loop device is gone, it would be the dead one.
        let until = Instant::now() + SOON;
        while in_a_loop(&self.image)? {
            assert!(Instant::now() < until, "the loop device stays");
            std::thread::yield_now();
        }
        assert!(self.mount(), "it mounts again");
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because what was just ended may still have files open there.
        succeeds(Command::new("umount").arg("-l").arg(&self.at));
    }
}

#[expect(clippy::print_stdout, reason = "what was not tested is said")]
fn skipped<T>(why: &str) -> Option<T> {
    println!("SKIPPED: {why}");
    None
}

/// Whether a loop device still has the file.
fn in_a_loop(image: &Path) -> Result<bool> {
    let output = Command::new("losetup").arg("-j").arg(image).output().map_err(io)?;
    Ok(!output.stdout.is_empty())
}

fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn io(source: std::io::Error) -> KitError {
    KitError::Io { what: "cut the power".into(), source }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Has the events of a recording say that it was written before this boot, as those of a machine do whose power
/// went.
fn in_another_boot(dir: &Path) -> Result<()> {
    let journal = |error: ccc_journal::Error| io(std::io::Error::other(error));
    let mut offset = Offset::ZERO;
    let mut events = EventReader::open(dir).map_err(journal)?;
    while let Ok(Some(event)) = events.next_event() {
        offset = event.offset();
    }
    // Opened by a writer, its torn end is cut.
    let (mut events, _) = EventWriter::open(dir).map_err(journal)?;
    let (mono_ns, boot_id) = (1, BootId([7; 16]));
    events.append(&Event::Adopted { offset, mono_ns, boot_id }).map_err(journal)?;
    events.sync().map_err(journal)
}

/// When the last line that is whole was printed.
fn last_printed(bytes: &[u8]) -> Duration {
    let text = String::from_utf8_lossy(bytes);
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let time = whole.lines().last().and_then(|line| line.split(' ').nth(1));
    Duration::from_millis(time.and_then(|ms| ms.parse().ok()).unwrap_or(0))
}

/// Follows what is kept through what was printed: every byte was, in this order. Gives how much there is before
/// the first hole; else where that ends to be so. Of two files that were not on the disk yet, the later one
/// may come there first.
fn follow(kept: &[u8], printed: &[u8]) -> std::result::Result<usize, usize> {
    let (mut at, mut from, mut whole) = (0, 0, None);
    loop {
        let same = kept[at..].iter().zip(&printed[from..]).take_while(|(a, b)| a == b).count();
        (at, from) = (at + same, from + same);
        whole = whole.or(Some(at));
        if at == kept.len() {
            return Ok(whole.unwrap_or(0));
        }
        // Longer than any two lines, of which each has a number of its own.
        let next = &kept[at..kept.len().min(at + 256)];
        let hole = printed[from..].windows(next.len()).position(|place| place == next);
        from += hole.filter(|hole| *hole > 0).ok_or(at)?;
    }
}

/// A recording that a cut was survived by.
struct Survivor {
    dir: PathBuf,
    bytes: Vec<u8>,
}

#[test]
fn a_power_cut_takes_the_last_second_at_most() -> Result<()> {
    if !installed("python3") || !installed("losetup") {
        return Ok(());
    }
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure(CONFIG)?;
    let image = sandbox.home().join("image");
    let Some(disk) = Disk::make(&image, &sandbox.state())? else { return Ok(()) };
    fs::write(sandbox.user_home().join("writer.py"), WRITER).map_err(io)?;
    let cuts = std::env::var("CCC_CUTS").ok().and_then(|cuts| cuts.parse().ok()).unwrap_or(3);
    let mut survivors: Vec<Survivor> = Vec::new();
    for cut in 0..cuts {
        let truth = sandbox.user_home().join(format!("truth-{cut}"));
        let script = format!("stty -opost; exec python3 writer.py {}", truth.display());
        let session = format!("work-{cut}");
        let before = recordings(&sandbox);
        sandbox.ok(&["new", "-d", "-n", &session, "--", "/bin/sh", "-c", &script])?;
        let after = recordings(&sandbox).into_iter();
        let dir = { after }.find(|dir| !before.contains(dir)).expect("a new recording");
        // Another place in the work of sealing each time, and later than what may be lost: five seconds at least.
        let line = 125_000 + 3_333 * (cut % 10);
        sandbox.ok(&["wait", &session, "--match", &format!("^{line} "), "--timeout", "120s"])?;
        let went = now();
        sandbox.end()?;
        disk.cut()?;
        // It is the same kernel that comes up again, and says so.
        in_another_boot(&dir)?;

        // A server settles what the cut left, and takes all of them up.
        sandbox.ok(&["new", "-d", "-n", &format!("after-{cut}"), "--", "cat"])?;
        let verified = sandbox.run(&["rec", "verify", "--json"])?;
        assert_eq!(verified.code, Some(0), "{}{}", verified.stdout, verified.stderr);

        let truth = fs::read(truth).map_err(io)?;
        let kept = sandbox.bytes(&["export", "--raw", &dir.to_string_lossy()])?;
        let whole = follow(&kept, &truth).unwrap_or_else(|at| {
            let end = kept.len().min(at + 40);
            panic!(
                "{session}: kept at {at} and never printed: {:?}",
                String::from_utf8_lossy(&kept[at..end])
            );
        });
        let lost = went.saturating_sub(last_printed(&kept[..whole]));
        println!(
            "cut {cut}: {} of {} bytes are there, {whole} without a hole, {} segments; {lost:.2?} are lost",
            kept.len(),
            truth.len(),
            file_names(&dir, ".seg").len()
        );
        assert!(lost < LOST, "{session}: the last {lost:.2?} are lost");
        for old in &survivors {
            let again = sandbox.bytes(&["export", "--raw", &old.dir.to_string_lossy()])?;
            assert!(again == old.bytes, "{} is another one", old.dir.display());
        }
        survivors.push(Survivor { dir, bytes: kept });
    }
    let listed = sandbox.json(&["rec", "ls", "--json"])?;
    let listed = listed["recordings"].as_array().into_iter().flatten();
    let works =
        listed.filter(|one| one["session"].as_str().is_some_and(|s| s.starts_with("work-")));
    assert_eq!(works.count(), survivors.len());
    sandbox.end()
}

fn recordings(sandbox: &Sandbox) -> Vec<PathBuf> {
    let entries = fs::read_dir(sandbox.state().join("panes")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
