//! Trees whose copy is cut off while several files grow beside each other: what is left, what is said, and what
//! the same command makes of it.

use std::collections::BTreeMap;

use ccc_testkit::{Ended, Process};

use super::*;

/// Files that go side by side, each too small for a line of its own, and slow enough that many are not whole.
const FILES: usize = 12;
const EACH: usize = 1_000_000;
/// Parts that are seen to grow before the cut.
const GROWING: usize = 3;

/// What is in a tree, by path.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn files(root: &Path) -> Result<Files> {
    let mut found = Files::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for name in names(&root.join(&folder)) {
            let path = folder.join(name);
            if root.join(&path).is_dir() {
                folders.push(path);
                continue;
            }
            // A part may take its name between the two looks.
            if let Ok(bytes) = fs::read(root.join(&path)) {
                found.insert(path, bytes);
            }
        }
    }
    Ok(found)
}

fn is_part(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".ccc-part")
}

/// The tree that is copied: many small files, and a large one in a folder that takes nothing more.
fn tree(root: &Path) -> Result<Files> {
    let all = bytes(FILES * 1000 + 3 * MEBIBYTE);
    fs::create_dir_all(root.join("closed")).map_err(KitError::io("make a folder"))?;
    for number in 0..FILES {
        write(&root.join(number.to_string()), &all[number * 1000..][..EACH])?;
    }
    write(&root.join("closed/large"), &all[..3 * MEBIBYTE])?;
    close(&root.join("closed"))?;
    files(root)
}

/// A folder that is for reading alone, as a copy that keeps permissions has closed it.
fn close(folder: &Path) -> Result<()> {
    let closed = fs::Permissions::from_mode(0o555);
    fs::set_permissions(folder, closed).map_err(KitError::io("close a folder"))
}

/// The parts in which something is, by path, each with what changes when it grows.
fn parts(root: &Path) -> BTreeMap<PathBuf, (u64, i64, i64)> {
    let folders = [root.to_owned(), root.join("closed")];
    let paths =
        folders.iter().flat_map(|folder| names(folder).into_iter().map(|name| folder.join(name)));
    let of = |path: PathBuf| {
        let meta = fs::metadata(&path).ok().filter(|meta| meta.len() > 0)?;
        Some((path, (meta.len(), meta.mtime(), meta.mtime_nsec())))
    };
    paths.filter(|path| is_part(path)).filter_map(of).collect()
}

/// Starts the copy, and gives it when several files of it are under way.
fn under_way(pair: &Pair, words: &[&str], target: &Path) -> Result<Terminal> {
    let copying = Terminal::start(&pair.client.ccc(words), SIZE)?;
    // By then no byte of one that was cut off before is still coming.
    copying.wait_text(" MiB", SOON)?;
    let before = parts(target);
    let until = Instant::now() + SOON;
    loop {
        let now = parts(target);
        if now.iter().filter(|(path, at)| before.get(*path) != Some(*at)).count() >= GROWING {
            return Ok(copying);
        }
        if Instant::now() > until {
            let (what, instead) = ("parts that grow".to_owned(), copying.text());
            return Err(KitError::TimedOut { what, within: SOON, instead });
        }
        std::thread::yield_now();
    }
}

/// Whatever has its name is whole, or what was there before; whatever is not is called a part.
#[track_caller]
fn is_never_half(target: &Path, source: &Files, old: &Path) -> Result<()> {
    let now = files(target)?;
    assert!(now.keys().any(|path| is_part(path)), "{:?}", now.keys());
    for (path, bytes) in now.iter().filter(|(path, _)| !is_part(path)) {
        let is_old = path == old && bytes == b"old";
        assert!(is_old || source.get(path) == Some(bytes), "{} is not whole", path.display());
    }
    // Where files come, it may be written to, also if it was closed before.
    let mode = fs::metadata(target.join("closed")).map_err(KitError::io("look"))?.mode();
    assert_eq!(mode & 0o777, 0o755);
    Ok(())
}

/// What is left is nobody's file: where the tree is copied to, it does not go.
#[track_caller]
fn is_left_out(copied: &Output, to: &Path) -> Result<()> {
    assert_eq!(copied.code, Some(0), "{copied:?}");
    assert!(copied.stderr.contains("it is the part of a copy that was cut off"), "{copied:?}");
    let now = files(to)?;
    assert!(!now.is_empty() && !now.keys().any(|path| is_part(path)), "{:?}", now.keys());
    Ok(())
}

/// The same command, until it is done.
#[track_caller]
fn is_taken_up(pair: &Pair, words: &[&str], target: &Path, source: &Files) -> Result<()> {
    pair.network.set(Weather::default());
    pair.client.ok(words)?;
    let now = files(target)?;
    assert_eq!(now.keys().collect::<Vec<_>>(), source.keys().collect::<Vec<_>>());
    assert!(now == *source);
    let mode = fs::metadata(target.join("closed")).map_err(KitError::io("look"))?.mode();
    assert_eq!(mode & 0o777, 0o555);
    Ok(())
}

/// A target in which a part of the tree is there already, older.
fn older(target: &Path) -> Result<PathBuf> {
    fs::create_dir_all(target.join("closed")).map_err(KitError::io("make a folder"))?;
    close(&target.join("closed"))?;
    write(&target.join("7"), "old")?;
    Ok(PathBuf::from("7"))
}

#[test]
fn a_tree_that_was_cut_off_on_its_way_up_is_taken_up_by_the_same_command() -> Result<()> {
    let pair = Pair::new(&[])?;
    let source = tree(&pair.here("tree"))?;
    let target = pair.there("tree");
    let old = older(&target)?;
    let words = ["cp", "-rp", "tree", "box:"];
    pair.network.set(SLOW);
    // By a key.
    let copying = under_way(&pair, &words, &target)?;
    copying.type_keys("<C-c>")?;
    assert_eq!(copying.wait_end(SOON)?, Ended::Code(130));
    copying.wait_text("hint: run the same command again: a file that was cut off", SOON)?;
    is_never_half(&target, &source, &old)?;
    is_left_out(&pair.server.run(&["cp", "-r", ":tree", "elsewhere"])?, &pair.there("elsewhere"))?;
    // With the client.
    let copying = under_way(&pair, &words, &target)?;
    copying.process().kill();
    copying.process().wait_end(SOON)?;
    is_never_half(&target, &source, &old)?;
    // With the server, whose successor tells that the connection is over.
    let copying = under_way(&pair, &words, &target)?;
    let server = Process::open(pair.server.custody()?.server.pid).expect("it runs");
    server.kill();
    server.wait_end(SOON)?;
    is_never_half(&target, &source, &old)?;
    pair.server.ok(&["ls"])?;
    assert_eq!(copying.wait_end(SOON)?, Ended::Code(4));
    copying.wait_text("hint: run the same command again: a file that was cut off", SOON)?;
    is_taken_up(&pair, &words, &target, &source)
}

#[test]
fn a_tree_that_was_cut_off_on_its_way_down_is_taken_up_by_the_same_command() -> Result<()> {
    let pair = Pair::new(&[])?;
    let source = tree(&pair.there("tree"))?;
    let target = pair.here("tree");
    let old = older(&target)?;
    let words = ["cp", "-rp", "box:tree", "."];
    pair.network.set(SLOW);
    // Told to end.
    let copying = under_way(&pair, &words, &target)?;
    copying.process().terminate();
    assert_eq!(copying.wait_end(SOON)?, Ended::Code(143));
    copying.wait_text("hint: run the same command again: a file that was cut off", SOON)?;
    is_never_half(&target, &source, &old)?;
    is_left_out(&pair.client.run(&["cp", "-r", "tree", "box:other"])?, &pair.there("other"))?;
    // Killed, which leaves the files that had only begun as well.
    let copying = under_way(&pair, &words, &target)?;
    copying.process().kill();
    copying.process().wait_end(SOON)?;
    is_never_half(&target, &source, &old)?;
    is_taken_up(&pair, &words, &target, &source)
}

#[test]
fn a_tree_that_was_cut_off_under_a_new_name_is_taken_up_as_what_is_in_it() -> Result<()> {
    let pair = Pair::new(&[])?;
    for (from, to, target) in
        [("tree", "box:new", pair.there("new")), ("box:tree", "new", pair.here("new"))]
    {
        let root = if to == "new" { pair.there("tree") } else { pair.here("tree") };
        let source = tree(&root)?;
        pair.network.set(SLOW);
        let copying = under_way(&pair, &["cp", "-rp", from, to], &target)?;
        copying.type_keys("<C-c>")?;
        assert_eq!(copying.wait_end(SOON)?, Ended::Code(130));
        copying.wait_text("hint: run it again with /. behind the source", SOON)?;
        is_never_half(&target, &source, Path::new(""))?;
        let within = format!("{from}/.");
        // Those words mean the same however often they are said.
        let words = ["cp", "-rp", &within, to];
        let copying = under_way(&pair, &words, &target)?;
        copying.type_keys("<C-c>")?;
        copying.wait_text("hint: run the same command again", SOON)?;
        is_taken_up(&pair, &words, &target, &source)?;
    }
    Ok(())
}

#[test]
fn a_stream_that_was_cut_off_is_promised_nothing() -> Result<()> {
    let pair = Pair::new(&[])?;
    let reading = Terminal::start(&pair.client.ccc(&["cp", "-", "box:stream"]), SIZE)?;
    reading.write(b"half\r")?;
    let until = Instant::now() + SOON;
    while fs::metadata(pair.there("stream.ccc-part")).map_or(0, |meta| meta.len()) == 0 {
        assert!(Instant::now() < until, "nothing came");
        std::thread::yield_now();
    }
    reading.type_keys("<C-c>")?;
    assert_eq!(reading.wait_end(SOON)?, Ended::Code(130));
    reading.wait_text("error: copy: it was interrupted", SOON)?;
    assert!(!reading.text().contains("hint:"), "{}", reading.text());
    Ok(())
}
