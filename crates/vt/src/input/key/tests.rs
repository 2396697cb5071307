//! Key events: normal form and numbers.
