//! What holds the wire to its word: golden bytes for every message, old readers against newer
//! peers, hostile bytes, a second codec that must agree with the first, and the specification.

mod allocations;
mod growth;
mod hostile;
mod samples;
mod second_codec;
mod specification;
mod vectors;
