//! Files between two machines, each a sandbox: up and down, what an interruption leaves, who may, and that keys do
//! not wait for them.

#[path = "copy/cut.rs"]
mod cut;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ccc_testkit::{Disk, KitError, Network, Output, Result, Sandbox, Size, Terminal, Weather};

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);
const MEBIBYTE: usize = 1 << 20;
/// A file whose copy is interrupted: every one of its bytes is hashed at both ends by a program that is not optimized.
const BIG: usize = 8 * MEBIBYTE;

/// A server, and another machine that was invited to it under the name `box`, over a network.
struct Pair {
    server: Sandbox,
    client: Sandbox,
    network: Network,
}

impl Pair {
    fn new(invite: &[&str]) -> Result<Self> {
        let ccc = env!("CARGO_BIN_EXE_ccc");
        let (server, client) = (Sandbox::new(ccc)?, Sandbox::new(ccc)?);
        let script = "stty -echo; echo up; exec cat";
        server.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
        server.ok(&["wait", "work", "--match", "^up$", "--timeout", "60s"])?;
        let link = server.ok(&[&["invite"], invite].concat())?;
        let pairing = client.ccc(&["pair", "-", "--name", "box"]);
        let paired = client.run_program(&pairing, link.as_bytes())?;
        assert_eq!(paired.code, Some(0), "{paired:?}");
        let hosts = client.json(&["hosts", "ls", "--json"])?;
        let address = hosts["hosts"][0]["addresses"][0].as_str().unwrap_or_default();
        let network = Network::to(address.parse().expect("an address"), Weather::default(), 7)?;
        client.ok(&["hosts", "add", "box", &network.address().to_string()])?;
        Ok(Self { server, client, network })
    }

    fn there(&self, name: &str) -> PathBuf {
        self.server.user_home().join(name)
    }

    fn here(&self, name: &str) -> PathBuf {
        self.client.user_home().join(name)
    }

    /// The entries of the audit about copies, as path and detail.
    fn copies(&self) -> Result<Vec<(String, String)>> {
        let told = self.server.json(&["audit", "query", "--what", "copy", "--json"])?;
        let text = |entry: &serde_json::Value, field: &str| {
            entry[field].as_str().unwrap_or_default().to_owned()
        };
        let entries = told["entries"].as_array().cloned().unwrap_or_default();
        Ok(entries.iter().map(|entry| (text(entry, "about"), text(entry, "detail"))).collect())
    }
}

/// Bytes in which no two places look alike.
fn bytes(count: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(count + 8);
    let mut number: u64 = 1;
    while bytes.len() < count {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.extend((number ^ number >> 29).to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, bytes).map_err(KitError::io(format!("write {}", path.display())))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(KitError::io(format!("read {}", path.display())))
}

fn failed(output: &Output, code: i32, words: &str) {
    assert_eq!(output.code, Some(code), "{output:?}");
    assert!(output.stderr.contains(words), "{output:?}");
}

/// What is in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A copy in a terminal, killed when it has said how far it is.
fn interrupted(pair: &Pair, args: &[&str]) -> Result<()> {
    let words: Vec<&str> = std::iter::once("cp").chain(args.iter().copied()).collect();
    let copying = Terminal::start(&pair.client.ccc(&words), SIZE)?;
    copying.wait_for("a quarter of it", SOON, |screen| {
        let text = ccc_testkit::text(screen);
        let percent = text
            .split_once(" % of 8 MiB")
            .and_then(|(before, _)| before.rsplit(' ').next()?.parse::<u32>().ok());
        percent.is_some_and(|percent| percent >= 25)
    })?;
    copying.process().kill();
    copying.process().wait_end(SOON)
}

/// Slow enough that a copy of 8 MiB, which takes three seconds, is caught in the middle.
const SLOW: Weather = Weather {
    delay: Duration::from_millis(1),
    jitter: Duration::ZERO,
    loss: 0.0,
    burst: 1.0,
    doubled: 0.0,
    unordered: false,
    rate: Some(20_000_000),
    largest: 65_536,
    down: false,
};

#[test]
fn files_go_up_and_down_under_the_names_that_were_meant() -> Result<()> {
    let pair = Pair::new(&[])?;
    let (a, b) = (bytes(3 * MEBIBYTE + 17), bytes(5));
    write(&pair.here("a"), &a)?;
    write(&pair.here("b c"), &b)?;
    write(&pair.here("x:y"), "colon")?;
    fs::set_permissions(pair.here("b c"), fs::Permissions::from_mode(0o640)).unwrap();
    let ok = |args: &[&str]| pair.client.ok(&[&["cp"], args].concat());
    ok(&["a", "box:"])?;
    ok(&["a", "box:other"])?;
    fs::create_dir(pair.there("folder")).unwrap();
    ok(&["-p", "a", "b c", "./x:y", "box:folder"])?;
    assert!(read(&pair.there("a"))? == a && read(&pair.there("other"))? == a);
    assert_eq!(names(&pair.there("folder")), ["a", "b c", "x:y"]);
    let (old, new) = (fs::metadata(pair.here("b c")), fs::metadata(pair.there("folder/b c")));
    let (old, new) = (old.unwrap(), new.unwrap());
    assert_eq!(new.mode() & 0o7777, 0o640);
    assert_eq!((old.mtime(), old.mtime_nsec()), (new.mtime(), new.mtime_nsec()));
    // An existing file is replaced, and a link under the name is neither followed nor replaced.
    write(&pair.here("a"), "new")?;
    ok(&["a", "box:other"])?;
    assert_eq!(read(&pair.there("other"))?, b"new");
    symlink(pair.there("elsewhere"), pair.there("link")).unwrap();
    let refused = pair.client.run(&["cp", "a", "box:link"])?;
    failed(&refused, 2, "is a symbolic link, which is not followed");
    assert!(!pair.there("elsewhere").exists());
    // And back.
    fs::create_dir(pair.here("down")).unwrap();
    ok(&["box:folder/a", "box:folder/b c", "down"])?;
    ok(&["box:folder/x:y", "down/z"])?;
    assert_eq!(names(&pair.here("down")), ["a", "b c", "z"]);
    assert!(read(&pair.here("down/a"))? == a);
    assert_eq!(fs::metadata(pair.here("down/b c")).unwrap().mode() & 0o7777, 0o640);
    // As a stream, both ways, and on the server of this machine.
    let piped = pair.client.ccc(&["cp", "-", "box:piped"]);
    assert_eq!(pair.client.run_program(&piped, &a)?.code, Some(0));
    assert!(pair.client.bytes(&["cp", "box:piped", "-"])? == a);
    assert_eq!(pair.server.ok(&["cp", ":folder/x:y", "-"])?, "colon");
    let json = pair.client.json(&["cp", "--json", "b c", "box:"])?;
    assert_eq!((&json["files"], &json["bytes"]), (&1.into(), &5.into()));
    // What makes no sense is said.
    let run = |args: &[&str]| pair.client.run(&[&["cp"], args].concat());
    failed(&run(&["a", "b c"])?, 2, "neither side is on a host");
    failed(&run(&["box:a", "box:b"])?, 2, "one side has to be on this machine");
    failed(&run(&["a", "bix:"])?, 3, "the nearest is \"box\"");
    failed(&run(&["a", "b c", "box:other"])?, 2, "other is no folder there");
    failed(&run(&["missing", "box:"])?, 1, "missing cannot be used");
    failed(&run(&["box:missing", "."])?, 3, "No such file");
    failed(&run(&["down", "box:"])?, 1, "it is a folder; copy it with -r");
    failed(&run(&["box:folder", "."])?, 2, "is a folder, and only regular files are copied");
    failed(&run(&["box:/dev/null", "."])?, 2, "is a device, and only regular files are copied");
    // One that fails does not keep the others.
    let some = run(&["box:missing", "box:piped", "box:a", "down"])?;
    failed(&some, 1, "1 of 3 were not copied");
    assert!(pair.here("down/piped").exists() && !pair.here("down/missing").exists());
    let left: Vec<String> = names(&pair.client.user_home());
    assert!(left.iter().all(|name| !name.contains("ccc-part")), "{left:?}");
    Ok(())
}

#[test]
fn folders_are_copied_with_what_is_in_them_and_links_are_left_out() -> Result<()> {
    let pair = Pair::new(&[])?;
    let tree = pair.here("tree");
    fs::create_dir_all(tree.join("deep/er")).unwrap();
    write(&tree.join("deep/er/file"), bytes(70_000))?;
    write(&tree.join("empty"), "")?;
    fs::create_dir(tree.join("closed")).unwrap();
    write(&tree.join("closed/in"), "it")?;
    fs::set_permissions(tree.join("closed"), fs::Permissions::from_mode(0o555)).unwrap();
    symlink("/etc", tree.join("out")).unwrap();
    let up = pair.client.run(&["cp", "-rp", "tree", "box:"])?;
    assert_eq!(up.code, Some(0), "{up:?}");
    assert!(up.stderr.contains("note: left out tree/out: it is a symbolic link"), "{up:?}");
    assert_eq!(names(&pair.there("tree")), ["closed", "deep", "empty"]);
    assert!(read(&pair.there("tree/deep/er/file"))? == bytes(70_000));
    let meta = |path: &Path| fs::metadata(path).unwrap();
    let same = |one: &Path, other: &Path| {
        let (one, other) = (meta(one), meta(other));
        assert_eq!(one.mode(), other.mode());
        assert_eq!((one.mtime(), one.mtime_nsec()), (other.mtime(), other.mtime_nsec()));
    };
    for name in ["tree/closed", "tree/deep", "tree/deep/er", "tree/empty"] {
        same(&pair.here(name), &pair.there(name));
    }
    // Into a folder that is there it goes as a folder; to a new name it is that.
    symlink("/etc", pair.there("tree/out")).unwrap();
    fs::create_dir(pair.here("back")).unwrap();
    let down = pair.client.run(&["cp", "-rp", "box:tree", "back"])?;
    assert_eq!(down.code, Some(0), "{down:?}");
    assert!(down.stderr.contains("note: left out tree/out: it is a symbolic link"), "{down:?}");
    pair.client.ok(&["cp", "-r", "box:tree", "renamed"])?;
    for root in ["back/tree", "renamed"] {
        assert_eq!(names(&pair.here(root)), ["closed", "deep", "empty"]);
        assert_eq!(read(&pair.here(root).join("closed/in"))?, b"it");
    }
    same(&pair.here("back/tree/closed"), &pair.there("tree/closed"));
    same(&pair.here("back/tree/deep/er"), &pair.there("tree/deep/er"));
    // Nothing is written below a folder that cannot be made, and all else is.
    fs::create_dir(pair.there("blocked")).unwrap();
    write(&pair.there("blocked/deep"), "a file")?;
    fs::create_dir(pair.here("blocked")).unwrap();
    fs::rename(&tree, pair.here("blocked/tree")).unwrap();
    fs::rename(pair.here("blocked/tree/deep"), pair.here("blocked/deep")).unwrap();
    let blocked = pair.client.run(&["cp", "-r", "blocked", "box:"])?;
    failed(&blocked, 1, "copy blocked/deep: make ");
    assert!(blocked.stderr.contains("1 of 3 were not copied"), "{blocked:?}");
    assert!(!blocked.stderr.contains("deep/er"), "{blocked:?}");
    assert_eq!(read(&pair.there("blocked/deep"))?, b"a file");
    assert_eq!(names(&pair.there("blocked/tree")), ["closed", "empty"]);
    // A link here in place of a folder there would lead what comes elsewhere.
    fs::remove_dir_all(pair.here("renamed/deep")).unwrap();
    symlink(pair.client.home(), pair.here("renamed/deep")).unwrap();
    fs::create_dir(pair.client.home().join("er")).unwrap();
    fs::rename(pair.here("renamed"), pair.here("back/tree2")).unwrap();
    fs::rename(pair.there("tree"), pair.there("tree2")).unwrap();
    let down = pair.client.run(&["cp", "-r", "box:tree2", "back"])?;
    assert!(down.stderr.contains("a symbolic link is there in its place"), "{down:?}");
    assert_eq!(names(&pair.client.home().join("er")), Vec::<String>::new());
    Ok(())
}

#[test]
fn a_copy_that_was_interrupted_goes_on_where_it_was() -> Result<()> {
    let pair = Pair::new(&[])?;
    let big = bytes(BIG);
    write(&pair.here("big"), &big)?;
    write(&pair.there("large"), &big)?;
    pair.network.set(SLOW);
    // Each way has a link of its own.
    std::thread::scope(|scope| {
        let down = scope.spawn(|| interrupted(&pair, &["box:large", "down"]));
        interrupted(&pair, &["big", "box:"])?;
        down.join().expect("it does not panic")
    })?;
    let kept = fs::metadata(pair.there("big.ccc-part")).unwrap().len();
    assert!(kept > 0 && !pair.there("big").exists(), "{kept} bytes");
    pair.network.set(Weather::default());
    let before = pair.network.passed().up_bytes;
    // The server still waits for the one that was killed; this one takes its place.
    pair.client.ok(&["cp", "big", "box:"])?;
    let sent = pair.network.passed().up_bytes - before;
    assert!(read(&pair.there("big"))? == big);
    assert!(sent < big.len() as u64 - kept / 2, "{sent} bytes, {kept} were there");
    assert_eq!(names(&pair.server.user_home()), [".profile", "big", "large"]);
    // The other way.
    let kept = fs::metadata(pair.here("down.ccc-part")).unwrap().len();
    assert!(kept > 0 && !pair.here("down").exists(), "{kept} bytes");
    let before = pair.network.passed().down_bytes;
    pair.client.ok(&["cp", "box:large", "down"])?;
    let sent = pair.network.passed().down_bytes - before;
    assert!(read(&pair.here("down"))? == big);
    assert!(sent < big.len() as u64 - kept / 2, "{sent} bytes, {kept} were there");
    Ok(())
}

#[test]
fn a_source_that_changed_meanwhile_is_copied_anew() -> Result<()> {
    let pair = Pair::new(&[])?;
    let mut big = bytes(BIG);
    write(&pair.here("big"), &big)?;
    pair.network.set(SLOW);
    interrupted(&pair, &["big", "box:"])?;
    interrupted(&pair, &["big", "box:"])?;
    assert!(fs::metadata(pair.there("big.ccc-part")).unwrap().len() > 0);
    pair.network.set(Weather::default());
    big[5] ^= 1;
    write(&pair.here("big"), &big)?;
    let before = pair.network.passed().up_bytes;
    pair.client.ok(&["cp", "big", "box:"])?;
    assert!(read(&pair.there("big"))? == big);
    assert!(pair.network.passed().up_bytes - before > big.len() as u64);
    // Down as well, and when it is shorter than what was kept.
    write(&pair.here("down.ccc-part"), &big[..MEBIBYTE])?;
    write(&pair.there("big"), "short")?;
    pair.client.ok(&["cp", "box:big", "down"])?;
    assert_eq!(read(&pair.here("down"))?, b"short");
    Ok(())
}

#[test]
fn a_full_disk_is_said_and_the_copy_goes_on_when_there_is_room() -> Result<()> {
    let Some(disk) = Disk::mount(12)? else { return Ok(()) };
    let pair = Pair::new(&[])?;
    let big = bytes(BIG);
    write(&pair.here("big"), &big)?;
    write(&disk.path().join("other"), bytes(6 * MEBIBYTE))?;
    let target = format!("box:{}/big", disk.path().display());
    let full = pair.client.run(&["cp", "big", &target])?;
    failed(&full, 1, "the disk is full");
    assert!(full.stderr.contains("hint: make room there and copy again"), "{full:?}");
    assert_eq!(names(disk.path()), ["big.ccc-part", "other"]);
    let kept = fs::metadata(disk.path().join("big.ccc-part")).unwrap().len();
    assert!(kept > 4 * MEBIBYTE as u64, "{kept} bytes");
    fs::remove_file(disk.path().join("other")).unwrap();
    let before = pair.network.passed().up_bytes;
    pair.client.ok(&["cp", "big", &target])?;
    assert!(pair.network.passed().up_bytes - before < 6 * MEBIBYTE as u64);
    assert!(read(&disk.path().join("big"))? == big);
    // The disk of this machine.
    fs::remove_file(disk.path().join("big")).unwrap();
    disk.fill()?;
    write(&pair.there("big"), &big)?;
    let full = pair.client.run(&["cp", "box:big", &disk.path().display().to_string()])?;
    failed(&full, 1, "the disk is full");
    assert!(full.stderr.contains("hint: make room and copy again"), "{full:?}");
    Ok(())
}

#[test]
fn who_may_not_run_programs_everywhere_copies_nothing() -> Result<()> {
    for (invite, who) in [
        (&["--role", "viewer", "--all"][..], "the role viewer may not copy files"),
        (&["--session", "work"][..], "the role operator in some sessions may not copy files"),
    ] {
        let pair = Pair::new(invite)?;
        write(&pair.here("a"), "mine")?;
        write(&pair.there("secret"), "theirs")?;
        fs::create_dir(pair.here("tree")).unwrap();
        for args in [
            &["a", "box:"][..],
            &["a", "box:a"],
            &["-r", "tree", "box:"],
            &["box:secret", "-"],
            &["-r", "box:", "down"],
            &["-", "box:piped"],
        ] {
            let refused = pair.client.run(&[&["cp"], args].concat())?;
            failed(&refused, 4, who);
            assert_eq!(refused.stdout, "");
        }
        assert_eq!(names(&pair.server.user_home()), [".profile", "secret"]);
        let denied = pair.server.json(&["audit", "query", "--denied", "--json"])?;
        let entries = denied["entries"].as_array().cloned().unwrap_or_default();
        assert!(entries.iter().any(|entry| entry["about"] == "GetFile"), "{denied}");
    }
    // A token is what its role and sessions are.
    let server = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    server.ok(&["new", "-d", "-n", "work", "--", "/bin/cat"])?;
    write(&server.user_home().join("file"), "theirs")?;
    let copy = |token: &[&str]| {
        write(&server.home().join("token"), server.ok(&[&["token", "new"], token].concat())?)?;
        let path = server.home().join("token").display().to_string();
        server.run(&["--token-file", &path, "cp", ":file", "-"])
    };
    failed(&copy(&["--role", "operator", "--session", "work"])?, 4, "may not copy files");
    failed(&copy(&["--role", "viewer", "--all"])?, 4, "may not copy files");
    assert_eq!(copy(&["--role", "operator"])?.stdout, "theirs");
    Ok(())
}

#[test]
fn every_copy_is_in_the_audit() -> Result<()> {
    let pair = Pair::new(&["--name", "guest"])?;
    write(&pair.here("a"), "12345")?;
    write(&pair.here("big"), bytes(BIG))?;
    pair.client.ok(&["cp", "a", "box:b"])?;
    pair.client.ok(&["cp", "box:b", "c"])?;
    fs::create_dir(pair.here("tree")).unwrap();
    pair.client.ok(&["cp", "-r", "tree", "box:"])?;
    pair.client.run(&["cp", "box:missing", "c"])?;
    pair.network.set(SLOW);
    interrupted(&pair, &["big", "box:"])?;
    pair.network.set(Weather::default());
    pair.client.ok(&["cp", "big", "box:"])?;
    let copies = pair.copies()?;
    let path = |name: &str| pair.there(name).display().to_string();
    let has = |name: &str, detail: &str| {
        let found = copies.iter().any(|(about, how)| *about == path(name) && how.contains(detail));
        assert!(found, "{name}, {detail}: {copies:?}");
    };
    has("b", "up, 5 bytes");
    has("b", "down, 5 bytes");
    has("tree", "folder");
    has("missing", "down, not whole after 0 bytes: read ");
    has("big", "took its place");
    has("big", &format!("up, {BIG} bytes"));
    let of_guest =
        pair.server.json(&["audit", "query", "--what", "copy", "--who", "guest", "--json"])?;
    assert_eq!(of_guest["entries"].as_array().map(Vec::len), Some(copies.len()));
    Ok(())
}

#[test]
fn folders_and_small_files_of_a_tree_share_their_round_trips() -> Result<()> {
    const FILES: usize = 60;
    const IN_EACH: usize = 3;
    let pair = Pair::new(&[])?;
    // Little, so that none waits for what may be under way on a machine with much to do.
    let content = |number: usize| bytes(100 + number)[number / 2..].to_vec();
    let name = |number: usize| format!("many/{}/{number}", number / IN_EACH);
    for number in 0..FILES {
        if number.is_multiple_of(IN_EACH) {
            let folder = format!("many/{}", number / IN_EACH);
            fs::create_dir_all(pair.here(&folder)).unwrap();
        }
        write(&pair.here(&name(number)), content(number))?;
    }
    pair.network.set(Weather { delay: Duration::from_millis(100), ..Weather::default() });
    for words in [["cp", "-rp", "many", "box:"], ["cp", "-rp", "box:many", "back"]] {
        let begun = Instant::now();
        pair.client.ok(&words)?;
        let took = begun.elapsed();
        println!("{words:?}: {took:?}");
        // One after the other, and each folder made and closed, would be 20 s; folders alone two fifths of it.
        let each = Duration::from_millis(200);
        assert!(took < each * 40, "{words:?} took {took:?}");
    }
    for number in 0..FILES {
        assert!(read(&pair.there(&name(number)))? == content(number), "{number} there");
        let back = name(number).replacen("many", "back", 1);
        assert!(read(&pair.here(&back))? == content(number), "{number} back");
    }
    Ok(())
}

/// Milliseconds until a key is seen again, for each of so many.
fn echoes(terminal: &Terminal, name: &str, count: usize) -> Result<Vec<u128>> {
    let mut took = Vec::new();
    while took.len() < count {
        let word = format!("{name}{}.", took.len());
        let typed = Instant::now();
        terminal.write(format!("{word}\r").as_bytes())?;
        terminal.wait_text(&word, SOON)?;
        took.push(typed.elapsed().as_millis());
    }
    took.sort_unstable();
    Ok(took)
}

#[test]
fn keys_do_not_wait_for_a_copy() -> Result<()> {
    let pair = Pair::new(&[])?;
    pair.client.configure("prediction = \"never\"\n")?;
    // What is in them is of no account, and so they are made of nothing.
    for path in [pair.here("big"), pair.there("large")] {
        let made = fs::File::create(&path).and_then(|file| file.set_len(64 << 20));
        made.map_err(KitError::io(format!("make {}", path.display())))?;
    }
    let terminal = pair.client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("up", SOON)?;
    // A copy of 64 MiB fills this for half a minute, and its queue holds 300 ms.
    pair.network.set(Weather { delay: Duration::from_millis(5), ..SLOW });
    for words in [["cp", "big", "box:up"], ["cp", "box:large", "down"]] {
        let alone = echoes(&terminal, &format!("alone-{}-", words[1]), 10)?;
        let copying = Terminal::start(&pair.client.ccc(&words), SIZE)?;
        copying.wait_text("% of 64 MiB", SOON)?;
        let beside = echoes(&terminal, words[1], 20)?;
        assert!(!copying.process().has_ended(), "the copy was over before the keys");
        copying.process().kill();
        copying.process().wait_end(SOON)?;
        let (alone, median) = (alone[alone.len() / 2], beside[beside.len() / 2]);
        println!("{words:?}: {median} ms, alone {alone} ms, {beside:?}");
        // A key behind the queue would take all of it; the rest is for a machine that copies beside much else, the
        // more the longer a key takes there anyway.
        assert!(
            median < 3 * alone + 200,
            "a key takes {median} ms beside a copy, {alone} ms alone"
        );
    }
    Ok(())
}
