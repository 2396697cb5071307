//! The variables that a program finds: whose they are, which are taken away, which are added.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::{Birth, Variable};

/// TERM of every pane, unless the configuration says otherwise: known wherever ssh goes.
const TERM: &str = "xterm-256color";

/// Variables by whole name that belong to the asker's terminal.
const STRIPPED: [&[u8]; 5] = [b"COLORTERM", b"STY", b"COLUMNS", b"LINES", b"WINDOWID"];
/// The same by their beginning.
const STRIPPED_BEGINNINGS: [&[u8]; 4] = [b"TERM", b"TMUX", b"ZELLIJ", b"CCC_"];

/// What a client on another machine may set without asking for it by name.
const REMOTE: [&[u8]; 3] = [b"LANG", b"TZ", b"NO_COLOR"];
const REMOTE_BEGINNING: &[u8] = b"LC_";

/// What no `--env` changes: commands inside the pane rely on it.
const OURS: &[u8] = b"CCC_";

/// The longest path of a socket that a program can connect to (`sockaddr_un` of Linux, without the
/// zero at its end).
const SOCKET_PATH: usize = 107;

type Variables = BTreeMap<Vec<u8>, Vec<u8>>;

/// What of an environment may be kept or passed on: without the variables that belong to a
/// terminal or multiplexer, and without what cannot be a variable. Of a name that occurs twice the
/// last value counts.
#[must_use]
pub fn cleaned(environment: &[Variable]) -> Vec<Variable> {
    let kept =
        environment.iter().filter(|variable| is_variable(variable) && !is_stripped(&variable.0));
    kept.cloned().collect::<Variables>().into_iter().collect()
}

/// The whole environment, sorted by name, and the links that it names.
pub(super) fn environment(
    birth: &Birth<'_>,
    shell: &Path,
) -> (Vec<Variable>, Vec<(&'static str, PathBuf)>) {
    let asked = cleaned(&birth.spawn.env).into_iter();
    let mut variables: Variables = if birth.same_machine {
        asked.collect()
    } else {
        let login = cleaned(birth.login_environment).into_iter();
        login.chain(asked.filter(|(name, _)| may_come_from_afar(name))).collect()
    };

    let account = birth.account;
    let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
    for (name, value) in [
        ("HOME", bytes(&account.home)),
        ("USER", account.user.clone().into_bytes()),
        ("LOGNAME", account.user.clone().into_bytes()),
        ("PATH", b"/usr/local/bin:/usr/bin:/bin".to_vec()),
    ] {
        variables.entry(name.into()).or_insert(value);
    }
    let links = link(&mut variables, birth.links);

    let mut set = |name: &str, value: &[u8]| variables.insert(name.into(), value.to_vec());
    set("SHELL", &bytes(shell));
    set("TERM", birth.term.unwrap_or(TERM).as_bytes());
    set("COLORTERM", b"truecolor");
    set("TERM_PROGRAM", b"ccc");
    set("TERM_PROGRAM_VERSION", birth.version.as_bytes());
    for (name, value) in birth.spawn.set_env.iter().filter(|variable| is_variable(variable)) {
        variables.insert(name.clone(), value.clone());
    }

    variables.retain(|name, _| !name.starts_with(OURS));
    let mut set = |name: &str, value: &[u8]| variables.insert(name.into(), value.to_vec());
    set("CCC_SERVER", &bytes(birth.server));
    set("CCC_SESSION", birth.session.to_string().as_bytes());
    set("CCC_TAB", birth.tab.to_string().as_bytes());
    set("CCC_PANE", birth.pane.to_string().as_bytes());

    make_utf8(&mut variables);
    (variables.into_iter().collect(), links)
}

fn is_variable((name, value): &Variable) -> bool {
    !name.is_empty() && !name.contains(&b'=') && !name.contains(&0) && !value.contains(&0)
}

fn is_stripped(name: &[u8]) -> bool {
    STRIPPED.contains(&name) || STRIPPED_BEGINNINGS.iter().any(|start| name.starts_with(start))
}

fn may_come_from_afar(name: &[u8]) -> bool {
    REMOTE.contains(&name) || name.starts_with(REMOTE_BEGINNING)
}

/// Without a UTF-8 locale, characters are UTF-8 all the same, and everything else of the locale
/// stays: an LC_ALL, which would win, becomes the LANG that it stood for.
fn make_utf8(variables: &mut Variables) {
    let set = |name: &str| variables.get(name.as_bytes()).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    if locale.is_some_and(|locale| is_utf8(locale)) {
        return;
    }
    if let Some(all) = variables.remove(b"LC_ALL".as_slice()).filter(|all| !all.is_empty()) {
        variables.retain(|name, _| !name.starts_with(REMOTE_BEGINNING) && name != b"LANGUAGE");
        variables.insert(b"LANG".to_vec(), all);
    }
    variables.insert(b"LC_CTYPE".to_vec(), b"C.UTF-8".to_vec());
}

/// Whether the codeset of `language_TERRITORY.codeset@modifier` is UTF-8.
fn is_utf8(locale: &[u8]) -> bool {
    let locale = String::from_utf8_lossy(locale).to_ascii_lowercase();
    let locale = locale.split('@').next().unwrap_or_default();
    matches!(locale.split_once('.'), Some((_, "utf-8" | "utf8")))
        || matches!(locale, "utf-8" | "utf8")
}

/// Points variables that name a socket of the asker's login at stable links, so that a later
/// attachment can point them elsewhere. What is no local socket stays as it is.
fn link(variables: &mut Variables, links: &Path) -> Vec<(&'static str, PathBuf)> {
    let value = |name: &str| {
        variables.get(name.as_bytes()).filter(|value| !value.is_empty()).map(|value| path_of(value))
    };
    let runtime = value("XDG_RUNTIME_DIR").unwrap_or_else(|| Path::new(""));
    let named = [
        ("SSH_AUTH_SOCK", "ssh-agent.sock", value("SSH_AUTH_SOCK").map(Path::to_owned)),
        ("DISPLAY", "x11.sock", value("DISPLAY").and_then(display_socket)),
        ("WAYLAND_DISPLAY", "wayland.sock", value("WAYLAND_DISPLAY").map(|it| runtime.join(it))),
    ];
    let mut made = Vec::new();
    for (name, file, target) in named {
        let link = links.join(file);
        let short = link.as_os_str().len() <= SOCKET_PATH;
        let Some(target) = target.filter(|target| target.is_absolute() && short) else {
            continue;
        };
        variables.insert(name.into(), link.as_os_str().as_bytes().to_vec());
        // An asker who stands in this session names the link already: it must not point at itself.
        if target != link {
            made.push((file, target));
        }
    }
    made
}

/// The socket of a display on this machine: `:0`, `:0.0`, `unix:0`, or a path. Only of display 0,
/// because X looks up the cookie of a path under that number.
fn display_socket(display: &Path) -> Option<PathBuf> {
    if display.is_absolute() {
        return Some(display.into());
    }
    let text = display.to_str()?;
    let number = text.strip_prefix("unix").unwrap_or(text).strip_prefix(':')?;
    matches!(number, "0" | "0.0").then(|| "/tmp/.X11-unix/X0".into())
}

fn path_of(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}
