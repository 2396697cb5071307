//! People are spoken to in their language: help, errors, listings. What programs read is the same in every one.

use ccc_testkit::{Output, Result, Sandbox};
use serde_json::Value;

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

fn run_in(sandbox: &Sandbox, language: &str, args: &[&str], input: &str) -> Result<Output> {
    // Wide enough that nothing is wrapped by the machine's own terminal.
    let program = sandbox.ccc(args).env("LANG", language).env("COLUMNS", "100");
    sandbox.run_program(&program, input.as_bytes())
}

fn korean(sandbox: &Sandbox, args: &[&str]) -> Result<Output> {
    run_in(sandbox, "ko_KR.UTF-8", args, "")
}

#[test]
fn help_is_korean_and_lines_up() -> Result<()> {
    let sandbox = sandbox()?;
    let help = korean(&sandbox, &["--help"])?;
    assert_eq!(help.code, Some(0));
    assert_eq!(help.stdout, include_str!("language/help.txt"));
    let attach = korean(&sandbox, &["attach", "--help"])?;
    assert_eq!(attach.stdout, include_str!("language/attach.txt"));
    let short = korean(&sandbox, &["attach", "-h"])?;
    assert_eq!(short.stdout, include_str!("language/attach-short.txt"));
    // `help` shows the same, and the other languages are English.
    assert_eq!(korean(&sandbox, &["help", "attach"])?, attach);
    let english = run_in(&sandbox, "de_DE.UTF-8", &["--help"], "")?;
    assert_eq!(english, run_in(&sandbox, "C.UTF-8", &["--help"], "")?);
    assert!(english.stdout.contains("\nUsage: ccc [OPTIONS] <COMMAND>\n\nCommands:\n"));
    // Without a command it is an error, with the same words.
    let bare = korean(&sandbox, &[])?;
    assert_eq!((bare.code, bare.stderr), (Some(2), help.stdout));
    Ok(())
}

#[test]
fn the_configuration_says_which_language_and_a_broken_one_is_no_hindrance() -> Result<()> {
    let sandbox = sandbox()?;
    let usage = |language: &str| -> Result<bool> {
        let help = run_in(&sandbox, language, &["ls", "--help"], "")?;
        assert_eq!(help.code, Some(0), "{help:?}");
        Ok(help.stdout.contains("사용법: ccc ls"))
    };
    assert!(!usage("en_US.UTF-8")?);
    sandbox.configure("language = \"ko\"\n")?;
    assert!(usage("en_US.UTF-8")?);
    sandbox.configure("language = \"en\"\n")?;
    assert!(!usage("ko_KR.UTF-8")?);
    sandbox.configure("prefix = \"C-a\n= [")?;
    assert!(usage("ko_KR.UTF-8")?);
    sandbox.configure("language = \"tlh\"\n")?;
    assert!(usage("ko_KR.UTF-8")?);
    Ok(())
}

#[test]
fn errors_are_korean_with_the_same_codes() -> Result<()> {
    let sandbox = sandbox()?;
    let state = sandbox.state();
    let check = |args: &[&str], code: i32, said: &str| -> Result<()> {
        let ended = korean(&sandbox, args)?;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(code), ""), "{ended:?}");
        assert_eq!(ended.stderr, said, "{args:?}");
        let english = run_in(&sandbox, "C.UTF-8", args, "")?;
        assert_eq!(english.code, Some(code), "{english:?}");
        assert!(english.stderr.is_ascii(), "{english:?}");
        Ok(())
    };
    check(
        &["ls"],
        4,
        &format!(
            "오류: 세션 목록 보기: {}의 서버가 돌고 있지 않습니다\n\
             도움: `ccc attach`나 `ccc serve`로 시작할 수 있습니다\n",
            state.display()
        ),
    )?;
    sandbox.ok(&["new", "-d", "-n", "work"])?;
    check(
        &["kill", "wrok"],
        3,
        "오류: kill wrok: \"wrok\"(이)라는 세션, 탭, 창이 없습니다. 가장 비슷한 것은 \"work\"입니다\n도움: ccc ls\n",
    )?;
    check(
        &["attach", "work"],
        2,
        "오류: attach work: 표준 입력과 출력이 터미널이 아닙니다\n\
         도움: 스크립트에서는 `ccc new -d`와 `ccc send`를 쓰십시오\n",
    )?;
    check(
        &["rec", "info", "/nowhere/"],
        1,
        "오류: 녹화 살피기: /nowhere/pane.toml을(를) 열지 못했습니다\n\
         원인: 그런 파일이나 디렉터리가 없습니다 (os error 2)\n",
    )?;
    // A server that does not come up says why to the one who started it, who translates.
    let second = korean(&sandbox, &["serve", "--daemon"])?;
    assert!(second.stderr.starts_with("오류: 백그라운드에서 서버 실행: serve: /"), "{second:?}");
    assert!(second.stderr.contains("의 서버가 이미 프로세스 "), "{second:?}");
    assert!(second.stderr.ends_with("(으)로 돌고 있습니다\n도움: ccc ls\n"), "{second:?}");
    // What clap says.
    let more = "\n\n자세한 것은 '--help'로 볼 수 있습니다.\n";
    check(
        &["attach", "--crate"],
        2,
        &format!(
            "오류: '--crate': 알 수 없는 인자입니다\n\n  제안: 비슷한 인자가 있습니다: '--create'\n\n\
             사용법: ccc attach --create [TARGET]{more}"
        ),
    )?;
    check(
        &["wait", "work", "--prompt", "--timeout", "3x"],
        2,
        &format!(
            "오류: '3x': '--timeout <TIME>'에 쓸 수 없는 값입니다: 시간은 500ms, 10s, 2m, 1h처럼 씁니다{more}"
        ),
    )?;
    check(
        &["role", "anna", "king"],
        2,
        &format!(
            "오류: 'king': '<ROLE>'에 쓸 수 없는 값입니다\n  [가능한 값: viewer, operator, admin]{more}"
        ),
    )?;
    check(
        &["rm"],
        2,
        &format!(
            "오류: 꼭 있어야 하는 인자가 없습니다:\n  <TARGET>\n\n사용법: ccc rm <TARGET>{more}"
        ),
    )?;
    sandbox.end()
}

#[test]
fn listings_are_korean_and_line_up() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["new", "-d", "-n", "일"])?;
    sandbox.ok(&["tab", "new", "일", "-d"])?;
    sandbox.ok(&["new", "-d", "-n", "work"])?;
    assert_eq!(
        korean(&sandbox, &["ls"])?.stdout,
        "s1  일    탭 2개  창 2개  떨어짐\n\
         s2  work  탭 1개  창 1개  떨어짐\n"
    );
    assert_eq!(
        sandbox.ok(&["ls"])?,
        "s1  일    2 tabs  2 panes  detached\n\
         s2  work  1 tab   1 pane   detached\n"
    );
    let recordings = korean(&sandbox, &["rec", "ls"])?.stdout;
    let head: Vec<_> = recordings.lines().next().unwrap_or_default().split_whitespace().collect();
    assert_eq!(head, ["녹화", "창", "상태", "세션", "시작", "길이", "바이트", "디스크", "명령"]);
    assert!(recordings.contains(" 실행 중  일 "), "{recordings}");
    let top = korean(&sandbox, &["top", "--once"])?.stdout;
    assert!(top.starts_with("창 "), "{top}");
    sandbox.end()
}

/// Numbers that are others at each look are no difference.
fn without_digits(text: &str) -> String {
    let mut found = String::new();
    for c in text.chars() {
        match c.is_ascii_digit() || (c == '.' && found.ends_with('0')) {
            true if found.ends_with('0') => {}
            true => found.push('0'),
            false => found.push(c),
        }
    }
    found
}

#[test]
fn what_programs_read_is_the_same_in_every_language() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["new", "-d", "-n", "work", "--", "sh", "-c", "echo hello; exec cat"])?;
    sandbox.ok(&["wait", "work", "--match", "hello"])?;
    // What was seen of the audit is remembered from here on.
    sandbox.ok(&["audit", "verify"])?;
    for args in [
        &["ls", "--json"][..],
        &["ls", "--clients", "--json"],
        &["tab", "ls", "work", "--json"],
        &["pane", "ls", "--json"],
        &["rec", "ls", "--json"],
        &["rec", "info", "work", "--json"],
        &["rec", "verify", "--json"],
        &["rec", "resume", "work", "--json"],
        &["history", "--json"],
        &["search", "hello", "--json"],
        &["search", "nowhere", "--json"],
        &["who", "--json"],
        &["who", "--all", "--json"],
        &["hosts", "ls", "--json"],
        &["token", "ls", "--json"],
        &["invite", "--role", "viewer", "--code", "--json"],
        &["audit", "verify", "--json"],
        &["doctor", "--json"],
        &["top", "--json"],
        &["version", "--json"],
        &["config", "path", "--json"],
        &["config", "check", "--json"],
        &["capture", "work"],
        &["capture", "work", "--json"],
        &["export", "work", "--txt"],
        &["layout", "save", "work"],
        &["completions", "zsh"],
        &["man"],
    ] {
        let english = run_in(&sandbox, "C.UTF-8", args, "")?;
        let korean = korean(&sandbox, args)?;
        assert_eq!(english.code, korean.code, "{args:?}: {korean:?}");
        if args.contains(&"--code") {
            // Another code each time, of words.
            let keys = |text: &str| -> Vec<String> {
                let value: Value = serde_json::from_str(text).unwrap_or_default();
                value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
            };
            assert_eq!(keys(&english.stdout).len(), 5, "{english:?}");
            assert_eq!(keys(&english.stdout), keys(&korean.stdout));
            continue;
        }
        let (theirs, ours) = (without_digits(&english.stdout), without_digits(&korean.stdout));
        assert_eq!(theirs, ours, "{args:?}");
        assert!(!theirs.is_empty(), "{args:?}");
    }
    // A control stream is for programs, with its errors.
    let lines = "{\"id\": 1, \"args\": [\"kill\", \"nope\"]}\n{\"id\": 2, \"args\": [\"nope\"]}\n";
    let english = run_in(&sandbox, "C.UTF-8", &["control"], lines)?;
    let korean = run_in(&sandbox, "ko_KR.UTF-8", &["control"], lines)?;
    let sorted = |output: &Output| {
        let mut lines: Vec<_> = output.stdout.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&english), sorted(&korean));
    assert!(english.stdout.contains("no session, tab or pane is called"), "{english:?}");
    sandbox.end()
}
