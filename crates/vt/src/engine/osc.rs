//! OSC strings: titles, links, working directory, clipboard. Colours are in `color`, notifications and
//! progress in `notify`, shell integration in `shell`.

use std::sync::Arc;

use super::{Engine, TEXT_BYTES};
use crate::intern::{LINK_ID_BYTES, URI_BYTES};
use crate::{Link, Notice};

/// The most selections of one OSC 52.
const SELECTIONS: usize = 8;
/// Bytes of links that may be opened until those that live are counted.
const LINKS_BYTES: usize = 1 << 20;

impl Engine {
    pub(super) fn put_osc(&mut self, data: &[u8], bell: bool) {
        let (code, rest) = split(data, b';');
        // ESC ] before the string; BEL, or ESC \ as it may be, behind it.
        let around = if bell { 3 } else { 4 };
        let begin = (self.event_offset() + 1).saturating_sub(data.len() as u64 + around);
        match code {
            b"0" => {
                self.set_icon_name(text(rest));
                self.set_title(text(rest));
            }
            b"1" => self.set_icon_name(text(rest)),
            b"2" => self.set_title(text(rest)),
            b"4" => self.palette(rest, bell),
            b"7" => self.set_cwd(&text(rest)),
            b"8" => self.set_link(rest),
            b"9" => self.osc_9(rest),
            b"10" | b"11" | b"12" => self.dynamic_colors(code, rest, bell),
            b"52" => self.clipboard(rest),
            b"99" => self.osc_99(rest),
            b"133" => self.shell_mark(rest, begin),
            b"633" => self.editor_mark(rest, begin),
            b"104" => self.reset_palette(rest),
            b"110" | b"111" | b"112" => self.reset_dynamic_color(code),
            b"777" => self.osc_777(rest),
            b"1337" => {
                if let Some(path) = rest.strip_prefix(b"CurrentDir=") {
                    self.set_cwd(&text(path));
                }
            }
            _ => {}
        }
    }

    pub(super) fn set_title(&mut self, title: String) {
        if title != self.titles.title {
            self.titles.title.clone_from(&title);
            self.notice(Notice::Title { title, offset: self.event_offset() });
            self.touch();
        }
    }

    pub(super) fn set_icon_name(&mut self, name: String) {
        if name != self.titles.icon_name {
            self.titles.icon_name.clone_from(&name);
            self.notice(Notice::IconName { name, offset: self.event_offset() });
            self.touch();
        }
    }

    pub(super) fn set_cwd(&mut self, cwd: &str) {
        if self.cwd.as_deref() != Some(cwd) {
            self.cwd = Some(cwd.to_owned());
            let cwd = cwd.to_owned();
            self.notice(Notice::Cwd { cwd, offset: self.event_offset() });
            self.touch();
        }
    }

    /// OSC 8: what is printed from now on belongs to a link, or to none.
    fn set_link(&mut self, data: &[u8]) {
        let (params, uri) = split(data, b';');
        let id = params.split(|byte| *byte == b':').find_map(|param| param.strip_prefix(b"id="));
        let id = id.unwrap_or_default();
        let fits = uri.len() <= URI_BYTES && id.len() <= LINK_ID_BYTES;
        let link = match (uri.is_empty(), fits) {
            (false, true) if self.admit_link(uri.len() + id.len()) => {
                self.tables.link_id(Arc::new(Link { id: text(id), uri: text(uri) }))
            }
            _ => None,
        };
        self.cursor.pen.link = link;
        self.pen_id = None;
    }

    /// Whether another link of `bytes` may be opened. Each one counts, also one that is known, so
    /// that the answer depends on nothing but the stream; now and then the links that live are
    /// counted, and while they are too many, links are plain text.
    fn admit_link(&mut self, bytes: usize) -> bool {
        self.links_spent += bytes;
        if self.links_spent > LINKS_BYTES {
            self.cursor.pen.link = None;
            self.compact();
            let live = self.tables.link_bytes();
            self.links_refused = live > LINKS_BYTES / 2;
            self.links_spent = if self.links_refused { LINKS_BYTES / 8 * 7 } else { live };
        }
        !self.links_refused
    }

    /// OSC 52. Asking for the clipboard is not answered.
    fn clipboard(&mut self, data: &[u8]) {
        let (selection, data) = split(data, b';');
        if data == b"?" {
            return;
        }
        let selection: String = selection
            .iter()
            .filter(|byte| matches!(byte, b'c' | b'p' | b'q' | b's' | b'0'..=b'7'))
            .take(SELECTIONS)
            .map(|byte| char::from(*byte))
            .collect();
        let selection = if selection.is_empty() { "c".to_owned() } else { selection };
        if let Some(data) = base64(data) {
            self.notice(Notice::Clipboard { selection, data, offset: self.event_offset() });
        }
    }
}

/// What stands before and after the first `separator`.
pub(super) fn split(data: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == separator) {
        Some(at) => {
            let (head, rest) = data.split_at(at);
            (head, rest.get(1..).unwrap_or_default())
        }
        None => (data, &[]),
    }
}

/// Bytes as text without controls, at most `TEXT_BYTES`.
pub(super) fn text(data: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(data).into_owned();
    text.retain(|c| !c.is_control());
    if text.len() > TEXT_BYTES {
        text.truncate(text.floor_char_boundary(TEXT_BYTES));
    }
    text
}

pub(super) fn number<T: std::str::FromStr>(data: &[u8]) -> Option<T> {
    std::str::from_utf8(data).ok()?.parse().ok()
}

/// Decodes base64, with or without padding; `None` if it is none.
pub(super) fn base64(data: &[u8]) -> Option<Vec<u8>> {
    let end = data.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    if data.len() - end > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(end / 4 * 3 + 3);
    for chunk in data.get(..end)?.chunks(4) {
        let mut bits = 0_u32;
        for byte in chunk {
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        let [_, first, second, third] = (bits << (6 * (4 - chunk.len()))).to_be_bytes();
        match chunk.len() {
            4 => out.extend_from_slice(&[first, second, third]),
            3 => out.extend_from_slice(&[first, second]),
            2 => out.push(first),
            _ => return None,
        }
    }
    Some(out)
}
