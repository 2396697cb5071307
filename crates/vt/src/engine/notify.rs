//! What a program tells people beside its picture: notifications (OSC 9, 99, 777) and progress
//! (OSC 9;4). Whether anybody hears of it is decided elsewhere.

use super::osc::{base64, number, split, text};
use super::{Engine, TEXT_BYTES};
use crate::intern::LINK_ID_BYTES;
use crate::{Notice, Progress};

/// The most notifications of which only a part has come; the oldest are forgotten.
pub(crate) const DRAFTS: usize = 4;

/// A notification that comes in pieces (OSC 99), so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// What its pieces have in common, at most `LINK_ID_BYTES`.
    pub(crate) id: String,
    /// As bytes, because a piece may end inside a character; at most `TEXT_BYTES` each.
    pub(crate) title: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

impl Engine {
    /// OSC 9: a notification (iTerm2), or `4;…` progress and `9;…` directory (ConEmu).
    pub(super) fn osc_9(&mut self, data: &[u8]) {
        let (head, rest) = split(data, b';');
        match head {
            b"4" => self.set_progress(rest),
            b"9" => {
                let path = text(rest);
                self.set_cwd(path.trim_matches('"'));
            }
            // The other ConEmu commands are numbers too; a text is a notification.
            _ if head.len() <= 2 && number::<u8>(head).is_some() && data.contains(&b';') => {}
            _ => self.notify(String::new(), text(data)),
        }
    }

    fn set_progress(&mut self, data: &[u8]) {
        let (state, percent) = split(data, b';');
        let percent = number(split(percent, b';').0).map_or(0, |percent: u8| percent.min(100));
        let progress = match state {
            b"0" => Progress::None,
            b"1" => Progress::Running(percent),
            b"2" => Progress::Failed(percent),
            b"3" => Progress::Indeterminate,
            b"4" => Progress::Paused(percent),
            _ => return,
        };
        if progress != self.progress {
            self.progress = progress;
            self.notice(Notice::Progress { progress, offset: self.event_offset() });
            self.touch();
        }
    }

    /// OSC 777: `notify;title;body` (urxvt).
    pub(super) fn osc_777(&mut self, data: &[u8]) {
        let (kind, rest) = split(data, b';');
        let (title, body) = split(rest, b';');
        if kind == b"notify" {
            self.notify(text(title), text(body));
        }
    }

    /// OSC 99: `metadata;payload` (kitty). `d=0` says that more comes under the same `i`; what is
    /// neither title nor body (icons, buttons) is not shown, but may be the last piece. Questions and
    /// closings are not answered.
    pub(super) fn osc_99(&mut self, data: &[u8]) {
        let (metadata, payload) = split(data, b';');
        let value = |key: u8| {
            let pairs = metadata.split(|byte| *byte == b':');
            pairs.map(|pair| split(pair, b'=')).find(|(name, _)| *name == [key]).map(|(_, v)| v)
        };
        let kind = value(b'p').unwrap_or(b"title");
        if matches!(kind, b"?" | b"close" | b"alive") {
            return;
        }
        let mut id = text(value(b'i').unwrap_or_default());
        id.truncate(id.floor_char_boundary(LINK_ID_BYTES));
        let place = self.drafts.iter().position(|draft| draft.id == id);
        let mut draft =
            place.map_or_else(|| Draft { id, ..Draft::default() }, |at| self.drafts.remove(at));
        let payload = match value(b'e') {
            Some(b"1") => base64(payload).unwrap_or_default(),
            _ => payload.to_vec(),
        };
        let part = match kind {
            b"title" => Some(&mut draft.title),
            b"body" => Some(&mut draft.body),
            _ => None,
        };
        if let Some(part) = part {
            let room = TEXT_BYTES - part.len();
            part.extend(payload.iter().take(room));
        }
        if value(b'd') == Some(b"0") {
            if self.drafts.len() >= DRAFTS {
                self.drafts.remove(0);
            }
            self.drafts.push(draft);
        } else {
            self.notify(text(&draft.title), text(&draft.body));
        }
    }

    fn notify(&mut self, title: String, body: String) {
        if !title.is_empty() || !body.is_empty() {
            self.notice(Notice::Notification { title, body, offset: self.event_offset() });
        }
    }
}
