//! Deleting placements, and images with them: by name, and by where they stand on the shown screen.

use super::Command;
use crate::RowId;
use crate::engine::Engine;
use crate::image::{Image, Placement};

impl Engine {
    pub(super) fn delete(&mut self, command: &Command) {
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
