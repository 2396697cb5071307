//! Checkpoints at any byte.
