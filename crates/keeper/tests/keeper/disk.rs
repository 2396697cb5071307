//! Disks that are full, or take nothing for a while.
//!
//! Both need a filesystem of their own under one pane, so these cases need the right to mount one;
//! without it they say that they did not run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ccc_journal::ExitStatus;
use ccc_keeper::CustodySet;
use ccc_keeper::protocol::{Notice, PaneState, Request, Response, Wait};

use crate::world::{World, own, sh, type_into, ulid};
use crate::{Case, flood};

pub(crate) const CASES: &[Case] = &[
    ("disk::a_full_disk_holds_the_program_and_goes_on", a_full_disk_holds_the_program),
    ("disk::a_full_disk_survives_the_keeper", a_full_disk_survives_the_keeper),
    ("disk::a_stuck_flood_leaves_quiet_panes_fast", a_stuck_flood_leaves_quiet_panes_fast),
];

fn a_full_disk_holds_the_program() {
    let mut world = World::new();
    let pane = ulid(1);
    let Some(disk) = Disk::tmpfs(&world.pane_dir(pane), "512k") else { return };
    let set = world.open(pane, &own(&["flood"]));
    state(&mut world, PaneState::Waiting(Wait::DiskFull));
    let status = world.status();
    assert_eq!((status.waiting, status.panes), (1, 1));
    // Another pane on another disk does not notice.
    let other = ulid(2);
    let quiet = world.open(other, &sh("echo fine; read line"));
    world.wait_text(&quiet, "fine");
    // It goes on by itself when there is room, without having been told.
    disk.resize("64m");
    state(&mut world, PaneState::Moving);
    type_into(&set, b"q");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    assert!(flood::check(&world.journal(pane)) > 8192);
    assert!(matches!(world.call(&Request::Close { ulid: pane }), Ok(Response::Done)));
}

fn a_full_disk_survives_the_keeper() {
    let mut world = World::new();
    let pane = ulid(1);
    let Some(disk) = Disk::tmpfs(&world.pane_dir(pane), "512k") else { return };
    let set = world.open(pane, &own(&["flood"]));
    state(&mut world, PaneState::Waiting(Wait::DiskFull));
    world.full_custody();
    // Now there are bytes in the pipe that the successor must write first.
    world.kill_keeper();
    world.reconnect();
    type_into(&set, b"q");
    disk.resize("64m");
    assert!(matches!(world.call(&Request::Poke { ulid: pane }), Ok(Response::Done)));
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    flood::check(&world.journal(pane));
    assert!(matches!(world.call(&Request::Close { ulid: pane }), Ok(Response::Done)));
}

/// A frozen filesystem stops whoever writes to it inside the kernel, as a disk does that has too
/// much to do. No seam in the keeper could show that: it must be the very call that hangs.
fn a_stuck_flood_leaves_quiet_panes_fast() {
    let mut world = World::new();
    let (pane, other) = (ulid(1), ulid(2));
    let image = world.state().join("image");
    let Some(disk) = Disk::ext4(&image, &world.pane_dir(pane)) else { return };
    let quiet = world.open(other, &sh("while read line; do echo got $line; done"));
    let flooding = world.open(pane, &own(&["flood"]));
    world.status_until("a flood", |status| status.flooding == 1);
    let (before, _) = echoes(&world, &quiet, "free", 50);
    let frozen = disk.freeze();
    let held = world.journal_len(pane);
    let (median, slowest) = echoes(&world, &quiet, "stuck", 200);
    println!(
        "    200 echoes beside a stuck flood: median {median:.2?}, slowest {slowest:.2?}; before {before:.2?}"
    );
    // A loaded machine is slow itself, which shows before; whoever waits for the disk waits until it is thawed.
    assert!(median < Duration::from_millis(50) + 4 * before, "{median:?}, before {before:?}");
    assert!(slowest < Duration::from_secs(20), "{slowest:?}");
    // Requests to other panes are answered, too.
    let size = ccc_journal::Size { cols: 90, rows: 20 };
    let resized = world.call(&Request::Resize { ulid: other, size });
    assert!(matches!(resized, Ok(Response::Resized { .. })), "{resized:?}");
    assert_eq!(world.journal_len(pane), held, "the flood was stuck all the time");
    drop(frozen);
    world.wait_journal(&flooding, "progress", |world| world.journal_len(pane) > held);
    type_into(&flooding, b"q");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    flood::check(&world.journal(pane));
    assert!(matches!(world.call(&Request::Close { ulid: pane }), Ok(Response::Done)));
}

/// What it takes until something typed is answered: the median and the slowest of so many.
fn echoes(world: &World, set: &CustodySet, name: &str, count: usize) -> (Duration, Duration) {
    let mut took: Vec<Duration> = (0..count)
        .map(|round| {
            let began = Instant::now();
            type_into(set, format!("{name}{round}\n").as_bytes());
            world.wait_text(set, &format!("got {name}{round}\r\n"));
            began.elapsed()
        })
        .collect();
    took.sort_unstable();
    (took[count / 2], took[count - 1])
}

fn state(world: &mut World, wanted: PaneState) {
    world.notice("a state", |notice| match notice {
        Notice::State { state, .. } if *state == wanted => Some(()),
        _ => None,
    });
}

/// A filesystem mounted where a pane's files will be.
struct Disk {
    path: PathBuf,
}

impl Disk {
    fn tmpfs(path: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(path).expect("a directory");
        let option = format!("size={size},mode=0700");
        let words = ["-t", "tmpfs", "-o", option.as_str(), "ccc-test"].map(OsStr::new);
        Self::mount(path, &[&words[..], &[path.as_os_str()]].concat())
    }

    fn ext4(image: &Path, path: &Path) -> Option<Self> {
        std::fs::create_dir_all(path).expect("a directory");
        std::fs::File::create(image).expect("a file").set_len(256 << 20).expect("a sparse file");
        if !succeeds(Command::new("mkfs.ext4").arg("-qF").arg(image)) {
            println!("    NOT RUN: no mkfs.ext4");
            return None;
        }
        let words = ["-o", "loop"].map(OsStr::new);
        let disk =
            Self::mount(path, &[&words[..], &[image.as_os_str(), path.as_os_str()]].concat());
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        disk.inspect(|_| std::fs::set_permissions(path, mode).expect("our own directory"))
    }

    fn mount(path: &Path, arguments: &[&OsStr]) -> Option<Self> {
        if succeeds(Command::new("mount").args(arguments)) {
            return Some(Self { path: path.to_owned() });
        }
        println!("    NOT RUN: no right to mount a filesystem");
        None
    }

    fn resize(&self, size: &str) {
        let option = format!("remount,size={size}");
        assert!(succeeds(Command::new("mount").arg("-o").arg(option).arg(&self.path)));
    }

    fn freeze(&self) -> Frozen<'_> {
        assert!(succeeds(Command::new("fsfreeze").arg("-f").arg(&self.path)));
        Frozen { disk: self }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because a failed case may still have files open there.
        succeeds(Command::new("umount").arg("-l").arg(&self.path));
    }
}

struct Frozen<'a> {
    disk: &'a Disk,
}

impl Drop for Frozen<'_> {
    fn drop(&mut self) {
        succeeds(Command::new("fsfreeze").arg("-u").arg(&self.disk.path));
    }
}

fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
