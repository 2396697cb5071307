//! Figures of the transport: windows, timeouts, how many streams. Owns them and nothing else.

use std::sync::Arc;
use std::time::Duration;

use quinn::{AckFrequencyConfig, IdleTimeout, TransportConfig, VarInt};

use crate::bulk::BULK_MOST;
use crate::path::{GaugedCubic, LEAST_OF_CLIENTS, LEAST_OF_SERVERS};

/// A connection on which nothing was heard for so long is over.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// A client says something at least this often, so that an idle connection stays, a NAT keeps its
/// mapping, and a restarted server is noticed.
pub const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// A hand-shake that takes longer is given up by both ends.
pub const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(5);

/// Bytes of all streams together that may wait for acknowledgement, unless set otherwise. What is
/// handed to the transport can no longer be replaced by something newer, so this is kept small; it
/// bounds the rate to 2.5 MB/s on a path of 100 ms. What is sent in bulk has more by and by, which follows what it
/// has on its way (`bulk`).
pub const SEND_WINDOW_BYTES: u64 = 256 * 1024;

/// Bytes that a peer may have under way to a server before it is authorised.
pub const UNAUTHORISED_WINDOW_BYTES: u32 = 16 * 1024;

/// Streams of each kind that a peer may have open before it is authorised.
pub(crate) const UNAUTHORISED_STREAMS: u32 = 2;

/// Bytes that an authorised peer may have under way: what this end holds of them at most.
pub(crate) const WINDOW_BYTES: u32 = 4 * 1024 * 1024;

/// The same for one stream. QUIC fixes it for the life of a connection. An eighth of it is used before more is
/// given, and [`BULK_MOST`] is not to wait for that.
pub(crate) const STREAM_WINDOW_BYTES: u32 = 5 * 512 * 1024;
const _: () = assert!(STREAM_WINDOW_BYTES as u64 / 8 * 7 > BULK_MOST);

/// Streams of each kind that an authorised peer may have open: requests and pages both ways, and
/// two frames under way for each of a hundred panes.
pub(crate) const STREAMS: u32 = 256;

/// What is assumed of a path before the first answer. The hand-shake's first repetition comes after
/// three times this; QUIC's own 333 ms makes a lost first packet cost a second.
pub(crate) const FIRST_RTT: Duration = Duration::from_millis(100);

/// Packets that an end may take in before it must say so by a packet of its own. QUIC's own 1 makes every
/// key cost a wake-up more at both ends; nearly all that travels here is answered anyway, and the
/// answer carries the acknowledgement. What is answered by nothing waits for QUIC's 25 ms.
const UNACKNOWLEDGED: u32 = 8;

/// The server's side: nothing is given away before [`crate::Connection::authorize`].
pub(crate) fn server(send_window_bytes: u64) -> TransportConfig {
    let mut config = common(send_window_bytes, LEAST_OF_SERVERS);
    config
        .receive_window(UNAUTHORISED_WINDOW_BYTES.into())
        .max_concurrent_bidi_streams(UNAUTHORISED_STREAMS.into())
        .max_concurrent_uni_streams(UNAUTHORISED_STREAMS.into());
    config
}

/// The client's side: the server is known by its key from the first byte.
pub(crate) fn client(send_window_bytes: u64) -> TransportConfig {
    let mut config = common(send_window_bytes, LEAST_OF_CLIENTS);
    config
        .keep_alive_interval(Some(KEEP_ALIVE))
        .receive_window(WINDOW_BYTES.into())
        .max_concurrent_bidi_streams(STREAMS.into())
        .max_concurrent_uni_streams(STREAMS.into());
    config
}

fn common(send_window_bytes: u64, least_window: u64) -> TransportConfig {
    let mut config = TransportConfig::default();
    let mut acknowledgements = AckFrequencyConfig::default();
    acknowledgements.ack_eliciting_threshold(UNACKNOWLEDGED.into());
    config
        .ack_frequency_config(Some(acknowledgements))
        .max_idle_timeout(Some(IdleTimeout::from(
            VarInt::from_u32(IDLE_TIMEOUT.as_millis() as u32),
        )))
        .initial_rtt(FIRST_RTT)
        .send_window(send_window_bytes)
        .stream_receive_window(STREAM_WINDOW_BYTES.into())
        .congestion_controller_factory(Arc::new(GaugedCubic { least_window }))
        // Neither is used: no datagrams, and no bit that tells the path our round-trip time.
        .datagram_receive_buffer_size(None)
        .allow_spin(false);
    config
}
