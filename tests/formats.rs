//! Recordings in other forms, through the whole binary: what is written is what other tools read, and what
//! they wrote is read here.

use std::fs;
use std::path::Path;
use std::time::Duration;

use ccc_testkit::{Ended, KitError, Result, Sandbox, Size, Terminal, installed};

/// Far more than anything here takes.
const SOON: Duration = Duration::from_secs(60);

fn io(source: std::io::Error) -> KitError {
    KitError::Io { what: "look at an export".into(), source }
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(io)
}

/// A pane that printed lines, colours, a wide word and a change of size, and waits.
fn printed(sandbox: &Sandbox) -> Result<()> {
    let script = "printf 'one\\033[1;31mred\\033[m\\n한글 '; read x; echo two; exec cat";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    sandbox.ok(&["wait", "work", "--match", "한글", "--timeout", "60s"])?;
    sandbox.ok(&["resize", "work", "100x30"])?;
    sandbox.ok(&["send", "work", "go", "--enter"])?;
    sandbox.ok(&["wait", "work", "--match", "^two", "--timeout", "60s"])?;
    Ok(())
}

#[test]
fn a_pane_is_written_as_an_asciicast_that_asciinema_plays() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    printed(&sandbox)?;
    let file = sandbox.home().join("work.cast");
    let path = file.display().to_string();
    for version in ["--cast", "--cast=v3"] {
        sandbox.ok(&["export", "work", version, "-o", &path, "--idle-limit", "2s"])?;
        let written = text(&file)?;
        assert_eq!(written, sandbox.ok(&["export", "work", version, "--idle-limit", "2s"])?);
        let lines: Vec<&str> = written.lines().collect();
        assert!(lines[0].contains(r#""idle_time_limit":2.0"#), "{written}");
        assert!(lines[0].contains(r#""title":"work""#), "{written}");
        let events: Vec<Vec<serde_json::Value>> = lines[1..]
            .iter()
            .map(|line| serde_json::from_str(line).expect("an event is an array"))
            .collect();
        let resized = events.iter().position(|event| event[1..] == ["r", "100x30"]);
        let (before, _) = events.split_at(resized.expect("the change of size is there"));
        // One event or two: a loaded machine may pause within what is printed at once.
        assert!(before.iter().all(|event| event[1] == "o"), "{written}");
        let printed: String = before.iter().filter_map(|event| event[2].as_str()).collect();
        assert_eq!(printed, "one\u{1b}[1;31mred\u{1b}[m\r\n한글 ", "{written}");
        // Each way, with and without a server, says the same.
        let listed = sandbox.json(&["rec", "ls", "--json"])?;
        let name = listed["recordings"][0]["recording"].as_str().unwrap_or_default();
        assert_eq!(sandbox.ok(&["export", name, version, "--idle-limit", "2s"])?, written);
        let dir = sandbox.state().join("panes").join(name).display().to_string();
        assert_eq!(sandbox.ok(&["export", &dir, version, "--idle-limit", "2s"])?, written);
    }
    let raw = sandbox.bytes(&["export", "--raw", "work"])?;
    assert_eq!(sandbox.ok(&["export", "work", "--txt"])?, "onered\n한글 go\ntwo\n");
    sandbox.ok(&["export", "work", "--cast", "-o", &path])?;
    if installed("asciinema") {
        // It wants a terminal.
        let shown = sandbox.bytes(&["run", "--", "asciinema", "cat", &path])?;
        let shown = String::from_utf8_lossy(&shown).replace("\r\n", "\n");
        assert_eq!(shown, String::from_utf8_lossy(&raw).replace("\r\n", "\n"));
        let played = sandbox.run(&["run", "--", "asciinema", "play", "-s", "1000", &path])?;
        assert_eq!(played.code, Some(0), "{} {}", played.stdout, played.stderr);
    }
    sandbox.end()
}

#[test]
fn an_export_that_fails_leaves_what_was_there() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let file = sandbox.home().join("there");
    fs::write(&file, "before").map_err(io)?;
    let path = file.display().to_string();
    let refused = sandbox.run(&["export", "nobody", "--cast", "-o", &path])?;
    assert_ne!(refused.code, Some(0));
    assert_eq!(text(&file)?, "before");
    let without = sandbox.run(&["export", "nobody"])?;
    assert_eq!(without.code, Some(2), "{}", without.stderr);
    sandbox.end()
}

/// What a recording shows at its end.
fn shown(sandbox: &Sandbox, name: &str) -> Result<String> {
    let dir = sandbox.state().join("panes").join(name);
    let screen = ccc_client::RecordingFiles::new(&dir).screen(ccc_client::Offset(u64::MAX));
    let screen = screen.map_err(|error| io(std::io::Error::other(error)))?;
    let rows = screen.rows().iter().map(|row| row.text());
    Ok(rows.collect::<Vec<_>>().join("\n").trim_end().to_owned())
}

#[test]
fn what_was_exported_is_imported_and_is_a_recording_like_any_other() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    printed(&sandbox)?;
    let file = sandbox.home().join("work.cast");
    let path = file.display().to_string();
    let raw = sandbox.bytes(&["export", "--raw", "work"])?;
    for version in ["--cast=v2", "--cast=v3"] {
        sandbox.ok(&["export", "work", version, "-o", &path])?;
        let name = sandbox.ok(&["rec", "import", &path, "--name", "again"])?;
        let name = name.trim();
        assert_eq!(sandbox.bytes(&["export", "--raw", name])?, raw);
        let again = sandbox.ok(&["export", name, version])?;
        let body = |text: &str| text.split_once('\n').map(|(_, body)| body.to_owned());
        assert_eq!(body(&again), body(&text(&file)?));
        let listed = sandbox.json(&["rec", "ls", "--json"])?;
        let rows = listed["recordings"].as_array().cloned().unwrap_or_default();
        let row = rows.iter().find(|row| row["recording"] == name).expect("it is listed");
        assert_eq!((&row["state"], &row["session"]), (&"kept".into(), &"again".into()));
        assert_eq!(sandbox.run(&["rec", "verify", name])?.code, Some(0));
        assert!(shown(&sandbox, name)?.contains("two"));
        sandbox.ok(&["rec", "rm", name])?;
    }
    sandbox.end()
}

#[test]
fn a_broken_file_gives_what_comes_before_and_says_so() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let file = sandbox.home().join("cut.cast");
    let path = file.display().to_string();
    let cast = "{\"version\":2,\"width\":80,\"height\":24}\n[0.5, \"o\", \"kept\"]\n[1, \"o";
    fs::write(&file, cast).map_err(io)?;
    let imported = sandbox.run(&["rec", "import", &path])?;
    assert_eq!(imported.code, Some(1));
    assert!(imported.stderr.contains("cut.cast: line 3: "), "{}", imported.stderr);
    assert_eq!(sandbox.ok(&["export", imported.stdout.trim(), "--raw"])?, "kept");
    fs::write(&file, "some text that is no recording").map_err(io)?;
    let refused = sandbox.run(&["rec", "import", &path])?;
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("it is no asciicast"), "{}", refused.stderr);
    sandbox.end()
}

#[test]
fn what_asciinema_and_script_recorded_shows_the_same_screen() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let folder = sandbox.home().display().to_string();
    let program = "printf 'one \\033[7mtwo\\033[m 한글\\n'; seq 1 30; printf '\\033[5;10Hhere'";
    let expected = |shown: &str| shown.lines().any(|line| line.contains("here"));
    if installed("asciinema") {
        let cast = format!("{folder}/rec.cast");
        sandbox.ok(&["run", "--", "asciinema", "rec", "-q", "-c", program, &cast])?;
        let name = sandbox.ok(&["rec", "import", &cast])?;
        let asciinema = shown(&sandbox, name.trim())?;
        assert!(expected(&asciinema), "{asciinema}");
        let direct = sandbox.ok(&["new", "-d", "-n", "direct", "--", "/bin/sh", "-c", program])?;
        assert!(!direct.is_empty());
        sandbox.ok(&["wait", "direct", "--match", "here", "--timeout", "60s"])?;
        let listed = sandbox.json(&["rec", "ls", "--json"])?;
        let rows = listed["recordings"].as_array().cloned().unwrap_or_default();
        let row = rows.iter().find(|row| row["session"] == "direct").expect("it is listed");
        assert_eq!(shown(&sandbox, row["recording"].as_str().unwrap_or_default())?, asciinema);
    }
    if installed("script") {
        let (out, timing) = (format!("{folder}/o"), format!("{folder}/t"));
        let flags: [&[&str]; 2] = [
            &["script", "-q", "-c", program, "--log-out", &out, "--log-timing", &timing],
            &["script", "-q", "-c", program, "--log-io", &out, "--log-timing", &timing],
        ];
        for flags in flags {
            sandbox.ok(&[&["run", "--"], flags].concat())?;
            let imported = sandbox.ok(&["rec", "import", &out, "--timing", &timing])?;
            let script = shown(&sandbox, imported.trim())?;
            assert!(expected(&script), "{flags:?}: {script}");
        }
    }
    sandbox.end()
}

#[test]
fn another_tools_file_is_replayed_by_its_path() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let file = sandbox.home().join("demo.cast");
    let path = file.display().to_string();
    let cast = "{\"version\":2,\"width\":40,\"height\":10}\n[0.1, \"o\", \"from a file\"]\n";
    fs::write(&file, cast).map_err(io)?;
    let terminal = Terminal::start(&sandbox.ccc(&["replay", &path]), Size::new(80, 24))?;
    terminal.wait_text("from a file", SOON)?;
    terminal.type_keys("q")?;
    assert_eq!(terminal.wait_end(SOON)?, Ended::Code(0));
    assert!(!sandbox.state().join("panes").exists(), "nothing of it is kept");
    sandbox.end()
}

/// The document of a page as a browser has it after some seconds of its own time.
fn in_browser(sandbox: &Sandbox, page: &Path, wish: &str) -> Result<String> {
    let profile = format!("--user-data-dir={}", sandbox.home().join("browser").display());
    let address = format!("file://{}#{wish}", page.display());
    let program = ccc_testkit::Program::new("chromium").args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--virtual-time-budget=8000",
        "--dump-dom",
        &profile,
        &address,
    ]);
    let output = sandbox.run_program(&program, b"")?;
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    Ok(output.stdout)
}

#[test]
fn a_page_plays_in_a_browser_and_runs_nothing_that_was_printed() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let evil = "<script>document.body.dataset.evil=1</script>";
    let link = |uri: &str| format!("\u{1b}]8;;{uri}\u{7}there\u{1b}]8;;\u{7}");
    let pieces = [
        (1.0, "first \u{1b}[1;31mred\u{1b}[m 한글\r\n".to_owned()),
        (2.0, format!("{evil}\u{1b}]2;{evil}\u{7}\r\n")),
        (3.0, link("https://example.org/") + &link("javascript:document.body.dataset.evil=2")),
        (30.0, "\r\nlast".to_owned()),
    ];
    let mut cast =
        serde_json::json!({"version": 2, "width": 60, "height": 10, "title": evil}).to_string();
    cast.push('\n');
    for (at, text) in &pieces {
        cast.push_str(&format!("{}\n", serde_json::json!([at, "o", text])));
    }
    cast.push_str("[2.0, \"m\", \"<img src=x onerror=document.body.dataset.evil=3>\"]\n");
    let (file, page) = (sandbox.home().join("x.cast"), sandbox.home().join("x.html"));
    fs::write(&file, cast).map_err(io)?;
    let name = sandbox.ok(&["rec", "import", &file.display().to_string()])?;
    let out = page.display().to_string();
    sandbox.ok(&["export", name.trim(), "--html", "--idle-limit", "1s", "-o", &out])?;
    let written = text(&page)?;
    assert!(!written.contains(evil), "{written}");
    if !installed("chromium") {
        return sandbox.end();
    }
    let body = |dom: String| {
        let (_, body) = dom.split_once("<body").expect("a body");
        body.split("<script").next().unwrap_or_default().to_owned()
    };
    let middle = body(in_browser(&sandbox, &page, "t=1.5")?);
    assert!(
        middle.contains("data-ready=\"true\"") && middle.contains("data-at=\"1500\""),
        "{middle}"
    );
    assert!(
        middle.contains(">red</span>")
            && !middle.contains("dataset.evil=1&lt;/script&gt;</span></div>"),
        "{middle}"
    );
    let end = body(in_browser(&sandbox, &page, "t=99")?);
    assert!(end.contains(">last</span>") && end.contains(">한</span>"), "{end}");
    assert!(
        end.contains("href=\"https://example.org/\"") && !end.contains("href=\"javascript"),
        "{end}"
    );
    assert!(end.contains("&lt;img src=x"), "{end}");
    assert!(!end.contains("data-evil"), "{end}");
    // Thirty seconds, of which pauses are cut to one each.
    let played = body(in_browser(&sandbox, &page, "play")?);
    assert!(played.contains("data-at=\"30000\"") && played.contains(">last</span>"), "{played}");
    assert!(played.contains("data-playing=\"false\""), "{played}");
    sandbox.end()
}

#[test]
fn an_export_that_is_killed_leaves_nothing() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let folder = sandbox.home().join("out");
    fs::create_dir(&folder).map_err(io)?;
    let cast = sandbox.home().join("big.cast");
    let line = format!("{}\n", serde_json::json!([1.0, "o", "x".repeat(1000)]));
    let head = "{\"version\":2,\"width\":80,\"height\":24}\n";
    fs::write(&cast, head.to_owned() + &line.repeat(30_000)).map_err(io)?;
    let name = sandbox.ok(&["rec", "import", &cast.display().to_string()])?;
    let out = folder.join("work.txt").display().to_string();
    let program = sandbox.ccc(&["export", name.trim(), "--txt", "-o", &out]);
    let mut child = program.command().spawn().map_err(io)?;
    // A file without a name is written to by now; folding so much takes far longer than a look.
    let open = format!("/proc/{}/fd", child.id());
    let writes = || {
        let fds = fs::read_dir(&open).into_iter().flatten().flatten();
        let mut files = fds.filter_map(|fd| fs::read_link(fd.path()).ok());
        files.any(|file| file.starts_with(&folder))
    };
    while !writes() {
        assert!(child.try_wait().map_err(io)?.is_none(), "it ended before it was seen to write");
        std::thread::yield_now();
    }
    child.kill().map_err(io)?;
    assert!(!child.wait().map_err(io)?.success());
    let left: Vec<_> = fs::read_dir(&folder).map_err(io)?.flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    sandbox.end()
}
