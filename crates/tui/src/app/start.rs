//! How the client starts: with the settings, and with what the command line and the environment ask for. Owns the
//! state in which nothing has happened yet.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use ccc_client::proto::{PaneId, Spawn, TabId};
use ccc_vt::Size;

use super::{App, Images, Link, Notes, Previews, Typing, mouse, upload};
use crate::config::Settings;
use crate::image::Graphics;
use crate::predict::{Prediction, Predictor};

impl App {
    pub(crate) fn new(size: Size, bar: bool, settings: Settings, spawn: Spawn) -> Self {
        Self {
            size,
            bar: bar && settings.bar,
            keymap: settings.keymap.clone(),
            theme: settings.theme_on(None, false),
            words: settings.words(),
            predictor: Predictor::new(settings.prediction),
            asked_prediction: None,
            settings,
            dark: None,
            no_color: false,
            bar_allowed: bar,
            attached: None,
            layout: None,
            tab: TabId(0),
            pane: PaneId(0),
            moves: 0,
            last_tab: None,
            panes_seen: HashMap::new(),
            last_session: None,
            machine: None,
            on_the_way: None,
            found: Vec::new(),
            ended: None,
            layers: Vec::new(),
            open_keys: Vec::new(),
            opened: None,
            keys_shown: false,
            repeat_until: None,
            link: Link::default(),
            host: String::new(),
            uploads: upload::Uploads::default(),
            notes: Notes::default(),
            wants_you: HashSet::new(),
            active: HashSet::new(),
            failed: HashSet::new(),
            inbox: VecDeque::new(),
            clock: String::new(),
            wall: Duration::ZERO,
            going_to: None,
            offered: None,
            offer: String::new(),
            asked_finds: 0,
            watched: 0,
            previews: Previews::default(),
            graphics: Graphics::default(),
            images: Images::default(),
            copied: String::new(),
            pointer: mouse::Pointer::default(),
            raw: None,
            plain: false,
            behind: false,
            has_focus: true,
            clicks: mouse::Clicks::default(),
            spawn: Spawn { argv: Vec::new(), cwd: None, set_env: Vec::new(), ..spawn },
            shows_hint: true,
            told_native: false,
            editors: HashSet::new(),
            typing: Typing::default(),
            awaited: 0,
        }
    }

    /// No colours in the chrome, as the environment asks for.
    pub(crate) fn without_color(mut self) -> Self {
        self.no_color = true;
        self.choose_theme();
        self
    }

    /// Shows one pane at a time and text alone. Colours of the chrome would say nothing there.
    pub(crate) fn plain(mut self) -> Self {
        self.plain = true;
        self.without_color()
    }

    /// Shows guesses as asked for, whatever the settings say.
    pub(crate) fn predicting(mut self, asked: Option<Prediction>) -> Self {
        self.asked_prediction = asked;
        self.predictor.when = self.prediction();
        self
    }
}
