//! For tests that run the product from outside: a [`Sandbox`] with a state directory of its own, and a
//! [`Terminal`] in which a program runs and whose screen is looked at.
//!
//! Nothing here waits for time to pass. Whatever is waited for has a deadline, and an error that
//! shows what was there instead. Only processes that were started here, or by those, are ended.

mod both;
mod custody;
mod disk;
mod error;
mod example;
mod eye;
mod flood;
mod hunt;
mod nat;
mod network;
mod process;
mod program;
mod random;
mod recordings;
mod sandbox;
mod terminal;

pub use both::{Both, Kind, Panes};
pub use ccc_vt as vt;
pub use ccc_vt::Size;
pub use custody::{Custody, Holder};
pub use disk::Disk;
pub use error::{KitError, Result};
pub use example::example;
pub use eye::{Picture, text};
pub use flood::Flood;
pub use hunt::{Hit, hunt};
pub use nat::{Cables, Nat};
pub use network::{Network, Passed, Weather};
pub use process::{Process, Stat};
pub use program::Program;
pub use random::Random;
pub use recordings::{file_names, wait_sealed};
pub use sandbox::{Output, Sandbox, installed};
pub use terminal::{Ended, Terminal};
pub use vt100;

#[cfg(test)]
mod tests;
