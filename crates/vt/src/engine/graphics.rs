//! The kitty graphics protocol: `APC G` commands. Data comes in the stream or not at all: a program here may
//! be on another machine than the terminal, and nobody else's files are read for it. There is no animation.

use super::Engine;
use super::images::{Pending, Picture};
use super::osc::{base64, split};
use crate::image::{
    CELL_PIXELS, IMAGE_BYTES, IMAGE_SIDE, Image, ImageFormat, Placement, Source, is_zlib, png,
};
use crate::{MAX_SIDE, RowId};

/// One command, its keys by their letters. What is absent is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    /// `a`.
    pub(crate) action: u8,
    /// `q`: 1 hides answers that all went well, 2 all.
    pub(crate) quiet: u8,
    /// `t`.
    pub(crate) medium: u8,
    /// `o`.
    pub(crate) compression: u8,
    /// `d`.
    pub(crate) delete: u8,
    /// `m`: more is to come.
    pub(crate) more: bool,
    /// All others, by [`NUMBERS`].
    pub(crate) numbers: [u32; NUMBERS.len()],
}

/// The keys whose values are numbers.
pub(crate) const NUMBERS: [u8; 16] = *b"iIpfsvxywhcrzCUX";

type Refusal = &'static str;

impl Command {
    /// Reads `key=value` with `,` between; `None` if that is not what it is. Unknown keys are skipped.
    fn read(control: &[u8]) -> Option<Self> {
        let mut command = Self::default();
        for pair in control.split(|byte| *byte == b',').filter(|pair| !pair.is_empty()) {
            let (key, value) = split(pair, b'=');
            let (&[key], &[first, ..]) = (key, value) else { return None };
            match key {
                b'a' => command.action = first,
                b't' => command.medium = first,
                b'o' => command.compression = first,
                b'd' => command.delete = first,
                b'q' => command.quiet = number(value)?.min(2) as u8,
                b'm' => command.more = number(value)? != 0,
                _ => {
                    let slot = NUMBERS.iter().position(|known| *known == key);
                    if let Some(slot) = slot.and_then(|at| command.numbers.get_mut(at)) {
                        *slot = number(value)?;
                    }
                }
            }
        }
        Some(command)
    }

    /// The value of a key that is a number.
    fn of(&self, key: u8) -> u32 {
        let place = NUMBERS.iter().position(|known| *known == key);
        place.and_then(|place| self.numbers.get(place)).copied().unwrap_or(0)
    }

    /// The same, where more than a screen has means as much as it has.
    fn side(&self, key: u8) -> u16 {
        u16::try_from(self.of(key)).unwrap_or(u16::MAX)
    }
}

/// A number; a negative one as its two's complement.
fn number(value: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(value).ok()?;
    match text.strip_prefix('-') {
        Some(_) => text.parse::<i32>().ok().map(i32::cast_unsigned),
        None => text.parse().ok(),
    }
}

impl Engine {
    pub(super) fn put_apc(&mut self, data: &[u8]) {
        let Some(data) = data.strip_prefix(b"G") else { return };
        let (control, payload) = split(data, b';');
        let Some(command) = Command::read(control) else { return };
        if let Some(pending) = self.images.pending.take()
            && matches!(command.action, 0 | b'f')
            && command.of(b'i') == 0
        {
            return self.go_on(pending, &command, payload);
        }
        match command.action {
            0 | b't' | b'T' | b'q' => {
                let pending =
                    Pending { command: command.clone(), data: Vec::new(), overflow: false };
                self.go_on(pending, &command, payload);
            }
            b'p' => {
                let (id, result) = self.put_image(&command);
                self.answer(&command, id, result);
            }
            b'd' => self.delete(&command),
            b'f' | b'a' | b'c' => {
                self.answer(&command, command.of(b'i'), Err("EINVAL:no animation here"));
            }
            _ => {}
        }
    }

    /// Takes a piece of a transmission in, and the image when it was the last.
    fn go_on(&mut self, mut pending: Pending, piece: &Command, payload: &[u8]) {
        let most = (IMAGE_BYTES - pending.data.len()) / 3 * 4 + 4;
        if pending.overflow || payload.len() > most {
            pending.overflow = true;
            pending.data = Vec::new();
        } else {
            match base64(payload) {
                Some(bytes) if pending.data.len() + bytes.len() <= IMAGE_BYTES => {
                    pending.data.extend_from_slice(&bytes);
                }
                _ => {
                    pending.overflow = true;
                    pending.data = Vec::new();
                }
            }
        }
        pending.command.quiet = pending.command.quiet.max(piece.quiet);
        if piece.more {
            // What is not complete takes its place among what is.
            self.make_room(pending.data.len());
            self.images.pending = Some(pending);
            return;
        }
        let Pending { command, data, overflow } = pending;
        let (id, result) = self.transmit(&command, data, overflow);
        self.answer(&command, id, result);
    }

    fn transmit(
        &mut self,
        command: &Command,
        data: Vec<u8>,
        overflow: bool,
    ) -> (u32, Result<(), Refusal>) {
        let (id, number) = (command.of(b'i'), command.of(b'I'));
        let picture = if id != 0 && number != 0 {
            Err("EINVAL:an id and a number at once")
        } else if overflow {
            Err("EFBIG:too much data, or not base64")
        } else {
            picture(command, data)
        };
        let picture = match picture {
            Ok(picture) => picture,
            Err(refusal) => return (id, Err(refusal)),
        };
        if command.action == b'q' {
            return (id, Ok(()));
        }
        let id = if id == 0 { self.free_image_id() } else { id };
        let serial = self.add_image(id, number, picture);
        if command.action == b'T' {
            self.place(command, serial);
        }
        (id, Ok(()))
    }

    fn put_image(&mut self, command: &Command) -> (u32, Result<(), Refusal>) {
        let (id, number) = (command.of(b'i'), command.of(b'I'));
        let found = self.images.by_id(id).or_else(|| self.images.by_number(number));
        let Some(image) = found else { return (id, Err("ENOENT:no such image")) };
        let (id, serial) = (image.id, image.serial);
        self.place(command, serial);
        (id, Ok(()))
    }

    /// Puts an image that is here where the cursor is.
    fn place(&mut self, command: &Command, serial: u64) {
        let Some(image) = self.images.find(serial) else { return };
        let source = source(command, image);
        let (cols, rows) = cells(command, source);
        let mut placement = Placement {
            image: serial,
            id: command.of(b'p'),
            is_virtual: command.of(b'U') == 1,
            row: RowId(0),
            above: 0,
            col: 0,
            cols,
            rows,
            source,
            z: command.of(b'z').cast_signed(),
        };
        if placement.is_virtual {
            return self.add_placement(placement);
        }
        let (x, y) = (self.cursor.x, self.cursor.y);
        placement.col = u16::try_from(x).unwrap_or(u16::MAX);
        if command.of(b'C') == 1 {
            // It hangs on the lowest of its rows that there is.
            let last = (y + usize::from(rows) - 1).min(self.rows() - 1);
            placement.above = u16::try_from(last - y).unwrap_or(0);
            placement.row = self.grid.row(last).id;
            return self.add_placement(placement);
        }
        self.line_feeds(usize::from(rows) - 1);
        placement.above = rows - 1;
        placement.row = self.grid.row(self.cursor.y).id;
        self.add_placement(placement);
        self.cursor.wrap_pending = false;
        let right = x + usize::from(cols);
        if right < self.limit() {
            self.cursor.x = right;
        } else {
            self.carriage_return();
            self.index();
        }
        self.touch();
    }

    /// Line feeds; more than two screens of them look no different.
    pub(super) fn line_feeds(&mut self, count: usize) {
        for _ in 0..count.min(self.rows() * 2) {
            self.index();
        }
    }

    fn delete(&mut self, command: &Command) {
        let what = if command.delete == 0 { b'a' } else { command.delete };
        let free = what.is_ascii_uppercase();
        let (x, y) = (command.of(b'x'), command.of(b'y'));
        let z = command.of(b'z').cast_signed();
        match what.to_ascii_lowercase() {
            b'a' => self.delete_shown(free, |_, _| true),
            b'i' => {
                let found = self.images.by_id(command.of(b'i')).map(|image| image.serial);
                self.delete_image(command, found);
            }
            b'n' => {
                let found = self.images.by_number(command.of(b'I')).map(|image| image.serial);
                self.delete_image(command, found);
            }
            b'c' => {
                let (x, y) = (self.cursor.x, self.cursor.y);
                self.delete_shown(free, |place, _| place.covers(x, y));
            }
            b'p' => self.delete_shown(free, |place, _| place.covers_cell(x, y)),
            b'q' => self.delete_shown(free, |place, p| place.covers_cell(x, y) && p.z == z),
            b'x' => self.delete_shown(free, |place, _| place.has_col(from_one(x))),
            b'y' => self.delete_shown(free, |place, _| place.has_row(from_one(y))),
            b'z' => self.delete_shown(free, |_, placement| placement.z == z),
            b'r' => {
                let in_range = |image: &Image| (x..=y).contains(&image.id);
                if free {
                    self.remove_images(in_range);
                } else {
                    let list = self.images.list.iter().filter(|image| in_range(image));
                    let serials: Vec<u64> = list.map(|image| image.serial).collect();
                    self.remove_placements(false, |p| serials.contains(&p.image));
                }
            }
            // Frames of animations.
            _ => {}
        }
    }

    /// Deletes the placements of one image, or the one that is named.
    fn delete_image(&mut self, command: &Command, serial: Option<u64>) {
        let Some(serial) = serial else { return };
        let placement = command.of(b'p');
        let free = command.delete.is_ascii_uppercase();
        self.remove_placements(free, |p| {
            p.image == serial && (placement == 0 || p.id == placement)
        });
        // An image that stood nowhere goes too.
        if free && !self.images.placements.iter().any(|p| p.image == serial) {
            self.remove_images(|image| image.serial == serial);
        }
    }

    /// Deletes placements on the shown screen by where they stand.
    fn delete_shown(&mut self, free: bool, which: impl Fn(Place, &Placement) -> bool) {
        let rows: Vec<RowId> = self.grid.iter().map(|row| row.id).collect();
        self.remove_placements(free, |placement| {
            let row = rows.iter().position(|id| *id == placement.row);
            let Some(row) = row.filter(|_| !placement.is_virtual) else { return false };
            which(Place::new(row, placement), placement)
        });
    }

    /// Answers a command, unless it is not to be: one without an id or number never is.
    fn answer(&mut self, command: &Command, id: u32, result: Result<(), Refusal>) {
        let number = command.of(b'I');
        let named = command.of(b'i') != 0 || number != 0;
        if !named || command.quiet >= 2 || result.is_ok() && command.quiet == 1 {
            return;
        }
        let words = result.err().unwrap_or("OK");
        let placement = command.of(b'p');
        match (number, placement) {
            (0, 0) => self.reply(format_args!("\x1b_Gi={id};{words}\x1b\\")),
            (0, _) => self.reply(format_args!("\x1b_Gi={id},p={placement};{words}\x1b\\")),
            (_, 0) => self.reply(format_args!("\x1b_Gi={id},I={number};{words}\x1b\\")),
            _ => self.reply(format_args!("\x1b_Gi={id},I={number},p={placement};{words}\x1b\\")),
        }
    }
}

/// Where a placement stands on the shown screen, in cells; its first row may be above it.
#[derive(Clone, Copy)]
struct Place {
    top: usize,
    /// Rows that are above the screen.
    hidden: usize,
    rows: usize,
    col: usize,
    cols: usize,
}

impl Place {
    fn new(row: usize, placement: &Placement) -> Self {
        let above = usize::from(placement.above);
        Self {
            top: row.saturating_sub(above),
            hidden: above.saturating_sub(row),
            rows: placement.rows.into(),
            col: placement.col.into(),
            cols: placement.cols.into(),
        }
    }

    fn has_row(self, y: Option<usize>) -> bool {
        y.is_some_and(|y| y >= self.top && y + self.hidden < self.top + self.rows)
    }

    fn has_col(self, x: Option<usize>) -> bool {
        x.is_some_and(|x| (self.col..self.col + self.cols).contains(&x))
    }

    fn covers(self, x: usize, y: usize) -> bool {
        self.has_col(Some(x)) && self.has_row(Some(y))
    }

    fn covers_cell(self, x: u32, y: u32) -> bool {
        self.has_col(from_one(x)) && self.has_row(from_one(y))
    }
}

/// Cells are counted from 1.
fn from_one(place: u32) -> Option<usize> {
    usize::try_from(place.checked_sub(1)?).ok()
}

/// The image that a command and its data are.
fn picture(command: &Command, mut data: Vec<u8>) -> Result<Picture, Refusal> {
    if !matches!(command.medium, 0 | b'd') {
        return Err("EINVAL:only data in the stream");
    }
    let (deflated, depth) = match (command.compression, command.of(b'f')) {
        (0, 100) => {
            let png = png::checked(&data).ok_or("EBADPNG:no PNG, or too large")?;
            let png::Png { width, height, data } = png;
            return Ok(Picture { format: ImageFormat::Png, width, height, data });
        }
        (compression @ (0 | b'z'), 24) => (compression != 0, 3),
        (compression @ (0 | b'z'), 0 | 32) => (compression != 0, 4),
        _ => return Err("EINVAL:unknown format"),
    };
    let side = |key| {
        let side = command.side(key);
        if (1..=IMAGE_SIDE).contains(&side) {
            Ok(side)
        } else {
            Err("EINVAL:wrong width or height")
        }
    };
    let (width, height) = (side(b's')?, side(b'v')?);
    let bytes = usize::from(width) * usize::from(height) * depth;
    if deflated {
        if !is_zlib(&data) {
            return Err("EINVAL:not compressed by zlib");
        }
    } else if data.len() < bytes {
        return Err("ENODATA:too little data");
    } else {
        data.truncate(bytes);
    }
    let format = match (deflated, depth) {
        (false, 3) => ImageFormat::Rgb,
        (false, _) => ImageFormat::Rgba,
        (true, 3) => ImageFormat::RgbDeflated,
        (true, _) => ImageFormat::RgbaDeflated,
    };
    Ok(Picture { format, width, height, data })
}

/// What of an image is to be shown.
fn source(command: &Command, image: &Image) -> Source {
    let x = command.side(b'x').min(image.width - 1);
    let y = command.side(b'y').min(image.height - 1);
    let rest = |wanted: u16, most: u16| if wanted == 0 { most } else { wanted.min(most) };
    Source {
        x,
        y,
        width: rest(command.side(b'w'), image.width - x),
        height: rest(command.side(b'h'), image.height - y),
    }
}

/// How many columns and rows it takes: as it was told, else by its size in pixels.
fn cells(command: &Command, source: Source) -> (u16, u16) {
    let (cell_width, cell_height) = (u32::from(CELL_PIXELS.0), u32::from(CELL_PIXELS.1));
    let (width, height) = (u32::from(source.width), u32::from(source.height));
    let clamp = |cells: u32| u16::try_from(cells.clamp(1, MAX_SIDE.into())).unwrap_or(MAX_SIDE);
    let (cols, rows) =
        (command.of(b'c').min(MAX_SIDE.into()), command.of(b'r').min(MAX_SIDE.into()));
    match (cols, rows) {
        (0, 0) => (
            clamp((width + command.of(b'X').min(cell_width)).div_ceil(cell_width)),
            clamp(height.div_ceil(cell_height)),
        ),
        // As high as keeps its shape.
        (_, 0) => (clamp(cols), clamp((cols * cell_width * height).div_ceil(width * cell_height))),
        (0, _) => (clamp((rows * cell_height * width).div_ceil(height * cell_width)), clamp(rows)),
        _ => (clamp(cols), clamp(rows)),
    }
}
