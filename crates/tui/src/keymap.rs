//! The keymap as data: which keys do which action in which mode, from the defaults, a preset, and
//! the user's own bindings. Owns the tables and the look-up. What actions do, and when which mode is
//! entered, is the application's.

mod action;
mod error;
#[cfg(test)]
mod tests;

use std::time::Duration;

use ccc_vt::input::{Key, KeyEvent, KeyKind, Modifiers, display_keys, nearest_name, parse_keys};

pub use action::{Action, Group};
pub use error::KeymapError;

/// How long the prefix stays open after an action that repeats.
pub const REPEAT_TIME: Duration = Duration::from_millis(500);

/// Where keys are read. Each has a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyMode {
    /// Keys go to the program, but for the prefix and what the user has bound here.
    Root,
    /// After the prefix.
    Prefix,
    /// Looking back in a pane.
    Scroll,
    /// The numbers of the panes are shown.
    Numbers,
    /// Labels are shown; letters without a binding choose one.
    Hints,
    /// A question with yes and no.
    Confirm,
    /// A list with a filter; keys without a binding go into the filter.
    List,
    /// A line is typed; keys without a binding go into it.
    Prompt,
    /// The pane's program has ended.
    Ended,
    /// A recording is looked at.
    Replay,
}

impl KeyMode {
    /// All modes.
    pub const ALL: [Self; 10] = [
        Self::Root,
        Self::Prefix,
        Self::Scroll,
        Self::Numbers,
        Self::Hints,
        Self::Confirm,
        Self::List,
        Self::Prompt,
        Self::Ended,
        Self::Replay,
    ];

    /// The name, as in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Prefix => "prefix",
            Self::Scroll => "scroll",
            Self::Numbers => "numbers",
            Self::Hints => "hints",
            Self::Confirm => "confirm",
            Self::List => "list",
            Self::Prompt => "prompt",
            Self::Ended => "ended",
            Self::Replay => "replay",
        }
    }

    /// What a mode that takes the keys for a while is called, in the catalogue.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Numbers => "mode-numbers",
            Self::Hints => "mode-hints",
            Self::Replay => "mode-replay",
            _ => "mode-scroll",
        }
    }

    /// The mode with this name.
    pub fn from_name(name: &str) -> Result<Self, KeymapError> {
        Self::ALL.into_iter().find(|mode| mode.name() == name).ok_or_else(|| {
            let nearest = nearest_name(name, Self::ALL.into_iter().map(Self::name));
            KeymapError::UnknownMode { name: name.into(), nearest }
        })
    }

    /// Whether the prefix works here: where a pane is in front of the user, and nothing is asked.
    pub fn has_prefix(self) -> bool {
        matches!(self, Self::Root | Self::Scroll | Self::Ended | Self::Replay)
    }
}

/// A set of defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Preset {
    #[default]
    Tmux,
    /// `h j k l` after the prefix go to the neighbouring panes, and the last tab is `L`.
    Vim,
}

impl Preset {
    const ALL: [Self; 2] = [Self::Tmux, Self::Vim];

    /// The name, as in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tmux => "tmux",
            Self::Vim => "vim",
        }
    }

    /// The preset with this name.
    pub fn from_name(name: &str) -> Result<Self, KeymapError> {
        Self::ALL.into_iter().find(|preset| preset.name() == name).ok_or_else(|| {
            let nearest = nearest_name(name, Self::ALL.into_iter().map(Self::name));
            KeymapError::UnknownPreset { name: name.into(), nearest }
        })
    }

    /// Bindings after the prefix that stand above the defaults.
    fn bindings(self) -> &'static [(&'static str, Action)] {
        match self {
            Self::Tmux => &[],
            Self::Vim => &[
                ("h", Action::FocusLeft),
                ("j", Action::FocusDown),
                ("k", Action::FocusUp),
                ("l", Action::FocusRight),
                ("L", Action::LastTab),
            ],
        }
    }
}

/// What a user has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeymapSettings {
    /// The one key that is taken from programs.
    pub prefix: KeyEvent,
    pub preset: Preset,
    /// Bindings above the defaults, in any order.
    pub bindings: Vec<UserBinding>,
}

impl Default for KeymapSettings {
    fn default() -> Self {
        let prefix = KeyEvent::new(Key::Char('b'), Modifiers::CTRL);
        Self { prefix, preset: Preset::default(), bindings: Vec::new() }
    }
}

impl KeymapSettings {
    /// Reads the prefix, which is one key.
    pub fn parse_prefix(written: &str) -> Result<KeyEvent, KeymapError> {
        let keys = parse(written)?;
        match <[KeyEvent; 1]>::try_from(keys) {
            Ok([prefix]) => Ok(prefix),
            Err(_) => Err(KeymapError::NotOneKey { written: written.into() }),
        }
    }
}

/// One binding of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserBinding {
    pub mode: KeyMode,
    /// In [`KeyMode::Prefix`] what comes after the prefix.
    pub keys: Vec<KeyEvent>,
    /// None takes the default away.
    pub action: Option<Action>,
}

impl UserBinding {
    /// Reads a binding as it is written: the names of mode and action, and keys in either notation;
    /// the action `none` takes a default away.
    pub fn parse(mode: &str, keys: &str, action: &str) -> Result<Self, KeymapError> {
        let mode = KeyMode::from_name(mode)?;
        let read = parse(keys)?;
        if read.is_empty() {
            return Err(KeymapError::NoKeys { action: action.into() });
        }
        let action = if action == "none" { None } else { Some(Action::from_name(action)?) };
        Ok(Self { mode, keys: read, action })
    }
}

/// What keys mean so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    Action(Action),
    /// They are the beginning of a binding.
    Pending,
    /// They are no binding.
    None,
}

/// The bindings in force.
#[derive(Clone, Debug)]
pub struct Keymap {
    prefix: KeyEvent,
    /// In the order of help. No binding of a mode begins with another of the same mode.
    bindings: Vec<Binding>,
}

#[derive(Clone, Debug)]
struct Binding {
    mode: KeyMode,
    /// In their normal form ([`KeyEvent::chord`]).
    keys: Vec<KeyEvent>,
    action: Action,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::defaults(KeymapSettings::default().prefix, Preset::default())
    }
}

impl Keymap {
    /// The defaults with what the user has set above them.
    pub fn new(settings: &KeymapSettings) -> Result<Self, KeymapError> {
        let mut keymap = Self::defaults(settings.prefix.clone(), settings.preset);
        let chords = |keys: &[KeyEvent]| keys.iter().map(KeyEvent::chord).collect::<Vec<_>>();
        for (place, user) in settings.bindings.iter().enumerate() {
            let keys = chords(&user.keys);
            let earlier = settings.bindings.iter().take(place);
            for other in earlier.filter(|other| other.mode == user.mode) {
                if collides(&chords(&other.keys), &keys) {
                    return Err(KeymapError::Conflict {
                        mode: user.mode,
                        first: display_keys(&other.keys),
                        second: display_keys(&user.keys),
                    });
                }
            }
            if user.mode.has_prefix() && keys.first() == Some(&keymap.prefix) {
                let keys = display_keys(&user.keys);
                return Err(KeymapError::TakesPrefix { mode: user.mode, keys });
            }
            keymap.put(user.mode, keys, user.action);
        }
        Ok(keymap)
    }

    /// The key that is taken from programs.
    pub fn prefix(&self) -> &KeyEvent {
        &self.prefix
    }

    /// What the keys mean in a mode. Where the prefix works it may be the first of them, and the
    /// rest is looked up behind it. Releases mean nothing.
    pub fn lookup(&self, mode: KeyMode, keys: &[KeyEvent]) -> Match {
        if keys.iter().any(|key| key.kind == KeyKind::Release) {
            return Match::None;
        }
        let chords: Vec<KeyEvent> = keys.iter().map(KeyEvent::chord).collect();
        match self.lookup_chords(mode, &chords) {
            Match::None => {}
            found => return found,
        }
        // Where another script is being typed, by where the keys are on the keyboard.
        let in_base_layout = |key: &KeyEvent| key.in_base_layout().map(|base| base.chord());
        if keys.iter().all(|key| in_base_layout(key).is_none()) {
            return Match::None;
        }
        let base: Vec<KeyEvent> =
            keys.iter().map(|key| in_base_layout(key).unwrap_or_else(|| key.chord())).collect();
        self.lookup_chords(mode, &base)
    }

    /// The bindings of a mode, in the order of help, with the keys as people write them.
    pub fn bindings(&self, mode: KeyMode) -> Vec<(String, Action)> {
        let of_mode = self.bindings.iter().filter(|binding| binding.mode == mode);
        of_mode.map(|binding| (display_keys(&binding.keys), binding.action)).collect()
    }

    /// What can follow these keys, for the line that shows the open keys of a prefix or a mode.
    pub fn continuations(&self, mode: KeyMode, keys: &[KeyEvent]) -> Vec<(String, Action)> {
        let mut chords: Vec<KeyEvent> = keys.iter().map(KeyEvent::chord).collect();
        let mut mode = mode;
        if mode.has_prefix() && chords.first() == Some(&self.prefix) {
            chords.remove(0);
            mode = KeyMode::Prefix;
        }
        self.bindings
            .iter()
            .filter(|binding| binding.mode == mode)
            .filter_map(|binding| {
                let rest = binding.keys.strip_prefix(chords.as_slice())?;
                Some((display_keys(rest), binding.action))
            })
            .collect()
    }

    /// The keys of an action, from where a pane is in front of the user: with the prefix. For hints
    /// such as `C-b ? help`.
    pub fn keys_of(&self, action: Action) -> Vec<String> {
        let keys = |binding: &Binding| match binding.mode {
            KeyMode::Root => Some(display_keys(&binding.keys)),
            KeyMode::Prefix => Some(format!("{} {}", self.prefix, display_keys(&binding.keys))),
            _ => None,
        };
        self.bindings.iter().filter(|binding| binding.action == action).filter_map(keys).collect()
    }

    fn defaults(prefix: KeyEvent, preset: Preset) -> Self {
        let prefix = prefix.chord();
        let mut keymap = Self { prefix, bindings: Vec::new() };
        for action in Action::all() {
            for (mode, keys) in action.default_keys() {
                keymap.put_default(mode, keys, action);
            }
        }
        for (keys, action) in preset.bindings() {
            keymap.put_default(KeyMode::Prefix, keys, *action);
        }
        let prefix = keymap.prefix.clone();
        for mode in KeyMode::ALL.into_iter().filter(|mode| mode.has_prefix()) {
            keymap.put(mode, vec![prefix.clone()], None);
        }
        keymap.put(KeyMode::Prefix, vec![prefix], Some(Action::SendPrefix));
        keymap
    }

    /// The defaults are read by a test, so that none is lost here.
    fn put_default(&mut self, mode: KeyMode, keys: &str, action: Action) {
        if let Ok(keys) = parse_keys(keys) {
            let chords = keys.iter().map(KeyEvent::chord).collect();
            self.put(mode, chords, Some(action));
        }
    }

    /// Puts a binding in the place of all that it collides with.
    fn put(&mut self, mode: KeyMode, keys: Vec<KeyEvent>, action: Option<Action>) {
        self.bindings.retain(|other| other.mode != mode || !collides(&other.keys, &keys));
        if let Some(action) = action {
            let place = self.place_after(mode, action);
            self.bindings.insert(place, Binding { mode, keys, action });
        }
    }

    /// Behind the other keys of the action, else at the end.
    fn place_after(&self, mode: KeyMode, action: Action) -> usize {
        let same = |binding: &Binding| binding.mode == mode && binding.action == action;
        self.bindings.iter().rposition(same).map_or(self.bindings.len(), |place| place + 1)
    }

    fn lookup_chords(&self, mode: KeyMode, chords: &[KeyEvent]) -> Match {
        if mode.has_prefix()
            && let Some((first, rest)) = chords.split_first()
            && *first == self.prefix
        {
            return self.lookup_table(KeyMode::Prefix, rest);
        }
        self.lookup_table(mode, chords)
    }

    fn lookup_table(&self, mode: KeyMode, chords: &[KeyEvent]) -> Match {
        let mut found = Match::None;
        for binding in self.bindings.iter().filter(|binding| binding.mode == mode) {
            match binding.keys.strip_prefix(chords) {
                Some([]) => return Match::Action(binding.action),
                Some(_) => found = Match::Pending,
                None => {}
            }
        }
        found
    }
}

/// Whether one sequence begins with the other, so that only one of them could ever be reached.
fn collides(left: &[KeyEvent], right: &[KeyEvent]) -> bool {
    left.starts_with(right) || right.starts_with(left)
}

fn parse(written: &str) -> Result<Vec<KeyEvent>, KeymapError> {
    parse_keys(written).map_err(|source| KeymapError::BadKeys { written: written.into(), source })
}
