//! The kitty graphics protocol: `APC G` commands. Data comes in the stream or not at all: a program here may
//! be on another machine than the terminal, and nobody else's files are read for it. There is no animation.

mod command;
mod delete;

pub(crate) use command::Command;

use super::Engine;
use super::images::{Pending, Picture};
use super::osc::{base64, split};
use crate::image::{IMAGE_BYTES, IMAGE_SIDE, Image, ImageFormat, Placement, Source, is_zlib, png};
use crate::{CellPixels, MAX_SIDE, RowId};

type Refusal = &'static str;

impl Engine {
    pub(super) fn put_apc(&mut self, data: &[u8]) {
        let Some(data) = data.strip_prefix(b"G") else { return };
        let (control, payload) = split(data, b';');
        let Some(command) = Command::read(control) else { return };
        if let Some(pending) = self.images.pending.take()
            && matches!(command.action, 0 | b'f')
            // Pieces need not say whose they are; some do.
            && [0, pending.command.of(b'i')].contains(&command.of(b'i'))
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
        let (cols, rows) = cells(command, source, self.cell);
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
fn cells(command: &Command, source: Source, cell: CellPixels) -> (u16, u16) {
    let (cell_width, cell_height) = (u32::from(cell.width), u32::from(cell.height));
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
