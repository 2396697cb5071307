//! One test for each sentence about the world that a program is born into.

use std::collections::BTreeMap;

use super::*;

const LINKS: &str = "/state/sessions/X/links";

/// A birth that tests change in one place.
struct Asked {
    spawn: Spawn,
    same_machine: bool,
    shell: Option<&'static str>,
    term: Option<&'static str>,
    scripts: Option<&'static str>,
    account: Account,
    login: Vec<Variable>,
    reported: Option<&'static str>,
    foreground: Option<&'static str>,
}

fn local() -> Asked {
    Asked {
        spawn: Spawn {
            shell: b"/usr/bin/fish".into(),
            fallback_cwd: Some(b"/there".into()),
            env: variables(&[("HOME", "/home/ann"), ("LANG", "ko_KR.UTF-8"), ("EDITOR", "vim")]),
            umask: Some(0o027),
            open_files: Some(512),
            ..Spawn::default()
        },
        same_machine: true,
        shell: None,
        term: None,
        scripts: None,
        account: Account {
            user: "ann".into(),
            home: "/home/ann".into(),
            shell: "/bin/bash".into(),
        },
        login: variables(&[("PATH", "/login/bin"), ("LANG", "C.UTF-8"), ("TERM", "linux")]),
        reported: None,
        foreground: None,
    }
}

fn remote() -> Asked {
    Asked { same_machine: false, ..local() }
}

impl Asked {
    fn env(mut self, list: &[(&str, &str)]) -> Self {
        self.spawn.env = variables(list);
        self
    }

    fn argv(mut self, words: &[&str]) -> Self {
        self.spawn.argv = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        self
    }

    fn try_world(&self) -> Result<World, WorldError> {
        world(&Birth {
            spawn: &self.spawn,
            same_machine: self.same_machine,
            shell: self.shell.map(Path::new),
            term: self.term,
            account: &self.account,
            login_environment: &self.login,
            asking_pane: Some(PaneDirectories {
                reported: self.reported.map(Path::new),
                foreground: self.foreground.map(Path::new),
            }),
            scripts: self.scripts.map(Path::new),
            links: Path::new(LINKS),
            server: Path::new("/state"),
            session: SessionId(3),
            tab: TabId(7),
            pane: PaneId(12),
            version: "0.1.0",
            open_files: Some(1024),
        })
    }

    fn world(&self) -> World {
        self.try_world().unwrap()
    }

    fn found(&self) -> BTreeMap<String, String> {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let environment = self.world().environment.into_iter();
        environment.map(|(name, value)| (text(name), text(value))).collect()
    }

    #[track_caller]
    fn check(&self, name: &str, expected: Option<&str>) {
        assert_eq!(self.found().get(name).map(String::as_str), expected, "{name}");
    }

    /// Directories as text; `?` marks those that may be missing.
    fn directories(&self) -> Vec<String> {
        let shown = |directory: Directory| {
            let mark = if directory.must_exist { "" } else { "?" };
            format!("{}{mark}", directory.path.display())
        };
        self.world().directories.into_iter().map(shown).collect()
    }
}

fn variables(list: &[(&str, &str)]) -> Vec<Variable> {
    list.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec())).collect()
}

// TERM.

#[test]
fn term_is_known_wherever_ssh_goes() {
    let asked = local().env(&[("TERM", "foot"), ("COLORTERM", "24bit"), ("TERM_PROGRAM", "x")]);
    asked.check("TERM", Some("xterm-256color"));
    asked.check("COLORTERM", Some("truecolor"));
    asked.check("TERM_PROGRAM", Some("ccc"));
    asked.check("TERM_PROGRAM_VERSION", Some("0.1.0"));
}

#[test]
fn a_setting_changes_term() {
    Asked { term: Some("tmux-256color"), ..local() }.check("TERM", Some("tmux-256color"));
}

// Shell.

#[track_caller]
fn check_shell(asked: &Asked, shell: &str, argv0: &str) {
    let world = asked.world();
    assert_eq!(String::from_utf8(world.program).unwrap(), shell);
    assert_eq!(world.argv, [argv0.as_bytes()]);
    asked.check("SHELL", Some(shell));
}

#[test]
fn the_shell_is_the_setting_then_the_askers_then_passwd_then_sh_and_a_login_shell() {
    let set = Asked { shell: Some("/opt/zsh"), ..local() };
    check_shell(&set, "/opt/zsh", "-zsh");
    check_shell(&local(), "/usr/bin/fish", "-fish");
    let mut asked = local();
    asked.spawn.shell = Vec::new();
    check_shell(&asked, "/bin/bash", "-bash");
    asked.account.shell = PathBuf::new();
    check_shell(&asked, "/bin/sh", "-sh");
}

#[test]
fn the_shell_of_a_remote_asker_means_nothing_here() {
    check_shell(&remote(), "/bin/bash", "-bash");
}

#[test]
fn a_relative_shell_is_none() {
    let mut asked = local();
    asked.spawn.shell = b"fish".into();
    check_shell(&asked, "/bin/bash", "-bash");
}

#[test]
fn a_given_command_runs_without_a_shell() {
    let world = local().argv(&["make", "test && rm x"]).world();
    assert_eq!(world.program, b"make");
    assert_eq!(world.argv, [b"make".to_vec(), b"test && rm x".to_vec()]);
}

#[test]
fn a_command_that_cannot_be_one_is_refused() {
    assert_eq!(local().argv(&["a", "b\0c"]).try_world(), Err(WorldError::ZeroByte { index: 1 }));
    assert_eq!(local().argv(&["", "b"]).try_world(), Err(WorldError::NoCommand));
}

// Working directory.

#[test]
fn a_directory_asked_for_by_name_is_the_only_one() {
    let mut asked = Asked { reported: Some("/pane"), ..local() };
    asked.spawn.cwd = Some(b"/asked".into());
    assert_eq!(asked.directories(), ["/asked"]);
    asked.spawn.cwd = Some(b"sub/dir".into());
    assert_eq!(asked.directories(), ["/there/sub/dir"]);
    asked.spawn.cwd = Some(b"~/src".into());
    assert_eq!(asked.directories(), ["/home/ann/src"]);
    let mut asked = remote();
    asked.spawn.cwd = Some(b"sub".into());
    assert_eq!(asked.directories(), ["/home/ann/sub"]);
}

#[test]
fn else_the_asking_panes_which_its_shell_reported_or_its_foreground_has() {
    let asked = Asked { reported: Some("/osc7"), foreground: Some("/fg"), ..local() };
    assert_eq!(asked.directories(), ["/osc7?", "/fg"]);
    let asked = Asked { foreground: Some("/fg"), ..local() };
    assert_eq!(asked.directories(), ["/fg"]);
}

#[test]
fn else_the_askers_on_the_same_machine() {
    assert_eq!(local().directories(), ["/there"]);
    let asked = Asked { reported: Some("/osc7"), ..local() };
    assert_eq!(asked.directories(), ["/osc7?", "/there"]);
    assert_eq!(remote().directories(), ["/home/ann"]);
}

#[test]
fn else_home() {
    let mut asked = local();
    asked.spawn.fallback_cwd = None;
    assert_eq!(asked.directories(), ["/home/ann"]);
    let asked = asked.env(&[("HOME", "/elsewhere")]);
    assert_eq!(asked.directories(), ["/elsewhere"]);
    let asked = asked.env(&[("HOME", "relative")]);
    assert_eq!(asked.directories(), ["/home/ann"]);
}

#[test]
fn only_a_reported_directory_may_be_missing() {
    let every = [
        local(),
        remote(),
        Asked { reported: Some("/a"), ..local() },
        Asked { reported: Some("/a"), foreground: Some("/b"), ..remote() },
    ];
    for asked in every {
        let directories = asked.world().directories;
        let (last, others) = directories.split_last().unwrap();
        assert!(last.must_exist && others.iter().all(|other| !other.must_exist));
    }
}

#[test]
fn pwd_is_the_directory_that_was_chosen() {
    let world = local().env(&[("PWD", "/stale"), ("A", "b")]).world();
    let environment = world.environment_in(Path::new("/chosen"));
    let pwd: Vec<_> = environment.iter().filter(|(name, _)| name == b"PWD").collect();
    assert_eq!(pwd, [&(b"PWD".to_vec(), b"/chosen".to_vec())]);
    assert_eq!(environment.len(), world.environment.len());
}

#[test]
fn a_report_is_a_path_of_this_host() {
    let path = |report| {
        reported_directory(report, "box.example.org").map(|path| path.display().to_string())
    };
    assert_eq!(path("file:///home/ann"), Some("/home/ann".into()));
    assert_eq!(path("file://box/tmp"), Some("/tmp".into()));
    assert_eq!(path("file://BOX.local/tmp"), Some("/tmp".into()));
    assert_eq!(path("file://localhost/a%20b/%EC%84%9C"), Some("/a b/서".into()));
    assert_eq!(path("file://localhost/100%/%zz"), Some("/100%/%zz".into()));
    assert_eq!(path("kitty-shell-cwd://box/a%20b"), Some("/a%20b".into()));
    assert_eq!(path("/plain"), Some("/plain".into()));
    assert_eq!(path("file://other/tmp"), None);
    assert_eq!(path("http://box/tmp"), None);
    assert_eq!(path("file://box"), None);
    assert_eq!(path("relative"), None);
    assert_eq!(path("file:///a%00b"), None);
    assert_eq!(path(""), None);
}

// Environment.

#[test]
fn a_local_asker_gives_its_whole_environment() {
    let asked = local().env(&[("EDITOR", "vim"), ("SECRET", "a=b"), ("EMPTY", "")]);
    asked.check("EDITOR", Some("vim"));
    asked.check("SECRET", Some("a=b"));
    asked.check("EMPTY", Some(""));
    let path = asked.found().remove("PATH");
    assert_ne!(path.as_deref(), Some("/login/bin"), "nothing of the server's login");
}

#[test]
fn what_belongs_to_the_askers_terminal_is_taken_away() {
    let names = [
        "TERMINFO",
        "TERMINFO_DIRS",
        "TERM_SESSION_ID",
        "TERMCAP",
        "TMUX",
        "TMUX_PANE",
        "TMUX_TMPDIR",
        "STY",
        "ZELLIJ",
        "ZELLIJ_SESSION_NAME",
        "CCC_HOME",
        "CCC_ANYTHING",
        "COLUMNS",
        "LINES",
        "WINDOWID",
    ];
    let list: Vec<_> = names.iter().map(|name| (*name, "x")).collect();
    let (local, remote) = (local().env(&list), Asked { login: variables(&list), ..remote() });
    for name in names {
        local.check(name, None);
        remote.check(name, None);
    }
    local.env(&[("STYLE", "x"), ("TMU", "x")]).check("STYLE", Some("x"));
}

#[test]
fn a_remote_asker_gives_language_and_time_zone_over_the_servers_login() {
    let asked = remote().env(&[
        ("LANG", "ko_KR.UTF-8"),
        ("LC_TIME", "en_DK.UTF-8"),
        ("TZ", "Asia/Seoul"),
        ("NO_COLOR", "1"),
        ("PATH", "/their/bin"),
        ("LD_PRELOAD", "/their.so"),
        ("HOME", "/their/home"),
        ("SSH_AUTH_SOCK", "/their/agent"),
    ]);
    asked.check("LANG", Some("ko_KR.UTF-8"));
    asked.check("LC_TIME", Some("en_DK.UTF-8"));
    asked.check("TZ", Some("Asia/Seoul"));
    asked.check("NO_COLOR", Some("1"));
    asked.check("PATH", Some("/login/bin"));
    asked.check("LD_PRELOAD", None);
    asked.check("HOME", Some("/home/ann"));
    asked.check("SSH_AUTH_SOCK", None);
}

#[test]
fn what_is_asked_for_by_name_wins_but_not_over_where_the_pane_is() {
    let mut asked = local();
    asked.spawn.set_env = variables(&[
        ("EDITOR", "ed"),
        ("TERM", "vt100"),
        ("CCC_PANE", "p1"),
        ("CCC_X", "y"),
        ("A=B", "c"),
    ]);
    asked.check("EDITOR", Some("ed"));
    asked.check("TERM", Some("vt100"));
    asked.check("CCC_PANE", Some("p12"));
    asked.check("CCC_X", None);
    asked.check("A=B", None);
}

#[test]
fn the_place_of_birth_is_told() {
    let asked = local().env(&[("CCC_PANE", "p1"), ("CCC_SERVER", "/other")]);
    asked.check("CCC_PANE", Some("p12"));
    asked.check("CCC_SERVER", Some("/state"));
    asked.check("CCC_SESSION", Some("s3"));
    asked.check("CCC_TAB", Some("t7"));
}

#[test]
fn an_empty_environment_still_has_what_programs_need() {
    let asked = local().env(&[]);
    asked.check("HOME", Some("/home/ann"));
    asked.check("USER", Some("ann"));
    asked.check("LOGNAME", Some("ann"));
    asked.check("PATH", Some("/usr/local/bin:/usr/bin:/bin"));
}

#[test]
fn what_can_be_no_variable_is_dropped_and_the_last_of_two_counts() {
    let list = [("", "x"), ("A=B", "x"), ("C", "x\0y"), ("D\0", "x"), ("E", "1"), ("E", "2")];
    assert_eq!(cleaned(&variables(&list)), variables(&[("E", "2")]));
}

#[test]
fn variables_need_not_be_text() {
    let mut asked = local();
    asked.spawn.env.push((b"RAW\xff".to_vec(), b"\xfe".to_vec()));
    let environment = asked.world().environment;
    assert!(environment.contains(&(b"RAW\xff".to_vec(), b"\xfe".to_vec())));
}

// Stable links.

#[test]
fn sockets_of_the_askers_login_are_named_by_links_that_stay() {
    let asked = local().env(&[
        ("SSH_AUTH_SOCK", "/tmp/ssh-x/agent.1"),
        ("DISPLAY", ":0"),
        ("XDG_RUNTIME_DIR", "/run/user/7"),
        ("WAYLAND_DISPLAY", "wayland-0"),
    ]);
    asked.check("SSH_AUTH_SOCK", Some("/state/sessions/X/links/ssh-agent.sock"));
    asked.check("DISPLAY", Some("/state/sessions/X/links/x11.sock"));
    asked.check("WAYLAND_DISPLAY", Some("/state/sessions/X/links/wayland.sock"));
    let links: Vec<_> = asked.world().links.into_iter().collect();
    assert_eq!(
        links,
        [
            ("ssh-agent.sock", PathBuf::from("/tmp/ssh-x/agent.1")),
            ("x11.sock", "/tmp/.X11-unix/X0".into()),
            ("wayland.sock", "/run/user/7/wayland-0".into()),
        ]
    );
}

#[test]
fn what_the_asker_has_not_is_not_named() {
    for name in ["SSH_AUTH_SOCK", "DISPLAY", "WAYLAND_DISPLAY"] {
        local().check(name, None);
    }
    assert_eq!(local().world().links, []);
}

#[test]
fn a_display_that_is_no_local_socket_stays_as_it_is() {
    for display in ["localhost:10.0", "box:0", ":1", ":0.1", "nonsense"] {
        let asked = local().env(&[("DISPLAY", display)]);
        asked.check("DISPLAY", Some(display));
        assert_eq!(asked.world().links, []);
    }
}

#[test]
fn a_link_never_points_at_itself() {
    let link = "/state/sessions/X/links/ssh-agent.sock";
    let asked = local().env(&[("SSH_AUTH_SOCK", link)]);
    asked.check("SSH_AUTH_SOCK", Some(link));
    assert_eq!(asked.world().links, []);
}

#[test]
fn a_link_whose_path_no_socket_may_have_is_not_used() {
    let asked = local().env(&[("SSH_AUTH_SOCK", "/agent")]);
    let long = PathBuf::from(format!("/{}", "x".repeat(100)));
    let birth = Birth {
        spawn: &asked.spawn,
        same_machine: true,
        shell: None,
        term: None,
        account: &asked.account,
        login_environment: &[],
        asking_pane: None,
        scripts: None,
        links: &long,
        server: Path::new("/state"),
        session: SessionId(1),
        tab: TabId(1),
        pane: PaneId(1),
        version: "0",
        open_files: None,
    };
    let world = world(&birth).unwrap();
    assert!(world.environment.contains(&(b"SSH_AUTH_SOCK".to_vec(), b"/agent".to_vec())));
    assert_eq!(world.links, []);
}

// Locale.

#[test]
fn a_utf8_locale_stays() {
    for locale in ["ko_KR.UTF-8", "en_US.utf8", "C.UTF-8", "de_DE.UTF-8@euro", "UTF-8"] {
        for name in ["LANG", "LC_CTYPE", "LC_ALL"] {
            let asked = local().env(&[(name, locale)]);
            asked.check(name, Some(locale));
            asked.check("LC_CTYPE", (name == "LC_CTYPE").then_some(locale));
        }
    }
}

#[test]
fn without_a_utf8_locale_characters_are_utf8_all_the_same() {
    local().env(&[]).check("LC_CTYPE", Some("C.UTF-8"));
    local().env(&[("LANG", "C")]).check("LC_CTYPE", Some("C.UTF-8"));
    local().env(&[("LANG", "ko_KR.EUC-KR")]).check("LC_CTYPE", Some("C.UTF-8"));
    local().env(&[("LC_CTYPE", "POSIX"), ("LANG", "C.UTF-8")]).check("LC_CTYPE", Some("C.UTF-8"));
    local().env(&[("LC_ALL", ""), ("LANG", "en_US.UTF-8")]).check("LC_CTYPE", None);
}

#[test]
fn an_lc_all_that_would_win_becomes_the_lang_that_it_stood_for() {
    let asked =
        local().env(&[("LC_ALL", "C"), ("LANG", "ko_KR.UTF-8"), ("LC_TIME", "en_DK.UTF-8")]);
    asked.check("LC_ALL", None);
    asked.check("LANG", Some("C"));
    asked.check("LC_TIME", None);
    asked.check("LC_CTYPE", Some("C.UTF-8"));
}

// Limits.

#[test]
fn umask_and_open_files_are_the_askers_on_the_same_machine() {
    let world = local().world();
    assert_eq!((world.umask, world.open_files), (Some(0o027), Some(512)));
    let world = remote().world();
    assert_eq!((world.umask, world.open_files), (None, Some(1024)));
    let mut asked = local();
    (asked.spawn.umask, asked.spawn.open_files) = (Some(0o7777), None);
    let world = asked.world();
    assert_eq!((world.umask, world.open_files), (Some(0o777), Some(1024)));
}

// Marks.

fn led(shell: &'static str, env: &[(&str, &str)]) -> (Vec<String>, BTreeMap<String, String>) {
    let asked = Asked { shell: Some(shell), scripts: Some("/s"), ..local() }.env(env);
    let argv = asked.world().argv.into_iter().map(|word| String::from_utf8(word).unwrap());
    (argv.collect(), asked.found())
}

#[test]
fn bash_stays_a_login_shell_and_reads_its_script() {
    let (argv, found) = led("/bin/bash", &[("ENV", "/mine"), ("HOME", "/home/ann")]);
    assert_eq!(argv, ["bash", "--login", "--posix"]);
    assert_eq!(found["ENV"], "/s/bash/ccc.bash");
    assert_eq!(found["CCC_SHELL_ENV"], "/mine");
    assert_eq!(found["HISTFILE"], "/home/ann/.bash_history");
    assert!(found.contains_key("CCC_SHELL_HISTFILE"));
    let (_, found) = led("/bin/bash", &[("HISTFILE", "/h")]);
    assert_eq!(found["HISTFILE"], "/h");
    assert!(!found.contains_key("CCC_SHELL_HISTFILE") && !found.contains_key("CCC_SHELL_ENV"));
}

#[test]
fn zsh_and_fish_find_their_scripts_and_what_was_there() {
    let (argv, found) = led("/bin/zsh", &[("ZDOTDIR", "/z")]);
    assert_eq!(argv, ["-zsh"]);
    assert_eq!((found["ZDOTDIR"].as_str(), found["CCC_SHELL_ZDOTDIR"].as_str()), ("/s/zsh", "/z"));
    assert!(!led("/bin/zsh", &[]).1.contains_key("CCC_SHELL_ZDOTDIR"));
    let (_, found) = led("/bin/fish", &[]);
    assert_eq!(found["XDG_DATA_DIRS"], "/s:/usr/local/share:/usr/share");
    assert_eq!(found["CCC_SHELL_DATA_DIRS"], "");
    let (_, found) = led("/bin/fish", &[("XDG_DATA_DIRS", "/d")]);
    assert_eq!(found["XDG_DATA_DIRS"], "/s:/d");
    assert_eq!(found["CCC_SHELL_DATA_DIRS"], "x/d");
}

#[test]
fn only_login_shells_that_are_known_are_led() {
    let (argv, found) = led("/bin/dash", &[]);
    assert_eq!(argv, ["-dash"]);
    assert!(!found.contains_key("CCC_SHELL"));
    let asked = Asked { shell: Some("/bin/bash"), scripts: Some("/s"), ..local() };
    let asked = asked.argv(&["bash"]);
    assert_eq!(asked.world().argv, [b"bash"]);
    asked.check("CCC_SHELL", None);
    let off = Asked { shell: Some("/bin/bash"), ..local() };
    assert_eq!(off.world().argv, [b"-bash"]);
}
