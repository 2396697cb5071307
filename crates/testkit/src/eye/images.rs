//! The images that a terminal shows, in words that are alike where they look alike: what the program calls an image, and
//! when it came, is not to be seen. Decodes sixels alone; of others it tells which data stand there.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use ccc_vt::image::placeholder::{self, Piece};
use ccc_vt::image::sixel::{self, Pixels};
use ccc_vt::{Image, Placement, Screen, Size};

/// What stands in this much of a screen, from its top left corner on, sorted.
pub(super) fn shown(screen: &Screen, size: Size) -> Vec<String> {
    let mut told: Vec<String> = by_themselves(screen, size).chain(in_cells(screen, size)).collect();
    told.sort_unstable();
    told
}

fn by_themselves(screen: &Screen, size: Size) -> impl Iterator<Item = String> {
    let rows: Vec<_> = screen.rows().map(|row| row.id()).collect();
    screen.placements().iter().filter(|placement| !placement.is_virtual).filter_map(move |placed| {
        let last = rows.iter().position(|row| *row == placed.row)?;
        let top = i64::try_from(last).ok()? - i64::from(placed.above);
        let Placement { col, cols, rows, source, z, .. } = placed;
        let image = screen.images().find(|image| image.serial == placed.image)?;
        let here = top < i64::from(size.rows) && *col < size.cols;
        here.then(|| {
            format!(
                "row {top:>2} column {col:>2}: {cols}x{rows} at {z} of {source:?} {}",
                name(image)
            )
        })
    })
}

/// Pieces in cells, each by its pixels: how they were put together is not to be seen.
fn in_cells(screen: &Screen, size: Size) -> impl Iterator<Item = String> {
    let mut decoded: HashMap<u64, Option<Pixels>> = HashMap::new();
    let mut told = Vec::new();
    for (y, row) in screen.rows().take(usize::from(size.rows)).enumerate() {
        let (mut x, mut left) = (0, None);
        for cell in row.cells() {
            if x >= size.cols {
                break;
            }
            let style = cell.style();
            left = placeholder::piece(cell.text(), style.fg, style.underline_color, left);
            if let Some((image, placed, piece)) = left.and_then(|piece| placed(screen, piece)) {
                let pixels =
                    decoded.entry(image.serial).or_insert_with(|| sixel::decode(&image.data));
                let looks = match pixels {
                    Some(pixels) => looks(pixels, placed, piece),
                    None => format!("{},{} of {}", piece.row, piece.col, name(image)),
                };
                told.push(format!("row {y:>2} column {x:>2}: {looks}"));
            }
            x += u16::from(cell.width());
        }
    }
    told.into_iter()
}

/// The image that a piece is of, and the placement that is meant.
fn placed(screen: &Screen, piece: Piece) -> Option<(&Image, &Placement, Piece)> {
    let image = screen.images().filter(|image| image.id == piece.image).last()?;
    let mut placements = screen.placements().iter();
    let placed = placements.find(|placed| placed.is_virtual && placed.image == image.serial)?;
    Some((image, placed, piece))
}

/// The pixels of a piece.
fn looks(pixels: &Pixels, placed: &Placement, piece: Piece) -> String {
    let side = |all: u16, cells: u16| usize::from(all.div_ceil(cells.max(1)));
    let (width, height) = (side(pixels.width, placed.cols), side(pixels.height, placed.rows));
    let line = usize::from(pixels.width) * 4;
    let from = (usize::from(piece.col) * width * 4).min(line);
    let until = (from + width * 4).min(line);
    let rows = pixels.rgba.chunks(line.max(1)).skip(usize::from(piece.row) * height).take(height);
    let mut hasher = DefaultHasher::new();
    let mut count = 0;
    for row in rows {
        row[from..until].hash(&mut hasher);
        count += 1;
    }
    format!("{}x{count} pixels {:016x}", (until - from) / 4, hasher.finish())
}

fn name(image: &Image) -> String {
    let mut hasher = DefaultHasher::new();
    image.data.hash(&mut hasher);
    let Image { format, width, height, .. } = image;
    format!("{format:?} {width}x{height} {:016x}", hasher.finish())
}
