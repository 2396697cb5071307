//! The cursor as others see it.

/// Shape of the cursor (DECSCUSR).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CursorShape {
    /// Whatever the person at the outer terminal prefers.
    #[default]
    Default,
    /// Fills the cell.
    Block,
    /// Under the cell.
    Underline,
    /// Left of the cell.
    Bar,
}

/// Where the cursor is and how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Column, from 0.
    pub col: u16,
    /// Row, from 0.
    pub row: u16,
    /// DECTCEM.
    pub visible: bool,
    /// Its shape.
    pub shape: CursorShape,
    /// Whether it blinks.
    pub blink: bool,
}
