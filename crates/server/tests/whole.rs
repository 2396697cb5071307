//! The whole server as processes: the server, its keeper and spare, programs in terminals, clients on
//! the loopback. Needs the example `serve`, which `cargo test -p ccc-server` builds.

#[cfg(test)]
#[path = "whole/budget.rs"]
mod budget;
#[cfg(test)]
#[path = "whole/ends.rs"]
mod ends;
#[cfg(test)]
#[path = "whole/imports.rs"]
mod imports;
#[cfg(test)]
#[path = "whole/keys.rs"]
mod keys;
#[cfg(test)]
#[path = "whole/older.rs"]
mod older;
#[cfg(test)]
#[path = "whole/path.rs"]
mod path;
#[cfg(test)]
#[path = "whole/pausing.rs"]
mod pausing;
#[cfg(test)]
#[path = "whole/reach.rs"]
mod reach;
#[cfg(test)]
#[path = "whole/recovery.rs"]
mod recovery;
#[cfg(test)]
#[path = "whole/requests.rs"]
mod requests;
#[cfg(test)]
#[path = "whole/reverse.rs"]
mod reverse;
#[cfg(test)]
#[path = "whole/rights.rs"]
mod rights;
#[cfg(test)]
#[path = "whole/sizes.rs"]
mod sizes;
#[cfg(test)]
#[path = "whole/stalled.rs"]
mod stalled;
#[cfg(test)]
#[path = "whole/world.rs"]
mod world;
