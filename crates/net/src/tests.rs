//! The crate as a whole, on the loopback interface and in memory.

mod by_tcp;
mod contract;
mod handshake;
pub(crate) mod loopback;
mod narrow;
mod restart;
mod roaming;
mod strangers;
