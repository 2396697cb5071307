//! Images on the outer terminal. Owns which of them it holds and shows, and every sequence that says so;
//! ids and data are ours, whatever the programs call them.

use std::io::Write as _;
use std::sync::Arc;

use ccc_vt::ImageFormat;
use ccc_vt::image::{Source, sixel};
use crossterm::QueueableCommand as _;
use crossterm::cursor::MoveTo;
use ratatui::layout::Rect;

use super::sixels;
use crate::image::{Graphics, ImageData, ImageKey, Placed};

/// Bytes of base64 in one string (the protocol's bound).
const PIECE: usize = 4096;
/// Our ids count from here, so that they are nobody else's.
const FIRST_ID: u32 = 0x6363_0000;
/// Images that the terminal may hold without showing them.
const IDLE: usize = 16;

/// What the outer terminal has of images.
#[derive(Debug, Default)]
pub(super) struct Images {
    /// The images it holds (kitty), the one used last at the end.
    held: Vec<(ImageKey, u32)>,
    /// What it shows.
    shown: Vec<Shown>,
    /// The last id that was given away, counted from the first.
    ids: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    key: ImageKey,
    /// The placement's id (kitty).
    id: u32,
    source: Source,
    area: Rect,
    z: i32,
}

impl Shown {
    fn is(&self, placed: &Placed) -> bool {
        (self.key, self.source, self.area, self.z)
            == (placed.key, placed.source, placed.area, placed.z)
    }
}

impl Images {
    /// Whether the next picture has other images in other places than are shown.
    pub(super) fn differ(&self, next: &[Placed]) -> bool {
        let mut next = drawable(next);
        !self.shown.iter().all(|shown| next.next().is_some_and(|placed| shown.is(placed)))
            || next.next().is_some()
    }

    /// The rows whose cells have to be written anew, because sixels that stand there go.
    pub(super) fn left(&self, graphics: Graphics, next: &[Placed]) -> Vec<Rect> {
        if !matches!(graphics, Graphics::Sixel { .. }) {
            return Vec::new();
        }
        let gone = |shown: &&Shown| !drawable(next).any(|placed| shown.is(placed));
        self.shown.iter().filter(gone).map(|shown| shown.area).collect()
    }

    /// Shows the images of a picture whose cells are written and which ends before the row `bottom`.
    /// `written` says where cells were.
    pub(super) fn draw(
        &mut self,
        graphics: Graphics,
        next: &[Placed],
        bottom: u16,
        written: impl Fn(Rect) -> bool,
        out: &mut Vec<u8>,
    ) {
        match graphics {
            Graphics::Unknown | Graphics::Boxes => self.shown.clear(),
            Graphics::Kitty => self.draw_kitty(next, out),
            Graphics::Sixel { cell } => {
                // What lies over one that is drawn is drawn again.
                let mut drawn: Vec<Rect> = Vec::new();
                for placed in drawable(next) {
                    let known = self.shown.iter().any(|shown| shown.is(placed));
                    let covered = drawn.iter().any(|area| area.intersects(placed.area));
                    if !known || covered || written(placed.area) {
                        drawn.push(placed.area);
                        draw_sixel(placed, cell, bottom, out);
                    }
                }
                self.shown = drawable(next).map(|placed| shown(placed, 0)).collect();
            }
        }
    }

    /// Takes all back that the terminal shows: it is about to scroll, and would take them along. What it holds
    /// it may be told to show again.
    pub(super) fn take_away(&mut self, out: &mut Vec<u8>) {
        for shown in self.shown.drain(..) {
            if let Some((_, id)) = self.held.iter().find(|(key, _)| *key == shown.key) {
                let _written = write!(out, "\x1b_Ga=d,d=i,i={id},p={},q=2\x1b\\", shown.id);
            }
        }
    }

    /// Takes all back that the terminal holds and shows.
    pub(super) fn clear(&mut self, out: &mut Vec<u8>) {
        for (_, id) in self.held.drain(..) {
            let _written = write!(out, "\x1b_Ga=d,d=I,i={id},q=2\x1b\\");
        }
        self.shown.clear();
    }

    fn draw_kitty(&mut self, next: &[Placed], out: &mut Vec<u8>) {
        let mut before = std::mem::take(&mut self.shown);
        let mut new = Vec::new();
        for placed in drawable(next) {
            match before.iter().position(|shown| shown.is(placed)) {
                Some(known) => self.shown.push(before.swap_remove(known)),
                None => new.push(placed),
            }
        }
        for gone in before {
            if let Some((_, id)) = self.held.iter().find(|(key, _)| *key == gone.key) {
                let _written = write!(out, "\x1b_Ga=d,d=i,i={id},p={},q=2\x1b\\", gone.id);
            }
        }
        for placed in new {
            let Some(data) = &placed.data else { continue };
            let Some(image) = self.hold(placed.key, data, out) else { continue };
            let id = self.next_id();
            let Placed { area, source, z, .. } = placed;
            // Writing to memory does not fail.
            let _written = out.queue(MoveTo(area.x, area.y));
            let _written = write!(
                out,
                "\x1b_Ga=p,i={image},p={id},x={},y={},w={},h={},c={},r={},z={z},C=1,q=2\x1b\\",
                source.x, source.y, source.width, source.height, area.width, area.height,
            );
            self.shown.push(shown(placed, id));
        }
        // In the order of the picture, so that it can be told from the next one.
        self.shown.sort_by_key(|shown| drawable(next).position(|placed| shown.is(placed)));
        self.let_go(out);
    }

    /// The id of an image on the terminal, which is sent to it if it does not hold it.
    fn hold(&mut self, key: ImageKey, data: &Arc<ImageData>, out: &mut Vec<u8>) -> Option<u32> {
        if let Some(at) = self.held.iter().position(|(known, _)| *known == key) {
            let held = self.held.remove(at);
            self.held.push(held);
            return Some(held.1);
        }
        let id = self.next_id();
        let ImageData { format, width, height, bytes } = &**data;
        let sized = |format: u8, how: &str| format!("f={format},s={width},v={height}{how}");
        match format {
            ImageFormat::Png => send(id, "f=100", bytes, out),
            ImageFormat::Rgb => send(id, &sized(24, ""), bytes, out),
            ImageFormat::Rgba => send(id, &sized(32, ""), bytes, out),
            ImageFormat::RgbDeflated => send(id, &sized(24, ",o=z"), bytes, out),
            ImageFormat::RgbaDeflated => send(id, &sized(32, ",o=z"), bytes, out),
            ImageFormat::Sixel => send(id, &sized(32, ""), &sixel::decode(bytes)?.rgba, out),
        }
        self.held.push((key, id));
        Some(id)
    }

    /// Lets images go that are not shown, the ones not used for longest.
    fn let_go(&mut self, out: &mut Vec<u8>) {
        let shown = &self.shown;
        let is_idle = |key: ImageKey| !shown.iter().any(|shown| shown.key == key);
        let idle = self.held.iter().filter(|(key, _)| is_idle(*key)).count();
        let mut excess = idle.saturating_sub(IDLE);
        self.held.retain(|(key, id)| {
            let goes = excess > 0 && is_idle(*key);
            if goes {
                excess -= 1;
                let _written = write!(out, "\x1b_Ga=d,d=I,i={id},q=2\x1b\\");
            }
            !goes
        });
    }

    /// An id that nothing has which the terminal holds or shows.
    fn next_id(&mut self) -> u32 {
        loop {
            self.ids = self.ids.wrapping_add(1) & 0xffff;
            let id = FIRST_ID + self.ids;
            let held = self.held.iter().any(|(_, held)| *held == id);
            // There are far fewer of either than ids.
            if !held && !self.shown.iter().any(|shown| shown.id == id) {
                return id;
            }
        }
    }
}

fn drawable(placed: &[Placed]) -> impl Iterator<Item = &Placed> {
    placed.iter().filter(|placed| placed.data.is_some())
}

const fn shown(placed: &Placed, id: u32) -> Shown {
    Shown { key: placed.key, id, source: placed.source, area: placed.area, z: placed.z }
}

/// Sends an image, in pieces.
fn send(id: u32, format: &str, bytes: &[u8], out: &mut Vec<u8>) {
    let mut pieces = bytes.chunks(PIECE / 4 * 3).peekable();
    let mut head = format!("a=t,i={id},{format},q=2,");
    while let Some(piece) = pieces.next() {
        let more = u8::from(pieces.peek().is_some());
        let _written = write!(out, "\x1b_G{head}m={more};");
        base64(piece, out);
        out.extend_from_slice(b"\x1b\\");
        head.clear();
    }
}

/// Draws an image in a picture that ends before the row `bottom`. Many terminals have their cursor below an image in
/// the end, and scroll for that: the last row is left free, and no line of sixels reaches into it.
fn draw_sixel(placed: &Placed, cell: (u16, u16), bottom: u16, out: &mut Vec<u8>) {
    let Some(data) = &placed.data else { return };
    let size =
        (placed.area.width.saturating_mul(cell.0), placed.area.height.saturating_mul(cell.1));
    let rows = placed.area.height - u16::from(placed.area.bottom() >= bottom);
    let mut height = rows.saturating_mul(cell.1);
    if placed.area.bottom() + 1 >= bottom {
        height -= height % sixels::BAND;
    }
    let Some(pixels) = sixels::scaled(data, placed.source, size, height) else { return };
    let _written = out.queue(MoveTo(placed.area.x, placed.area.y));
    sixels::encode(&pixels, out);
}

fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit =
        |bits: u32, shift: u32| DIGITS.get((bits >> shift & 63) as usize).copied().unwrap_or(b'=');
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| chunk.get(place).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let third = if chunk.len() > 1 { digit(bits, 6) } else { b'=' };
        let fourth = if chunk.len() > 2 { digit(bits, 0) } else { b'=' };
        out.extend_from_slice(&[digit(bits, 18), digit(bits, 12), third, fourth]);
    }
}

#[cfg(test)]
mod tests;
