//! Resizing (filled in next).

use super::Engine;
use crate::Size;

impl Engine {
    pub(crate) fn resize(&mut self, size: Size) {
        let _ = size;
        self.resizes += 1;
        self.touch();
    }
}
