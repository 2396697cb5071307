//! Files that are pasted into a pane of another machine: they are put there, and their paths are typed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use ccc_testkit::{KitError, Result, Sandbox, Size, Terminal};

const SIZE: Size = Size::new(120, 24);
const SOON: Duration = Duration::from_secs(60);

/// A server with a program that shows what is pasted into it, and another machine that looks at it.
fn paired(config: &str) -> Result<(Sandbox, Sandbox)> {
    let ccc = env!("CARGO_BIN_EXE_ccc");
    let (server, client) = (Sandbox::new(ccc)?, Sandbox::new(ccc)?);
    let script = "stty raw -echo; printf '\\033[?2004hready\\r\\n'; exec cat -v";
    server.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    let link = server.ok(&["invite"])?;
    let pairing = client.ccc(&["pair", "-", "--name", "box"]);
    let paired = client.run_program(&pairing, link.as_bytes())?;
    assert_eq!(paired.code, Some(0), "{paired:?}");
    client.configure(config)?;
    Ok((server, client))
}

fn write(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(KitError::io(format!("write {}", path.display())))
}

fn paste(terminal: &Terminal, text: &str) -> Result<()> {
    terminal.write(format!("\x1b[200~{text}\x1b[201~").as_bytes())
}

/// Waits for a text wherever its line is broken.
fn shows(terminal: &Terminal, wanted: &str) -> Result<()> {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    terminal.wait_for(wanted, SOON, |screen| {
        squeezed(&ccc_testkit::text(screen)).contains(&squeezed(wanted))
    })
}

/// What was put on the server's machine.
fn pasted(server: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let folder = server.user_home().join(".cache/ccc/pasted");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let mode = entry.metadata().map(|meta| meta.permissions().mode()).unwrap_or_default();
            assert_eq!(mode & 0o7777, 0o600);
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_file_that_is_dropped_is_uploaded_and_its_path_is_typed() -> Result<()> {
    let (server, client) = paired("")?;
    let photo = client.user_home().join("my photo.png");
    let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    write(&photo, &bytes)?;
    let terminal = client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("ready", SOON)?;
    // Quoted by one terminal, escaped by another, and as a URI.
    let path = photo.display().to_string();
    paste(&terminal, &format!("'{path}' "))?;
    terminal.wait_text("upload my photo.png (800 kB) and type its path there?", SOON)?;
    terminal.type_keys("y")?;
    shows(&terminal, "-my photo.png'^[[201~")?;
    let files = pasted(&server);
    assert!(files.len() == 1 && files[0].1 == bytes, "{} files", files.len());
    let folder = server.user_home().join(".cache/ccc/pasted");
    shows(&terminal, &format!("^[[200~'{}/{}'^[[201~", folder.display(), files[0].0))?;
    // As a text, and not at all.
    paste(&terminal, &path.replace(' ', "\\ "))?;
    terminal.wait_text("upload my photo.png", SOON)?;
    terminal.type_keys("t")?;
    shows(&terminal, "my\\ photo.png^[[201~")?;
    paste(&terminal, &format!("file://{}", path.replace(' ', "%20")))?;
    terminal.wait_text("upload my photo.png", SOON)?;
    terminal.write(b"nafter")?;
    shows(&terminal, "^[[201~after")?;
    // What is no file is a text at once.
    paste(&terminal, "/no/such/file")?;
    shows(&terminal, "^[[200~/no/such/file^[[201~")?;
    assert_eq!(pasted(&server).len(), 1);
    Ok(())
}

/// Puts a file into the folder of what was pasted, as if it had been there for so many days.
fn lies_there(server: &Sandbox, name: &str, days: u64) -> Result<std::path::PathBuf> {
    let folder = server.user_home().join(".cache/ccc/pasted");
    fs::create_dir_all(&folder).map_err(KitError::io("make a folder"))?;
    let path = folder.join(name);
    write(&path, b"of that time")?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))
        .and_then(|()| fs::File::open(&path))
        .and_then(|file| {
            file.set_modified(SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60))
        })
        .map_err(KitError::io("make it old"))?;
    Ok(path)
}

#[test]
fn what_was_pasted_long_ago_is_deleted_when_more_comes_and_when_the_server_starts() -> Result<()> {
    let (server, client) = paired("paste_files = \"always\"\n")?;
    let (old, young) = (lies_there(&server, "old", 8)?, lies_there(&server, "young", 6)?);
    let note = client.user_home().join("note.txt");
    write(&note, b"a note")?;
    let terminal = client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("ready", SOON)?;
    paste(&terminal, &note.display().to_string())?;
    shows(&terminal, "-note.txt^[[201~")?;
    assert!(!old.exists() && young.exists());
    assert_eq!(pasted(&server).len(), 2);

    let old = lies_there(&server, "old", 8)?;
    server.ok(&["serve", "--stop"])?;
    server.ok(&["serve", "--daemon"])?;
    let until = Instant::now() + SOON;
    while old.exists() {
        assert!(Instant::now() < until, "the old one is still there");
        thread::yield_now();
    }
    assert_eq!(pasted(&server).len(), 2);
    Ok(())
}

#[test]
fn the_image_of_the_clipboard_is_uploaded_by_the_program_that_has_it() -> Result<()> {
    let (server, client) = paired("paste_files = \"always\"\n")?;
    let image = [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 5000]].concat();
    write(&client.user_home().join("image"), &image)?;
    let tools = client.user_home().join("tools");
    fs::create_dir(&tools).map_err(KitError::io("make a folder"))?;
    let attach = |client: &Sandbox| {
        let program = client.ccc(&["attach", "box/work"]).env("PATH", &tools);
        Terminal::start(&program, SIZE)
    };
    let terminal = attach(&client)?;
    terminal.wait_text("ready", SOON)?;
    terminal.type_keys("<C-b><C-v>")?;
    terminal.wait_text("no program here gives the image of the clipboard", SOON)?;
    // One that has none, and one that has it.
    for (name, script) in [
        ("wl-paste", "#!/bin/sh\nexit 1\n".to_owned()),
        ("xclip", format!("#!/bin/sh\nexec /bin/cat '{}/image'\n", client.user_home().display())),
    ] {
        write(&tools.join(name), script.as_bytes())?;
        fs::set_permissions(tools.join(name), fs::Permissions::from_mode(0o755))
            .map_err(KitError::io("make a program"))?;
    }
    terminal.type_keys("<C-b>:paste-image<ret>")?;
    shows(&terminal, "-image.png^[[201~")?;
    let files = pasted(&server);
    assert!(files.len() == 1 && files[0].1 == image, "{} files", files.len());
    // A file goes without a question.
    let file = client.user_home().join("plain.txt");
    write(&file, b"plain")?;
    paste(&terminal, &file.display().to_string())?;
    shows(&terminal, "-plain.txt^[[201~")?;
    assert_eq!(pasted(&server).last().map(|(_, bytes)| bytes.as_slice()), Some(&b"plain"[..]));
    Ok(())
}
