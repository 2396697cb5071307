//! Placeholder for the crate's front page.
