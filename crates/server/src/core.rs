//! What a server decides, as pure functions: who is where, what a request makes of it, who may, how
//! large, in which world. Owns no task, file, socket, clock or randomness: those come as arguments,
//! and what is to be written comes back as records.

pub mod authorize;
pub mod commands;
pub mod house;
pub mod label;
pub mod layout;
pub mod record;
pub mod roster;
pub mod saved_layout;
pub mod size_policy;
pub mod target;
pub mod token;
pub mod world;
