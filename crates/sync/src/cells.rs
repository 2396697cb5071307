//! Cells as runs of one style and one width, with the tables of styles and links that the runs of
//! one message share. Owns both directions; what rows or lines they belong to is for others.

mod hasher;
mod pack;
mod unpack;

pub(crate) use pack::{Budget, CellLink, Packer, RunWriter};
pub(crate) use unpack::Unpacker;
