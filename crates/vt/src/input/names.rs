//! The names of keys and modifiers.
