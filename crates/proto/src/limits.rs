//! Caps of the wire, in bytes unless said otherwise. Owns the figures, not the checks.

/// The largest body of any message. A whole frame of a 1000x500 screen in which every cell has its
/// own style stays below it.
pub const BODY: usize = 8 * 1024 * 1024;

/// The largest body before the peer is known: a hello needs far less.
pub const BODY_BEFORE_HELLO: usize = 16 * 1024;

/// The largest body of one input message; a longer paste travels as several.
pub const INPUT_BODY: usize = 128 * 1024;

/// The largest body of a control or request message: room for a whole environment.
pub const CONTROL_BODY: usize = 3 * 1024 * 1024;

/// The largest piece of recorded bytes in one [`crate::Chunk`], and of a connection's in one
/// [`crate::ForwardBytes`].
pub const CHUNK: usize = 64 * 1024;

/// Bytes of a carried connection that may have been sent in one direction and not been taken at the other
/// end: what that end holds of it at most, until it says more ([`crate::ForwardWindow`]).
pub const FORWARD_WINDOW: usize = 128 * 1024;

/// The most that it becomes: as much as all that is carried may have on its way.
pub const FORWARD_WINDOW_MOST: usize = 2 * 1024 * 1024;

/// By how much all windows of one client together may be larger than [`FORWARD_WINDOW`] each: what an end holds for
/// connections that kept up and then stopped.
pub const FORWARD_SPARE: usize = 8 * 1024 * 1024;

/// Connections that are carried for one client at the same time. Half of the streams that a connection has,
/// so that requests always find one; with [`FORWARD_WINDOW`] and [`FORWARD_SPARE`] it bounds what an end holds for them
/// to 24 MiB.
pub const FORWARDS: usize = 128;

/// Ports that are listened on for one client at a time.
pub const FORWARD_PORTS: usize = 16;

/// The largest piece of an image in one [`crate::ImagePage`].
pub const IMAGE_PAGE: usize = 1024 * 1024;

/// How many times larger than its encoding a decoded body may be in memory. The densest honest
/// body, a list of empty strings, stays below it; a forged length does not.
pub const GROWTH: usize = 64;

/// The longest name of a session, tab or host that a peer may give, in bytes.
pub const NAME: usize = 256;

/// The largest side of a screen, in cells, that a peer may ask for.
pub const SIDE: u16 = 4096;
