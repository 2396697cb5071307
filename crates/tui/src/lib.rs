//! The full-screen client: state, view, and the loop. No decisions are made while drawing.

pub mod keymap;
pub mod stdin;
mod surface;
mod terminal;
mod writer;
