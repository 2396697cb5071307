//! The full-screen client: state, view, and the loop.
//!
//! Owns the outer terminal while it runs, and everything that a person sees and types. What a
//! session is made of comes from the server through `ccc_client`; this crate only looks and asks.
//!
//! * `app` holds what is known and decides: `update(event) → effects`, no I/O.
//! * `view` turns the state into one surface; it decides nothing.
//! * `outer` is what the terminal around us can.
//! * `writer` turns one surface into the next on the terminal; no pane gets there another way.
//! * `run` is the loop between hands, server, clock and signals.

mod alone;
mod app;
mod clipboard;
mod config;
mod image;
mod keep;
pub mod keymap;
mod outer;
mod pasted;
mod predict;
mod replay;
mod run;
pub mod stdin;
mod surface;
mod terminal;
mod theme;
mod top;
mod view;
mod words;
mod writer;

pub use app::Outcome;
pub use config::{ConfigError, Problem, check as check_config, language, redactor};
pub use predict::Prediction;
pub use replay::{ReplayFrom, ReplayOptions, Start as ReplayStart, replay};
pub use run::{Look, Options, TuiError, run};
pub use top::{TopOptions, TopSort, table_once, top};
pub use words::{Language, Words};
