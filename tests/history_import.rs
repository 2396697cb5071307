//! Histories of shells that are imported: once, marked as what they are, kept over everything, and gone when they
//! are to be.

use std::fs;
use std::time::Duration;

use ccc_testkit::{Process, Result, Sandbox, Size, hunt, installed};
use serde_json::{Value, json};

/// Far more than anything here takes, also on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

const BASH: &str =
    "#1700000000\nfor i in 1 2\ndo\n  echo $i\ndone\n#1700000100\nexport KEY=bash-5e1f\n";
const ZSH: &[u8] = b": 1700000050:7;echo \xec\x83\xa4\x83\xbc\n: 1700000150:0;zsh-only\\\n  -v\n";
const FISH: &str = "- cmd: echo a\\\\nb \\n\n  when: 1700000060\n  paths:\n    - a\n";

/// A server, and a home with these files.
fn home(files: &[(&str, &[u8])]) -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    for (name, bytes) in files {
        let path = sandbox.user_home().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder of the sandbox");
        fs::write(path, bytes).expect("a file of the sandbox");
    }
    sandbox.ok(&["new", "-d", "-n", "work", "--", "cat"])?;
    Ok(sandbox)
}

fn three_shells() -> Result<Sandbox> {
    home(&[
        (".bash_history", BASH.as_bytes()),
        (".zsh_history", ZSH),
        (".local/share/fish/fish_history", FISH.as_bytes()),
    ])
}

fn listed(sandbox: &Sandbox) -> Result<Vec<Value>> {
    let list = sandbox.json(&["history", "--json", "-n", "0"])?;
    Ok(list["commands"].as_array().cloned().unwrap_or_default())
}

fn texts(sandbox: &Sandbox) -> Result<Vec<String>> {
    let text = |command: &Value| command["text"].as_str().unwrap_or_default().to_owned();
    Ok(listed(sandbox)?.iter().map(text).collect())
}

const ALL: [&str; 5] = [
    "for i in 1 2\ndo\n  echo $i\ndone",
    "echo 서",
    "echo a\\nb \n",
    "export KEY=bash-5e1f",
    "zsh-only\n  -v",
];

/// The same, as it is kept: an empty line at the end is none of a command's.
fn all() -> Vec<&'static str> {
    ALL.map(|text| text.trim_end_matches('\n')).to_vec()
}

#[test]
fn histories_of_shells_are_imported_once_and_listed_as_imported() -> Result<()> {
    let sandbox = three_shells()?;
    let told = sandbox.ok(&["history", "import"])?;
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(lines[0].starts_with("bash: 2 commands imported from "), "{told}");
    assert!(lines[1].starts_with("zsh: 2 commands imported from "), "{told}");
    assert!(lines[2].starts_with("fish: 1 command imported from "), "{told}");
    assert_eq!(texts(&sandbox)?, all());

    let zsh = &listed(&sandbox)?[1];
    let expected = json!({
        "text": "echo 서",
        "cwd": null,
        "state": "unknown",
        "status": null,
        "started": 1_700_000_050_000_u64,
        "duration_ms": 7000,
        "imported": "zsh",
        "place": null,
        "pane": null,
        "ulid": null,
        "mark": null,
        "output": null,
    });
    assert_eq!(*zsh, expected);
    let shown = sandbox.ok(&["history", "echo 서"])?;
    assert!(shown.contains("7.0s  unknown  imported:zsh  echo 서\n"), "{shown}");

    // Once more, and a history that has grown.
    let again = sandbox.json(&["history", "import", "--json"])?;
    assert_eq!(again["added"], 0, "{again}");
    assert_eq!(again["histories"][0]["known"], 2, "{again}");
    let path = sandbox.user_home().join(".bash_history");
    fs::write(&path, format!("{BASH}#1700000200\nnew\n")).expect("a file of the sandbox");
    let told = sandbox.ok(&["history", "import", "--from", "bash"])?;
    assert!(told.contains("bash: 1 command imported") && told.contains("2 were there already"));
    assert_eq!(texts(&sandbox)?.last().map(String::as_str), Some("new"));
    sandbox.end()
}

#[test]
fn imported_commands_outlive_server_and_index_and_are_forgotten_whole() -> Result<()> {
    let sandbox = three_shells()?;
    // Older than commands of panes are kept.
    sandbox.configure("[history]\ndays = 1\n")?;
    sandbox.ok(&["serve", "--stop", "--kill"])?;
    sandbox.ok(&["new", "-d", "-n", "again", "--", "cat"])?;
    sandbox.ok(&["history", "import"])?;
    let server = Process::open(sandbox.full_custody(PATIENCE)?.server.pid).expect("a server");
    server.kill();
    server.wait_end(PATIENCE)?;
    // The folder is deleted while no server has it open, or by the one that does.
    let index = sandbox.state().join("index");
    if index.exists() {
        fs::remove_dir_all(&index).expect("the index");
    }
    sandbox.full_custody(PATIENCE)?;
    assert_eq!(texts(&sandbox)?, all());
    let built = sandbox.json(&["doctor", "--rebuild-index", "--json"])?;
    assert_eq!(built["commands"], 5, "{built}");
    assert_eq!(texts(&sandbox)?, all());
    assert!(!hunt(&sandbox.state(), "bash-5e1f").is_empty());

    assert_eq!(sandbox.run(&["history", "forget"])?.code, Some(2), "of what is not said");
    assert_eq!(
        sandbox.ok(&["history", "forget", "--imported"])?,
        "5 imported commands forgotten\n"
    );
    assert_eq!(texts(&sandbox)?, Vec::<String>::new());
    assert_eq!(hunt(&sandbox.state(), "bash-5e1f"), []);
    assert_eq!(sandbox.json(&["history", "import", "--json"])?["added"], 5);
    sandbox.end()
}

#[test]
fn a_file_is_known_by_its_content_or_by_what_is_said_of_it() -> Result<()> {
    let sandbox =
        home(&[("plain", b"ls\ncd /tmp\nls\n"), ("some", FISH.as_bytes()), ("none", b"")])?;
    let told = sandbox.json(&["history", "import", "some", "--json"])?;
    assert_eq!((&told["histories"][0]["source"], &told["added"]), (&"fish".into(), &1.into()));
    let refused = sandbox.run(&["history", "import", "plain"])?;
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("it does not tell whose history it is"), "{refused:?}");
    assert!(refused.stderr.contains("--from"), "{refused:?}");
    assert!(sandbox.run(&["history", "import", "none"])?.stderr.contains("it is empty"));
    // Without times a text is there once, before all others.
    let told = sandbox.json(&["history", "import", "plain", "--from", "bash", "--json"])?;
    assert_eq!((&told["added"], &told["histories"][0]["known"]), (&2.into(), &1.into()));
    let list = listed(&sandbox)?;
    assert_eq!((&list[0]["text"], &list[0]["started"]), (&"ls".into(), &Value::Null));
    assert_eq!(texts(&sandbox)?[..2], ["ls", "cd /tmp"]);
    let input = sandbox.ccc(&["history", "import", "-"]);
    let told = sandbox.run_program(&input, ZSH)?;
    assert_eq!(told.stdout, "zsh: 2 commands imported from standard input\n", "{told:?}");
    // A home without any.
    let nothing = sandbox.run(&["history", "import"])?;
    assert_eq!(nothing.code, Some(1));
    assert!(nothing.stderr.contains("no history of bash, zsh or fish"), "{nothing:?}");
    // A word that is to be found, and no command of ours.
    assert_eq!(sandbox.ok(&["history", "--", "import"])?, "");
    sandbox.end()
}

#[test]
fn shells_themselves_write_what_is_read() -> Result<()> {
    let sandbox = home(&[])?;
    let scripts = [
        (
            "zsh",
            "HISTSIZE=9 SAVEHIST=9 HISTFILE=~/h-zsh; setopt extended_history\n\
             print -sr -- 'echo 서울 é'\nprint -sr -- $'for i in 1\\ndo\\n ls \\\\\\ndone'\n\
             print -sr -- 'ls a\\ '\nprint -sr -- 'ls b\\'\nfc -W\n",
        ),
        (
            "bash",
            "HISTFILE=~/h-bash; HISTTIMEFORMAT='%F '; set -o history; shopt -s cmdhist lithist\n\
             history -s 'echo 서울 é'\nhistory -s $'for i in 1\\ndo\\n ls \\\\\\ndone'\n\
             history -s 'ls a\\ '\nhistory -s 'ls b\\'\nhistory -w\n",
        ),
    ];
    for (shell, script) in scripts {
        if !installed(shell) {
            continue;
        }
        fs::write(sandbox.user_home().join("script"), script).expect("a file of the sandbox");
        let flags: &[&str] = if shell == "zsh" { &["-f", "-i", "script"] } else { &["script"] };
        let program = sandbox.program(shell).args(flags);
        let ran = sandbox.run_program(&program, b"")?;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let file = format!("h-{shell}");
        let told = sandbox.ok(&["history", "import", &file])?;
        assert!(told.starts_with(shell), "{told}");
        let expected = ["echo 서울 é", "for i in 1\ndo\n ls \\\ndone", "ls a\\ ", "ls b\\"];
        let texts = texts(&sandbox)?;
        let has = |text: &&str| texts.iter().any(|known| known == text);
        assert!(expected.iter().all(has), "{shell}: {texts:#?}");
        sandbox.ok(&["history", "forget", "--imported"])?;
    }
    sandbox.end()
}

/// The second pipe of `ccc history import --help`, with the table that Atuin makes.
#[test]
fn the_database_of_atuin_is_read_through_a_program() -> Result<()> {
    if !installed("sqlite3") {
        return Ok(());
    }
    let sandbox = home(&[])?;
    let help = sandbox.ok(&["history", "import", "--help"])?;
    let query = help.split('"').nth(1).expect("the query of the help");
    // It is wrapped there.
    let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
    let make = "create table history (id text primary key, timestamp integer not null, duration integer not null, \
                exit integer not null, command text not null, cwd text not null, session text not null, \
                hostname text not null, deleted_at integer);\n\
                insert into history values ('a', 1700000000123000000, 1500000000, 3, 'sh -c ''exit 3''', '/srv', 's', 'h:u', null);\n\
                insert into history values ('b', 1700000001000000000, -1, -1, 'top', '/', 's', 'h:u', null);\n\
                insert into history values ('c', 1700000002000000000, 1, 0, 'gone', '/', 's', 'h:u', 5);\n";
    let made =
        sandbox.run_program(&sandbox.program("sqlite3").args(["history.db"]), make.as_bytes())?;
    assert_eq!(made.code, Some(0), "{made:?}");
    let direct = sandbox.run(&["history", "import", "history.db"])?;
    assert_eq!(direct.code, Some(1));
    assert!(direct.stderr.contains("atuin history list --print0"), "{direct:?}");
    let rows = sandbox
        .run_program(&sandbox.program("sqlite3").args(["-readonly", "history.db", &query]), b"")?;
    let told =
        sandbox.run_program(&sandbox.ccc(&["history", "import", "-"]), rows.stdout.as_bytes())?;
    assert_eq!(
        told.stdout, "atuin: 2 commands imported from standard input\n",
        "{rows:?} {told:?}"
    );
    let list = listed(&sandbox)?;
    let facts = |command: &Value| {
        ["text", "cwd", "state", "status", "started", "duration_ms"]
            .map(|name| command[name].clone())
    };
    let failed: [Value; 6] = [
        "sh -c 'exit 3'".into(),
        "/srv".into(),
        "ended".into(),
        3.into(),
        1_700_000_000_123_u64.into(),
        1500.into(),
    ];
    assert_eq!(facts(&list[0]), failed);
    assert_eq!((&list[1]["status"], &list[1]["duration_ms"]), (&Value::Null, &Value::Null));
    let found = sandbox.json(&["history", "--json", "--exit", "failed", "--cwd", "/srv"])?;
    assert_eq!(found["commands"].as_array().map(Vec::len), Some(1));
    sandbox.end()
}

#[test]
fn the_client_pastes_an_imported_command_and_knows_no_place_of_it() -> Result<()> {
    if !installed("bash") {
        return Ok(());
    }
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure("shell = \"/bin/bash\"\n")?;
    let rc = "PS1='$ '\nHISTFILE=/dev/null\n";
    fs::write(sandbox.user_home().join(".bash_profile"), rc).expect("a file of the sandbox");
    sandbox.ok(&["new", "-d", "-n", "work"])?;
    let history = b": 1700000000:3;echo from-$((40+2))\n";
    let told = sandbox.run_program(&sandbox.ccc(&["history", "import", "-"]), history)?;
    assert_eq!(told.code, Some(0), "{told:?}");
    sandbox.ok(&["wait", "work", "--prompt", "--timeout", "60s"])?;
    let terminal = sandbox.attach(Size::new(80, 24), &["work"])?;
    terminal.wait_text("$", PATIENCE)?;
    terminal.type_keys("<C-b><C-r>")?;
    terminal.wait_text("imported:zsh", PATIENCE)?;
    terminal.type_keys("<C-g>")?;
    terminal.wait_text("there is no recording of it", PATIENCE)?;
    terminal.type_keys("<C-b><C-r>")?;
    terminal.wait_text("imported:zsh", PATIENCE)?;
    terminal.type_keys("<ret>")?;
    terminal.wait_text("$ echo from-$((40+2))", PATIENCE)?;
    terminal.type_keys("<ret>")?;
    terminal.wait_text("from-42", PATIENCE)?;
    sandbox.end()
}

/// What bash writes by default is commands and nothing else: only its name tells what it is.
#[test]
fn a_plain_history_is_known_by_its_name() -> Result<()> {
    let sandbox = home(&[(".bash_history", b"make test\n"), ("notes", b"make test\n")])?;
    let path = |name: &str| sandbox.user_home().join(name).display().to_string();
    let told = sandbox.ok(&["history", "import", &path(".bash_history")])?;
    assert!(told.starts_with("bash: 1 command imported"), "{told}");
    let unknown = sandbox.run(&["history", "import", &path("notes")])?;
    assert!(unknown.stderr.contains("does not tell whose history"), "{unknown:?}");
    Ok(())
}
