//! Commands of real shells: what is remembered of them, what it takes to lose it, and what is never in it.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ccc_testkit::{Process, Result, Sandbox, Size, installed};
use serde_json::Value;

/// Far more than anything here takes, also on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A home whose panes run this shell, and one of them at its prompt.
fn with(shell: &str, rc: &[(&str, &str)]) -> Result<Option<Sandbox>> {
    with_settings(shell, rc, "")
}

fn with_settings(shell: &str, rc: &[(&str, &str)], settings: &str) -> Result<Option<Sandbox>> {
    if !installed(shell) {
        return Ok(None);
    }
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure(&format!("shell = \"{}\"\n{settings}", path_of(shell)))?;
    for (name, text) in rc {
        let path = sandbox.user_home().join(name);
        let folder = path.parent().map(fs::create_dir_all);
        assert!(folder.is_none_or(|made| made.is_ok()));
        fs::write(path, text).expect("a file of the sandbox");
    }
    sandbox.ok(&["new", "-d", "-n", "work"])?;
    Ok(Some(sandbox))
}

fn path_of(shell: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join(shell)).find(|path| path.is_file());
    found.map(|path| path.display().to_string()).unwrap_or_default()
}

fn at_prompt(sandbox: &Sandbox) -> Result<()> {
    sandbox.ok(&["wait", "work", "--prompt", "--timeout", "60s"]).map(drop)
}

fn see(sandbox: &Sandbox, pattern: &str) -> Result<()> {
    sandbox.ok(&["wait", "work", "--match", pattern, "--timeout", "60s"]).map(drop)
}

/// The remembered commands, newest last, once they are as is wanted. Each question is a process of its own.
#[track_caller]
fn until(sandbox: &Sandbox, wanted: impl Fn(&[Value]) -> bool) -> Result<Vec<Value>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = sandbox.run(&["history", "--json", "-n", "0"])?;
        let answer: Value = serde_json::from_str(&answer.stdout).unwrap_or_default();
        let list = answer["commands"].as_array().cloned().unwrap_or_default();
        if wanted(&list) {
            return Ok(list);
        }
        assert!(Instant::now() < deadline, "the commands did not come to that: {list:#?}");
    }
}

/// Runs a command and gives what is remembered of it when it has ended.
#[track_caller]
fn run(sandbox: &Sandbox, text: &str) -> Result<Value> {
    sandbox.ok(&["send", "work", text, "--enter"])?;
    let ended = |list: &[Value]| {
        list.last().is_some_and(|last| last["text"] == text.trim() && last["state"] != "running")
    };
    let list = until(sandbox, ended)?;
    Ok(list.last().cloned().unwrap_or_default())
}

/// What lies in the range of the recording that a command's output is said to have.
fn output(sandbox: &Sandbox, command: &Value) -> Result<String> {
    let bytes = sandbox.bytes(&["export", "--raw", "work"])?;
    let place = |name: &str| command["output"][name].as_u64().map(|place| place as usize);
    let range = place("from").unwrap_or(0)..place("to").unwrap_or(0);
    Ok(String::from_utf8_lossy(bytes.get(range).unwrap_or_default()).into_owned())
}

/// What a recording says by OSC 133, in its order.
fn marks(sandbox: &Sandbox) -> Result<String> {
    let bytes = sandbox.bytes(&["export", "--raw", "work"])?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(text.split("\x1b]133;").skip(1).filter_map(|mark| mark.chars().next()).collect())
}

fn home(sandbox: &Sandbox) -> String {
    sandbox.user_home().display().to_string()
}

/// The walk that every shell goes: text, status, directory, output, and the shell's own affairs.
fn walk(sandbox: &Sandbox, shell: &str) -> Result<()> {
    at_prompt(sandbox)?;
    let first = run(sandbox, r"printf 'abc\ndef\n'")?;
    assert_eq!((&first["status"], &first["state"]), (&Value::from(0), &Value::from("ended")));
    assert_eq!(first["cwd"], home(sandbox));
    assert_eq!(first["place"], "work:1.1");
    assert!(first["duration_ms"].as_u64().is_some_and(|ms| ms < 60_000), "{first}");
    let printed = output(sandbox, &first)?;
    let printed = if shell == "fish" { without_dress(&printed) } else { printed };
    assert_eq!(printed, "abc\r\ndef\r\n");

    let failed = run(sandbox, "sh -c 'exit 7'")?;
    assert_eq!(failed["status"], 7);
    let status = if shell == "fish" { "$status" } else { "$?" };
    let told = run(sandbox, &format!("echo was {status}"))?;
    assert!(output(sandbox, &told)?.contains("was 7"), "the status is the user's");

    run(sandbox, "cd /usr")?;
    let there = run(sandbox, "echo 한글 '100%;'")?;
    assert_eq!((&there["cwd"], &there["status"]), (&Value::from("/usr"), &Value::from(0)));
    assert!(output(sandbox, &there)?.contains("한글 100%;\r\n"));

    let took = run(sandbox, "sleep 1")?;
    let ms = took["duration_ms"].as_u64().unwrap_or(0);
    // Its beginning is noted when what the shell said of it is moved, which a busy machine does late.
    assert!((100..30_000).contains(&ms), "{took}");

    let only = sandbox.json(&["history", "--json", "--exit", "failed"])?;
    assert_eq!(only["commands"].as_array().map(Vec::len), Some(1), "{only}");
    let only = sandbox.json(&["history", "--json", "--cwd", "/usr", "SLEEP"])?;
    assert_eq!(only["commands"], Value::Array(Vec::new()));
    let only = sandbox.json(&["history", "--json", "--cwd", "/", "sleep"])?;
    assert_eq!(only["commands"].as_array().map(Vec::len), Some(1), "{only}");

    let left = run(sandbox, "env | grep -c CCC_SHELL")?;
    assert!(output(sandbox, &left)?.contains("0\r\n"), "what led to the script is gone");
    Ok(())
}

/// fish sets the title, and colours back, behind the mark.
fn without_dress(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.trim_start_matches('\r');
    while let Some((plain, dress)) = rest.split_once('\x1b') {
        out.push_str(plain);
        let end = match dress.chars().next() {
            Some(']') => dress.find('\x07').map(|at| at + 1),
            Some('(') => Some(2),
            _ => dress.find(|c: char| c.is_ascii_alphabetic()).map(|at| at + 1),
        };
        rest = dress.get(end.unwrap_or(dress.len())..).unwrap_or_default();
    }
    (out + rest).trim_start_matches('\r').to_owned()
}

const BASH_PROFILE: &str = r#"
PS1='me> '
PROMPT_COMMAND='seen="$seen[$?]"'
trap 'debugged=yes' DEBUG
HISTCONTROL=ignoreboth
[ -f ~/.bashrc ] && . ~/.bashrc
"#;

#[test]
fn bash_tells_its_commands_and_stays_what_the_user_made_of_it() -> Result<()> {
    let rc = [(".bash_profile", BASH_PROFILE), (".bashrc", "alias hi='echo hello'\n")];
    let Some(sandbox) = with("bash", &rc)? else { return Ok(()) };
    walk(&sandbox, "bash")?;
    see(&sandbox, r"^me> ")?;
    let check = |text: &str, expected: &str| -> Result<()> {
        let command = run(&sandbox, text)?;
        assert_eq!(output(&sandbox, &command)?.trim_end(), expected, "{text}");
        Ok(())
    };
    check("hi", "hello")?;
    check("shopt -q login_shell && echo login $0", "login -bash")?;
    check("shopt -qo posix || echo not posix", "not posix")?;
    check(r#"echo "[$ENV][$debugged]""#, "[][yes]")?;
    check("(exit 5)", "")?;
    check(r#"echo "${seen: -3}""#, "[5]")?;
    check("export -p | grep -c HISTFILE", "0")?;
    check("basename $HISTFILE", ".bash_history")?;
    // Kept out of the shell's history, so kept out of this one.
    sandbox.ok(&["send", "work", " echo kept-out", "--enter"])?;
    see(&sandbox, "^kept-out")?;
    let after = run(&sandbox, "echo after")?;
    let list = until(&sandbox, |list| !list.is_empty())?;
    assert!(!list.iter().any(|command| command["text"].as_str() != after["text"].as_str()
        && command["text"].as_str().is_some_and(|text| text.contains("kept-out"))));
    // A repetition is kept out as well, which is no reason to forget that it ran.
    sandbox.ok(&["send", "work", "echo after", "--enter"])?;
    let twice = |list: &[Value]| list.iter().filter(|c| c["text"] == "echo after").count() == 2;
    until(&sandbox, twice)?;
    // A shell in the shell is one command, whatever it does.
    sandbox.ok(&["send", "work", "bash --norc --noprofile", "--enter"])?;
    see(&sandbox, r"^bash-\S+[$#] ")?;
    sandbox.ok(&["send", "work", "echo inside; exit 3", "--enter"])?;
    let list = until(&sandbox, |list| list.last().is_some_and(|last| last["status"] == 3))?;
    assert_eq!(list.last().map(|last| &last["text"]), Some(&"bash --norc --noprofile".into()));
    Ok(())
}

const ZSHRC: &str = r#"
PS1='me> '
setopt hist_ignore_space
precmd() { seen=$? }
preexec() { began=$1 }
"#;

#[test]
fn zsh_tells_its_commands_and_stays_what_the_user_made_of_it() -> Result<()> {
    let rc = [(".zshrc", ZSHRC), (".zshenv", "mine=env\n")];
    let Some(sandbox) = with("zsh", &rc)? else { return Ok(()) };
    walk(&sandbox, "zsh")?;
    see(&sandbox, r"^me> ")?;
    let check = |text: &str, expected: &str| -> Result<()> {
        let command = run(&sandbox, text)?;
        assert_eq!(output(&sandbox, &command)?.trim_end(), expected, "{text}");
        Ok(())
    };
    check(
        r#"echo "[$mine][${ZDOTDIR-none}][$began]""#,
        r#"[env][none][echo "[$mine][${ZDOTDIR-none}][$began]"]"#,
    )?;
    check("[[ -o login ]] && echo login", "login")?;
    check("(exit 5)", "")?;
    check("echo $seen", "5")?;
    // Output without a line feed ends where it ends, and not where zsh marks that.
    check("printf no-feed", "no-feed")?;
    sandbox.ok(&["send", "work", " echo kept-out", "--enter"])?;
    see(&sandbox, "^kept-out")?;
    run(&sandbox, "echo after")?;
    let list = until(&sandbox, |list| !list.is_empty())?;
    assert!(
        !list
            .iter()
            .any(|command| command["text"].as_str().is_some_and(|t| t.contains("kept-out")))
    );
    Ok(())
}

#[test]
fn fish_tells_its_commands_and_stays_what_the_user_made_of_it() -> Result<()> {
    let config = "function fish_greeting; end\nfunction fish_prompt; echo 'me> '; end\n";
    let Some(sandbox) = with("fish", &[(".config/fish/config.fish", config)])? else {
        return Ok(());
    };
    walk(&sandbox, "fish")?;
    see(&sandbox, r"^me> ")?;
    let command =
        run(&sandbox, "status is-login; and echo login; set -q XDG_DATA_DIRS; or echo clean")?;
    assert_eq!(without_dress(&output(&sandbox, &command)?), "login\r\nclean\r\n");
    Ok(())
}

#[test]
fn nothing_is_lost_with_the_server_or_the_index() -> Result<()> {
    let Some(sandbox) = with("bash", &[(".bash_profile", "PS1='$ '\n")])? else { return Ok(()) };
    at_prompt(&sandbox)?;
    let pipe = sandbox.user_home().join("pipe");
    run(&sandbox, "mkfifo pipe")?;
    run(&sandbox, "sh -c 'exit 4'")?;
    sandbox.full_custody(PATIENCE)?;
    sandbox.ok(&["send", "work", "cat pipe", "--enter"])?;
    until(&sandbox, |list| list.last().is_some_and(|last| last["text"] == "cat pipe"))?;
    // It ends while nobody folds.
    let custody = sandbox.custody()?;
    let server = Process::open(custody.server.pid).expect("the server runs");
    server.kill();
    fs::write(&pipe, "late\n").expect("somebody reads the pipe");
    server.wait_end(PATIENCE)?;
    let ended = |list: &[Value]| list.last().is_some_and(|last| last["state"] == "ended");
    let list = until(&sandbox, ended)?;
    let texts: Vec<_> = list.iter().map(|command| command["text"].clone()).collect();
    assert_eq!(texts, ["mkfifo pipe", "sh -c 'exit 4'", "cat pipe"]);
    let last = list.last().cloned().unwrap_or_default();
    assert_eq!(output(&sandbox, &last)?, "late\r\n");
    assert!(last["duration_ms"].as_u64().is_some_and(|ms| ms < 600_000), "{last}");

    // The folder is deleted while no server has it open.
    sandbox.full_custody(PATIENCE)?;
    let server = Process::open(sandbox.custody()?.server.pid).expect("the server runs");
    server.kill();
    server.wait_end(PATIENCE)?;
    fs::remove_dir_all(sandbox.state().join("index")).expect("there was an index");
    assert_eq!(until(&sandbox, |list| list.len() == 3)?, list);
    let built = sandbox.json(&["doctor", "--rebuild-index", "--json"])?;
    assert_eq!((&built["panes"], &built["commands"]), (&Value::from(1), &Value::from(3)));
    assert_eq!(until(&sandbox, |list| list.len() == 3)?, list);
    Ok(())
}

#[test]
fn without_its_marks_a_pane_is_read_again() -> Result<()> {
    let Some(sandbox) = with("bash", &[(".bash_profile", "PS1='$ '\n")])? else { return Ok(()) };
    at_prompt(&sandbox)?;
    run(&sandbox, "echo one two")?;
    let last = run(&sandbox, r#"echo "$_""#)?;
    assert_eq!(output(&sandbox, &last)?, "two\r\n");
    let before = run(&sandbox, "false")?;
    // A pane that has ended is folded by nobody.
    sandbox.ok(&["send", "work", "exit", "--enter"])?;
    sandbox.run(&["wait", "s1", "--exit", "--timeout", "60s"])?;
    let last = until(&sandbox, |list| list.last().is_some_and(|last| last["text"] == "exit"))?;
    let server = Process::open(sandbox.custody()?.server.pid).expect("the server runs");
    sandbox.ok(&["serve", "--stop"])?;
    server.wait_end(PATIENCE)?;
    let ulid = before["ulid"].as_str().unwrap_or_default().to_owned();
    fs::remove_file(sandbox.state().join("panes").join(ulid).join("marks")).expect("marks");
    fs::remove_dir_all(sandbox.state().join("index")).expect("there was an index");
    sandbox.ok(&["new", "-d", "-n", "other"])?;
    let list = until(&sandbox, |list| list.len() == last.len())?;
    // Nobody told how that one ended.
    assert_eq!(list[3]["state"], "unknown", "{list:#?}");
    let facts = |command: &Value| {
        ["text", "status", "cwd", "output", "mark"].map(|name| command[name].clone())
    };
    assert_eq!(facts(&list[2]), facts(&before));
    // Times are those of the recording: within its events' pace of what was told then.
    let started = |command: &Value| command["started"].as_i64().unwrap_or(0);
    let apart = (started(&list[2]) - started(&before)).abs();
    assert!(apart < 5_000, "{apart} ms apart");
    // Forgetting the recording forgets its commands.
    sandbox.ok(&["rm", "s1"])?;
    until(&sandbox, <[Value]>::is_empty)?;
    Ok(())
}

/// Deleting a recording deletes its commands, also those in an index that no server has open.
#[test]
fn the_commands_of_a_deleted_recording_are_gone() -> Result<()> {
    let Some(sandbox) = with("bash", &[])? else { return Ok(()) };
    for session in ["work", "other"] {
        if session == "other" {
            sandbox.ok(&["new", "-d", "-n", "other"])?;
        }
        sandbox.ok(&["wait", session, "--prompt", "--timeout", "60s"])?;
        sandbox.ok(&["send", session, &format!("echo in-{session}; exit 3"), "--enter"])?;
        let known = |list: &[Value]| list.iter().any(|command| ends_in(command, session));
        until(&sandbox, known)?;
    }
    sandbox.ok(&["rec", "rm", "p1"])?;
    until(&sandbox, |list| !list.is_empty() && !list.iter().any(|c| ends_in(c, "work")))?;
    // A server that has not looked at the index yet.
    sandbox.ok(&["serve", "--stop", "--kill"])?;
    sandbox.ok(&["new", "-d", "-n", "third", "--", "cat"])?;
    sandbox.ok(&["rec", "rm", "p2"])?;
    until(&sandbox, <[Value]>::is_empty)?;
    Ok(())
}

/// Whether it is the command that ended a session, and it has.
fn ends_in(command: &Value, session: &str) -> bool {
    command["text"] == format!("echo in-{session}; exit 3") && command["state"] != "running"
}

#[test]
fn a_shell_that_marks_by_itself_is_left_alone() -> Result<()> {
    let own = r#"
PS0='\e]133;C\a'
PS1='\[\e]133;A\a\]$ \[\e]133;B\a\]'
PROMPT_COMMAND='printf "\e]133;D;%s\a" "$?"'
"#;
    let Some(sandbox) = with("bash", &[(".bash_profile", own)])? else { return Ok(()) };
    at_prompt(&sandbox)?;
    sandbox.ok(&["send", "work", "echo seen-$((1+1))", "--enter"])?;
    see(&sandbox, "^seen-2")?;
    sandbox.ok(&["send", "work", "echo seen-$((1+2))", "--enter"])?;
    see(&sandbox, "^seen-3")?;
    let deadline = Instant::now() + PATIENCE;
    while marks(&sandbox)?.matches('B').count() < 3 && Instant::now() < deadline {}
    assert_eq!(marks(&sandbox)?, "DABCDABCDAB");
    // It tells no texts: they are what was seen.
    let list = until(&sandbox, |list| list.len() == 2)?;
    let texts: Vec<_> = list.iter().map(|command| command["text"].clone()).collect();
    assert_eq!(texts, ["echo seen-$((1+1))", "echo seen-$((1+2))"]);
    Ok(())
}

#[test]
fn the_client_pastes_runs_again_and_goes_to_commands() -> Result<()> {
    let Some(sandbox) = with("bash", &[(".bash_profile", "PS1='$ '\n")])? else { return Ok(()) };
    at_prompt(&sandbox)?;
    run(&sandbox, "printf 'n%s\\n' one")?;
    run(&sandbox, "seq -f line-%g 200")?;
    run(&sandbox, "sh -c 'exit 3'")?;
    let terminal = sandbox.attach(Size::new(80, 24), &["work"])?;
    terminal.wait_text("line-200", PATIENCE)?;
    terminal.type_keys("<C-b><C-r>")?;
    terminal.wait_text("✗3", PATIENCE)?;
    // Pasted, and not run.
    terminal.write(b"print")?;
    terminal.wait_for("one command", PATIENCE, |screen| {
        let text = screen.contents();
        text.contains("printf") && !text.contains("exit 3")
    })?;
    terminal.type_keys("<ret>")?;
    terminal.wait_text("$ printf 'n%s\\n' one", PATIENCE)?;
    terminal.type_keys("<C-c>")?;
    // In scroll mode at its output.
    terminal.type_keys("<C-b><C-r>")?;
    terminal.wait_text("✗3", PATIENCE)?;
    terminal.write(b"printf")?;
    terminal.type_keys("<C-g>")?;
    terminal.wait_for("its output at the top", PATIENCE, |screen| {
        let text = screen.contents();
        let mut lines = text.lines();
        lines.next().is_some_and(|line| line.starts_with("$ printf"))
            && lines.next() == Some("none")
    })?;
    // Run again in a pane of its own, whose program ends as it did.
    terminal.type_keys("q<C-b><C-r>")?;
    terminal.wait_text("✗3", PATIENCE)?;
    terminal.write(b"exit")?;
    terminal.type_keys("<C-o>")?;
    terminal.wait_text("ended with status 3", PATIENCE)
}

#[test]
fn the_client_finds_what_ran_long_before_what_it_lists() -> Result<()> {
    let Some(sandbox) = with("bash", &[(".bash_profile", "PS1='$ '\n")])? else { return Ok(()) };
    // Of years, with the oldest first; more than the client lists.
    let mut years = String::from("#1500000000\nrsync -a /srv/attic box:\n");
    for number in 0..5_500 {
        let at = 1_600_000_000 + number;
        years.push_str(&format!("#{at}\nmake part-{number}\n"));
    }
    let import = sandbox.ccc(&["history", "import", "-", "--from", "bash"]);
    let told = sandbox.run_program(&import, years.as_bytes())?;
    assert_eq!(told.stdout, "bash: 5501 commands imported from standard input\n", "{told:?}");
    at_prompt(&sandbox)?;
    let terminal = sandbox.attach(Size::new(80, 24), &["work"])?;
    terminal.wait_text("C-b ? help", PATIENCE)?;
    terminal.type_keys("<C-b><C-r>")?;
    terminal.wait_text("make part-5499", PATIENCE)?;
    // By letters, from its beginning, and by an expression.
    terminal.write(b"rsyattic")?;
    terminal.wait_text("rsync -a /srv/attic box:", PATIENCE)?;
    terminal.wait_text("1 found", PATIENCE)?;
    terminal.type_keys("<C-u>")?;
    terminal.wait_text("make part-5499", PATIENCE)?;
    terminal.type_keys("<C-r>")?;
    terminal.write(b"rsync")?;
    terminal.wait_text("rsync -a /srv/attic box:", PATIENCE)?;
    terminal.type_keys("<C-r><C-u>")?;
    terminal.write(b"r.ync.*attic")?;
    terminal.wait_for("the answer to all of it", PATIENCE, |screen| {
        let text = screen.contents();
        text.contains("> r.ync.*attic") && text.contains(" 1 found")
    })?;
    terminal.type_keys("<ret>")?;
    terminal.wait_text("$ rsync -a /srv/attic box:", PATIENCE)
}

#[test]
fn a_command_that_fails_out_of_sight_leaves_its_mark() -> Result<()> {
    let rc = [(".bash_profile", "PS1='$ '\n")];
    let settings = "[history]\nlong_seconds = 1\n";
    let Some(sandbox) = with_settings("bash", &rc, settings)? else { return Ok(()) };
    at_prompt(&sandbox)?;
    sandbox.ok(&["tab", "new", "work", "--", "sleep", "1000"])?;
    let terminal = sandbox.attach(Size::new(80, 24), &["work:2"])?;
    terminal.wait_text("2:sleep*", PATIENCE)?;
    sandbox.ok(&["send", "work:1", "false", "--enter"])?;
    terminal.wait_text("1:shell#✗", PATIENCE)?;
    // Longer than a second also where its beginning is noted late.
    sandbox.ok(&["send", "work:1", "sleep 2.5", "--enter"])?;
    terminal.wait_text("1:shell!✗", PATIENCE)?;
    terminal.type_keys("<C-b>i")?;
    terminal.wait_text("sleep 2.5: done after ", PATIENCE)?;
    terminal.type_keys("<C-c><C-b>1")?;
    terminal.wait_text("1:shell* ", PATIENCE)
}

#[test]
fn a_tab_is_called_by_what_runs_in_it() -> Result<()> {
    let rc = [(".bash_profile", "PS1='$ '\n")];
    let Some(sandbox) = with("bash", &rc)? else { return Ok(()) };
    at_prompt(&sandbox)?;
    let terminal = sandbox.attach(Size::new(80, 24), &["work"])?;
    terminal.wait_text("1:shell*", PATIENCE)?;
    terminal.write(b"LC_ALL=C /bin/cat\r")?;
    terminal.wait_text("1:cat*", PATIENCE)?;
    let server = Process::open(sandbox.full_custody(PATIENCE)?.server.pid).expect("a server");
    server.kill();
    server.wait_end(PATIENCE)?;
    sandbox.full_custody(PATIENCE)?;
    terminal.write(b"still here\r")?;
    terminal.wait_text("still here", PATIENCE)?;
    terminal.wait_text("1:cat*", PATIENCE)?;
    terminal.type_keys("<C-d>")?;
    terminal.wait_text("1:shell*", PATIENCE)?;
    terminal.type_keys("<C-b>,")?;
    terminal.wait_text("rename", PATIENCE)?;
    terminal.write(b"\x15mine\r")?;
    terminal.wait_text("1:mine*", PATIENCE)?;
    terminal.write(b"echo begun; cat\r")?;
    // Longer than a name takes to change: what is typed is echoed and printed by the program.
    terminal.wait_for("the program", PATIENCE, |screen| {
        screen.contents().lines().any(|line| line.trim_end() == "begun")
    })?;
    sandbox.ok(&["wait", "work", "--idle", "1s", "--timeout", "60s"])?;
    terminal.wait_text("1:mine*", PATIENCE)
}

#[test]
fn a_setting_leaves_shells_alone() -> Result<()> {
    let rc = [(".bash_profile", "PS1='$ '\n")];
    let Some(sandbox) = with_settings("bash", &rc, "shell_integration = false\n")? else {
        return Ok(());
    };
    see(&sandbox, r"^\$ ")?;
    sandbox.ok(&["send", "work", "echo seen-$((1+1))", "--enter"])?;
    see(&sandbox, "^seen-2")?;
    assert_eq!(marks(&sandbox)?, "");
    let told = sandbox.run(&["history"])?;
    assert_eq!((told.code, told.stdout.as_str()), (Some(0), ""));
    assert!(told.stderr.contains("no commands are known"), "{told:?}");
    Ok(())
}

#[test]
fn what_is_typed_without_echo_is_nowhere() -> Result<()> {
    for shell in ["bash", "zsh"] {
        let rc = [(".bash_profile", "PS1='$ '\n"), (".zshrc", "PS1='$ '\n")];
        let Some(sandbox) = with(shell, &rc)? else { continue };
        at_prompt(&sandbox)?;
        sandbox.ok(&[
            "send",
            "work",
            "stty -echo; echo ready; read -rs word; stty echo; echo took ${#word}",
            "--enter",
        ])?;
        // Echo is off before that is printed, and not only by the shell that is about to read.
        see(&sandbox, "^ready")?;
        sandbox.ok(&["send", "work", "hunter2-by-read", "--enter"])?;
        see(&sandbox, "^took 15")?;
        let typed = until(&sandbox, |list| list.last().is_some_and(|last| last["status"] == 0))?;
        assert_eq!(typed.len(), 1, "{typed:#?}");
        sandbox.ok(&["doctor", "--rebuild-index"])?;
        // A server that leaves writes all it has.
        let server = Process::open(sandbox.custody()?.server.pid).expect("the server runs");
        sandbox.ok(&["serve", "--stop"])?;
        server.wait_end(PATIENCE)?;
        let mut found = Vec::new();
        grep(&sandbox.state(), b"hunter2", &mut found);
        assert_eq!(found, Vec::<String>::new());
        // The search finds what is there.
        grep(&sandbox.state(), b"took ${#word}", &mut found);
        assert!(!found.is_empty());
    }
    Ok(())
}

fn grep(folder: &Path, wanted: &[u8], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => grep(&path, wanted, found),
            Ok(kind) if kind.is_file() => {
                let bytes = fs::read(&path).unwrap_or_default();
                if bytes.windows(wanted.len()).any(|piece| piece == wanted) {
                    found.push(path.display().to_string());
                }
            }
            _ => {}
        }
    }
}
