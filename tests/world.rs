//! The world that a program in a pane finds: terminal, shell, folder, environment, limits.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use ccc_testkit::{Program, Result, Sandbox};

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// What a command prints in a pane that this program asks for.
fn told(sandbox: &Sandbox, asking: &Program) -> Result<String> {
    let output = sandbox.run_program(asking, b"")?;
    assert_eq!(output.code, Some(0), "{output:?}");
    Ok(output.stdout)
}

fn run(sandbox: &Sandbox, script: &str) -> Program {
    sandbox.ccc(&["run", "--", "/bin/sh", "-c", script])
}

fn value<'a>(environment: &'a str, name: &str) -> Option<&'a str> {
    environment.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

#[test]
fn the_environment_is_the_asking_one_less_what_is_not_the_panes() -> Result<()> {
    let sandbox = sandbox()?;
    let mut asking = run(&sandbox, "env").env("KEPT", "a b").env("LANG", "C.UTF-8");
    for stripped in
        ["TMUX", "TMUX_PANE", "STY", "ZELLIJ", "COLUMNS", "LINES", "WINDOWID", "TERMCAP"]
    {
        asking = asking.env(stripped, "1");
    }
    let asking = asking.env("TERM", "dumb").env("COLORTERM", "no").env("CCC_PANE", "p99");
    let environment = told(&sandbox, &asking)?;
    let is = |name, wanted| assert_eq!(value(&environment, name), wanted, "{name}\n{environment}");
    is("TERM", Some("xterm-256color"));
    is("COLORTERM", Some("truecolor"));
    is("TERM_PROGRAM", Some("ccc"));
    is("KEPT", Some("a b"));
    is("LANG", Some("C.UTF-8"));
    is("CCC_PANE", Some("p1"));
    let state = sandbox.state();
    is("CCC_SERVER", state.to_str());
    is("CCC_SESSION", Some("s1"));
    is("CCC_TAB", Some("t1"));
    for stripped in
        ["TMUX", "TMUX_PANE", "STY", "ZELLIJ", "COLUMNS", "LINES", "WINDOWID", "TERMCAP"]
    {
        is(stripped, None);
    }
    Ok(())
}

#[test]
fn a_locale_without_utf_8_gets_its_characters() -> Result<()> {
    let sandbox = sandbox()?;
    let environment = told(&sandbox, &run(&sandbox, "env").env("LANG", "C"))?;
    assert_eq!(value(&environment, "LC_CTYPE"), Some("C.UTF-8"), "{environment}");
    let environment = told(&sandbox, &run(&sandbox, "env").env("LANG", "ko_KR.UTF-8"))?;
    assert_eq!(value(&environment, "LC_CTYPE"), None, "{environment}");
    Ok(())
}

#[test]
fn the_terminal_is_set_up_for_text() -> Result<()> {
    let sandbox = sandbox()?;
    let settings = told(&sandbox, &run(&sandbox, "stty -a"))?;
    let on = |name: &str| settings.split([' ', ';', '\n']).any(|word| word == name);
    assert!(on("iutf8") && on("icanon") && on("echo") && on("isig") && on("onlcr"), "{settings}");
    Ok(())
}

#[test]
fn the_folder_is_the_asking_one() -> Result<()> {
    let sandbox = sandbox()?;
    let folder = sandbox.home().join("with space 한글");
    let made = fs::create_dir(&folder);
    assert!(made.is_ok(), "{made:?}");
    assert_eq!(
        told(&sandbox, &run(&sandbox, "pwd").directory(&folder))?,
        format!("{}\n", folder.display())
    );
    let given = sandbox.ccc(&["run", "--cwd", "/usr", "--", "pwd"]);
    assert_eq!(told(&sandbox, &given)?, "/usr\n");
    let missing = sandbox.run(&["new", "-d", "--cwd", "/no/such/place"])?;
    assert!(missing.code != Some(0) && missing.stderr.contains("/no/such/place"), "{missing:?}");
    // A split is made where its neighbour is.
    sandbox.ok(&["new", "-d", "-n", "work"])?;
    sandbox.ok(&["wait", "work", "--match", r"^\$", "--timeout", "60s"])?;
    sandbox.ok(&["send", "work", "cd /usr/bin && echo in-$((0+1))", "--enter"])?;
    sandbox.ok(&["wait", "work", "--match", "^in-1$", "--timeout", "60s"])?;
    let pane = sandbox.ok(&["split", "work"])?;
    let pane = pane.trim();
    sandbox.ok(&["wait", pane, "--match", r"^\$", "--timeout", "60s"])?;
    sandbox.ok(&["send", pane, "pwd", "--enter"])?;
    sandbox.ok(&["wait", pane, "--match", "^/usr/bin$", "--timeout", "60s"])?;
    Ok(())
}

#[test]
fn the_shell_is_the_asking_ones_and_a_login_shell() -> Result<()> {
    let sandbox = sandbox()?;
    let shell = sandbox.home().join("my-shell");
    let script = "#!/bin/sh\necho \"shell $SHELL, name $0, with $#\"; read line\n";
    let made = fs::write(&shell, script)
        .and_then(|()| fs::set_permissions(&shell, fs::Permissions::from_mode(0o755)));
    assert!(made.is_ok(), "{made:?}");
    let asking = sandbox.ccc(&["new", "-d", "-n", "work"]).env("SHELL", &shell);
    told(&sandbox, &asking)?;
    sandbox.ok(&["wait", "work", "--match", "^shell .*my-shell, name ", "--timeout", "60s"])?;
    // What says that a shell is a login shell is the dash before its name; a script loses it.
    sandbox.ok(&["new", "-d", "-n", "login"])?;
    sandbox.ok(&["wait", "login", "--match", r"^\$", "--timeout", "60s"])?;
    sandbox.ok(&["send", "login", "echo \"name $0\"", "--enter"])?;
    sandbox.ok(&["wait", "login", "--match", "^name -(sh|/bin/sh)$", "--timeout", "60s"])?;
    Ok(())
}

#[test]
fn limits_masks_and_descriptors_are_a_fresh_programs() -> Result<()> {
    let sandbox = sandbox()?;
    // One that is there before does not give its own to those that ask later.
    sandbox.ok(&["serve", "--daemon"])?;
    let script = "umask 027; ulimit -Sn 999; \"$0\" run -- /bin/sh -c \
                  'umask; ulimit -Sn; cat /proc/self/oom_score_adj; grep SigIgn /proc/self/status'";
    let asking = sandbox.program("/bin/sh").args(["-c", script, env!("CARGO_BIN_EXE_ccc")]);
    let told_limits = told(&sandbox, &asking)?;
    let lines: Vec<&str> = told_limits.lines().collect();
    assert_eq!(lines.first().copied(), Some("0027"), "{told_limits}");
    assert!(lines.get(1).is_some_and(|limit| limit.parse::<u64>().is_ok()), "{told_limits}");
    assert_eq!(lines.get(2).copied(), Some("0"), "{told_limits}");
    // The C library keeps two signals above the 31 for itself, and may leave them ignored.
    let ignored = lines.get(3).and_then(|line| line.strip_prefix("SigIgn:\t"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask, 16).ok());
    assert_eq!(ignored.map(|mask| mask & 0x7fff_ffff), Some(0), "{told_limits}");
    let open = told(&sandbox, &sandbox.ccc(&["run", "--", "ls", "/proc/self/fd"]))?;
    // The listing itself holds a fourth.
    assert_eq!(open.split_whitespace().collect::<Vec<_>>(), ["0", "1", "2", "3"]);
    Ok(())
}
