//! What listings and search need beyond what is in memory, in sled: rebuilt from the logs whenever it
//! is missing, damaged, or of another form. Owns the database under `index/` of the state directory.
//!
//! * Nothing lives here alone: every entry is a fold over the logs, and deleting the folder loses
//!   nothing. [`Opened::rebuild`] says that the caller has to fold again.
//! * sled may panic on damaged files, also on threads of its own. Opening is therefore fenced, and
//!   followed by a read-back; what does not pass is set aside and begun anew.
//! * Its cache is small, and it is flushed by the caller: nothing wakes up by itself.
//!
//! What it holds so far is the panes that were ever seen, and the commands that ran in them. The filter of
//! printed lines comes with search.

mod commands;
mod open;
mod panes;

pub use commands::{Command, CommandFilter, CommandKey, ExitFilter, Taken};
pub use open::{Index, IndexError, Opened};
pub use panes::PaneSeen;

#[cfg(test)]
mod tests;
