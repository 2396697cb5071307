//! A recording above the panes: asking for it, and for the screens that its player wants. Owns how what is
//! typed and pointed at comes to the player.

use std::time::Instant;

use ccc_client::proto::{Ext, Message, ReplayInfo, ReplayRequest, ScreenRequest};
use ccc_client::{Offset, screen_of};
use ccc_vt::input::{MouseButton, MouseEvent, MouseKind, WheelDirection};
use ratatui::layout::Rect;

use super::actions::request;
use super::{App, Effect, Layer, Purpose};
use crate::keymap::Action;
use crate::replay::{Done, Player, Start, Wish, line_of_time};

/// A recording that is looked at.
#[derive(Debug)]
pub(crate) struct Watching {
    /// By which screens are asked for.
    ulid: String,
    /// By which its images are known here.
    pub(crate) number: u64,
    pub(crate) player: Player,
}

impl App {
    /// Asks for the recording of a pane, or that of a name.
    pub(super) fn ask_replay(&self, target: String, start: Start, effects: &mut Vec<Effect>) {
        let message = ReplayRequest { target, ext: Ext::none() };
        effects.push(request(message, Purpose::Replay(start)));
    }

    /// The recording that was asked for is there.
    pub(super) fn begin_replay(&mut self, info: ReplayInfo, start: Start, now: Instant) {
        let ulid = info.ulid.clone();
        let player = Player::new(info.into(), start, now);
        // One at a time: it has the whole area.
        self.layers.retain(|layer| !matches!(layer, Layer::Replay(_)));
        self.watched += 1;
        let number = self.watched;
        self.layers.push(Layer::Replay(Box::new(Watching { ulid, number, player })));
    }

    fn watching(&mut self) -> Option<&mut Watching> {
        self.layers.iter_mut().find_map(|layer| match layer {
            Layer::Replay(watching) => Some(watching.as_mut()),
            _ => None,
        })
    }

    /// Which recording that is, and where its screen is that is shown.
    pub(super) fn place_in_replay(&mut self, number: u64) -> Option<(String, Offset)> {
        let watching = self.watching().filter(|watching| watching.number == number)?;
        Some((watching.ulid.clone(), watching.player.shown_at()?))
    }

    /// An answer for the player.
    pub(super) fn on_replay_answer(&mut self, ulid: &str, message: Message) {
        let Some(watching) = self.watching().filter(|watching| watching.ulid == ulid) else {
            return;
        };
        match message {
            Message::ScreenPage(page) => match screen_of(&page) {
                Ok(screen) => watching.player.took(screen),
                Err(error) => watching.player.failed(error.to_string()),
            },
            Message::ReplayInfo(info) => watching.player.learned(info.into()),
            _ => {}
        }
    }

    /// It will not come.
    pub(super) fn replay_failed(&mut self, ulid: &str, why: String) {
        if let Some(watching) = self.watching().filter(|watching| watching.ulid == ulid) {
            watching.player.failed(why);
        }
    }

    /// Lets the player go on, and asks for what it wants.
    pub(super) fn replay_on(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let Some(watching) = self.watching() else { return };
        watching.player.advance(now);
        while let Some(wish) = watching.player.wish(now) {
            let ulid = watching.ulid.clone();
            let purpose = Purpose::Watch(ulid.clone());
            effects.push(match wish {
                Wish::Screen(offset) => {
                    request(ScreenRequest { ulid, offset: offset.0, ext: Ext::none() }, purpose)
                }
                Wish::Recording => {
                    request(ReplayRequest { target: ulid, ext: Ext::none() }, purpose)
                }
            });
        }
    }

    /// Gives an action to the player on top. Whether it took it.
    pub(super) fn act_in_replay(&mut self, action: Action, now: Instant) -> bool {
        let Some(Layer::Replay(watching)) = self.layers.last_mut() else { return false };
        if let Some(line) = watching.player.typed() {
            match action {
                Action::Accept | Action::Cancel => {
                    watching.player.end_typing(action == Action::Accept);
                }
                _ => drop(line.edit(action)),
            }
            return true;
        }
        match watching.player.act(action, now) {
            Done::Here => true,
            Done::Leave => {
                self.layers.pop();
                true
            }
            Done::Not => false,
        }
    }

    /// The line of time follows the button, and the wheel goes along it.
    pub(super) fn mouse_in_replay(&mut self, event: MouseEvent, now: Instant) {
        let area = self.layout_area();
        let area = Rect { x: 0, y: 0, width: area.cols, height: area.rows };
        let Some(Layer::Replay(watching)) = self.layers.last_mut() else { return };
        match event.kind {
            MouseKind::Press(MouseButton::Left) | MouseKind::Drag(MouseButton::Left)
                if !self.plain && line_of_time(area).contains((event.col, event.row).into()) =>
            {
                watching.player.point_at(event.col, area.width);
            }
            MouseKind::Wheel(WheelDirection::Up) => {
                watching.player.act(Action::ReplayBack, now);
            }
            MouseKind::Wheel(WheelDirection::Down) => {
                watching.player.act(Action::ReplayForward, now);
            }
            _ => {}
        }
    }
}
