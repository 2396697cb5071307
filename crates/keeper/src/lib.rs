//! The keeper: a small process that owns every PTY of a server and outlives the server.
//!
//! The crate holds both halves. [`run`] is the process: it opens PTYs, moves their bytes into the
//! journal with `splice(2)`, reaps children and hands descriptors out. [`client`] is the server's
//! half: it starts a keeper, asks it things and receives the descriptors. [`protocol`] is what they
//! say to each other, frozen in `proto/keeper.md`. [`tty`] and [`daemon`] are the few system calls
//! other rooms need but may not make themselves, because this is the only crate with `unsafe`.
//!
//! Nothing here parses what a program prints, knows a runtime, or speaks to a network.

pub mod client;
mod custody;
pub mod daemon;
mod error;
mod packet;
mod process;
pub mod protocol;
mod rundir;
mod spec;
mod system;
pub mod tty;

pub use custody::{CustodySet, PaneFds, Terms};
pub use error::KeeperError;
pub use process::{KeeperArgs, run};
pub use spec::{SpawnSpec, SpecError};
