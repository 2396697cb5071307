//! What is known of terminals by their names: as XTVERSION gives them, and by what they put into the
//! environment. Only what cannot be asked stands here.

use super::Notify;

/// What a named terminal can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) true_color: bool,
    pub(super) underlines: bool,
    pub(super) progress: bool,
    pub(super) notify: Notify,
}

const MODERN: Known =
    Known { true_color: true, underlines: true, progress: false, notify: Notify::Plain };

/// The beginning of the name, in lower case.
const BY_NAME: &[(&str, Known)] = &[
    // Another one around this one.
    ("ccc", Known { progress: true, ..MODERN }),
    ("kitty", Known { notify: Notify::Kitty, ..MODERN }),
    ("ghostty", Known { progress: true, notify: Notify::Titled, ..MODERN }),
    ("wezterm", Known { notify: Notify::Titled, ..MODERN }),
    ("foot", Known { notify: Notify::Titled, ..MODERN }),
    ("contour", Known { notify: Notify::Titled, ..MODERN }),
    ("iterm2", MODERN),
    ("alacritty", MODERN),
    ("mintty", Known { progress: true, ..MODERN }),
    ("konsole", MODERN),
    ("vte", Known { notify: Notify::Titled, ..MODERN }),
    ("windowsterminal", Known { progress: true, ..MODERN }),
    ("tmux", Known { true_color: false, ..MODERN }),
    // xterm itself has 24-bit colours since 2019, and one kind of underline.
    ("xterm", Known { underlines: false, ..MODERN }),
];

/// A variable, what its value begins with, and whose it is.
const BY_VARIABLE: &[(&str, &str, &str)] = &[
    ("TERM_PROGRAM", "ccc", "ccc"),
    ("TERM_PROGRAM", "ghostty", "ghostty"),
    ("TERM_PROGRAM", "WezTerm", "wezterm"),
    ("TERM_PROGRAM", "iTerm.app", "iterm2"),
    ("TERM_PROGRAM", "tmux", "tmux"),
    ("TERM", "xterm-kitty", "kitty"),
    ("TERM", "xterm-ghostty", "ghostty"),
    ("TERM", "foot", "foot"),
    ("TERM", "alacritty", "alacritty"),
    ("TERM", "contour", "contour"),
    ("KITTY_WINDOW_ID", "", "kitty"),
    ("WT_SESSION", "", "windowsterminal"),
    ("VTE_VERSION", "", "vte"),
    ("KONSOLE_VERSION", "", "konsole"),
];

impl Known {
    /// By the answer to XTVERSION, such as `foot(1.16.2)` or `WezTerm 20240203`.
    pub(super) fn from_version(version: &str) -> Option<Self> {
        let version = version.to_ascii_lowercase();
        BY_NAME.iter().find(|(name, _)| version.starts_with(name)).map(|(_, known)| *known)
    }

    /// By what it has put into the environment.
    pub(super) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let found = BY_VARIABLE
            .iter()
            .find(|(name, begin, _)| variable(name).is_some_and(|value| value.starts_with(begin)));
        found.and_then(|(_, _, name)| Self::from_version(name))
    }
}
