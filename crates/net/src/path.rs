//! What is known of the network path. Owns the estimate and how it is obtained.
//!
//! quinn tells the smoothed round-trip time and not its variation, which decides when a frame is
//! late. A congestion controller is shown every update of the smoothed time; the smoothing is a
//! fixed rule (RFC 9002, 5.3), so the variation follows from the differences between the updates.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quinn::congestion::{Controller, ControllerFactory, ControllerMetrics, Cubic, CubicConfig};
use quinn_proto::RttEstimator;

/// The clock of a peer's acknowledgements may be this coarse.
const GRANULARITY: Duration = Duration::from_millis(1);

/// Bytes that may always be under way, while what was sent into an outage is not known to be lost yet. From a
/// server: a few small changes of a screen, and no more, because thin links have to carry it.
pub(crate) const LEAST_OF_SERVERS: u64 = 4 * 1200;
/// From a client, which has keys to send and tries again and again whether there is a link.
pub(crate) const LEAST_OF_CLIENTS: u64 = 12 * 1200;

/// Round trips over which a small thing is sent twice: a lost packet costs a moment then, and not the time that
/// the transport takes to find out. Below, the transport's own repetition is as good.
pub const SLOW: Duration = Duration::from_millis(30);

/// That moment: between a small thing and its repetition, because losses come in bursts.
pub const REPEAT_AFTER: Duration = Duration::from_millis(20);

/// What the path does to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathEstimate {
    /// Smoothed round-trip time.
    pub rtt: Duration,
    /// Its mean variation.
    pub variation: Duration,
    /// Bytes that the path is believed to carry at once.
    pub congestion_window: u64,
    /// Packets that were declared lost since the connection began.
    pub lost_packets: u64,
}

impl PathEstimate {
    /// SRTT + 4 rttvar: an answer that is not here by then is late (RFC 9002, 6.2.1, without the
    /// delay that the peer may add to its acknowledgement).
    pub fn late_after(&self) -> Duration {
        self.rtt + (4 * self.variation).max(GRANULARITY)
    }
}

/// Makes the controller of each path: Cubic that also keeps the variation.
#[derive(Debug)]
pub(crate) struct GaugedCubic {
    pub(crate) least_window: u64,
}

impl ControllerFactory for GaugedCubic {
    fn build(self: Arc<Self>, now: Instant, mtu: u16) -> Box<dyn Controller> {
        let cubic = Cubic::new(Arc::new(CubicConfig::default()), now, mtu);
        let least_window = self.least_window;
        Box::new(Gauge {
            cubic,
            least_window,
            variation: Variation::default(),
            usage: Usage::default(),
        })
    }
}

/// The variation according to a copy of a connection's controller.
pub(crate) fn variation_of(controller: Box<dyn Controller>, rtt: Duration) -> Duration {
    let gauge = controller.into_any().downcast::<Gauge>();
    gauge.ok().and_then(|gauge| gauge.variation.value).unwrap_or(rtt / 2)
}

#[derive(Clone, Debug)]
struct Gauge {
    cubic: Cubic,
    least_window: u64,
    variation: Variation,
    usage: Usage,
}

/// How much of the window is in use. quinn says only whether something had to wait for it, and lets nothing grow
/// unless it had to; what is sent in bulk keeps below it, so that keys need not wait. So half of it is enough, as
/// in Linux.
#[derive(Clone, Debug, Default)]
struct Usage {
    in_flight: u64,
    /// The most in this round trip, which ends when this packet is acknowledged.
    most: u64,
    until: u64,
    newest: u64,
}

impl Usage {
    fn sent(&mut self, bytes: u64, packet: u64) {
        self.in_flight += bytes;
        self.most = self.most.max(self.in_flight);
        self.newest = packet;
    }

    fn acknowledged(&mut self, in_flight: u64, largest: Option<u64>) {
        self.in_flight = in_flight;
        if largest.is_some_and(|largest| largest >= self.until) {
            (self.most, self.until) = (in_flight, self.newest);
        }
    }

    const fn is_little(&self, window: u64) -> bool {
        2 * self.most < window
    }
}

/// The mean variation, from successive smoothed times.
#[derive(Clone, Debug, Default)]
struct Variation {
    value: Option<Duration>,
    smoothed: Option<Duration>,
    /// An acknowledgement came that changes the smoothed time, which was not yet seen after it.
    updated: bool,
    largest: Option<u64>,
}

impl Variation {
    /// Takes the smoothed time as it is before this acknowledgement's own update.
    fn observe(&mut self, smoothed: Duration) {
        if !std::mem::take(&mut self.updated) {
            return;
        }
        match (self.smoothed.replace(smoothed), self.value) {
            (Some(before), Some(value)) => {
                // One eighth of each sample's distance enters the smoothed time.
                let distance = 8 * smoothed.abs_diff(before);
                self.value = Some((3 * value + distance) / 4);
            }
            // The first sample is the first smoothed time, and its half the first variation.
            _ => self.value = Some(smoothed / 2),
        }
    }

    /// Only an acknowledgement of a newer packet than ever before carries a sample.
    fn acknowledged(&mut self, largest: Option<u64>) {
        self.updated |= largest != self.largest;
        self.largest = largest;
    }
}

impl Controller for Gauge {
    fn on_sent(&mut self, now: Instant, bytes: u64, last_packet_number: u64) {
        self.usage.sent(bytes, last_packet_number);
        self.cubic.on_sent(now, bytes, last_packet_number);
    }

    fn on_ack(
        &mut self,
        now: Instant,
        sent: Instant,
        bytes: u64,
        app_limited: bool,
        rtt: &RttEstimator,
    ) {
        self.variation.observe(rtt.get());
        let app_limited = app_limited && self.usage.is_little(self.window());
        self.cubic.on_ack(now, sent, bytes, app_limited, rtt);
    }

    fn on_end_acks(
        &mut self,
        now: Instant,
        in_flight: u64,
        app_limited: bool,
        largest_packet_num_acked: Option<u64>,
    ) {
        self.variation.acknowledged(largest_packet_num_acked);
        self.usage.acknowledged(in_flight, largest_packet_num_acked);
        self.cubic.on_end_acks(now, in_flight, app_limited, largest_packet_num_acked);
    }

    fn on_congestion_event(
        &mut self,
        now: Instant,
        sent: Instant,
        _is_persistent_congestion: bool,
        lost_bytes: u64,
    ) {
        // Two packets lost far apart make an outage, which a laptop has each time it sleeps or moves. What
        // it lost says nothing of how much the path carries, and all that is sent here is little.
        self.cubic.on_congestion_event(now, sent, false, lost_bytes);
    }

    fn on_mtu_update(&mut self, new_mtu: u16) {
        self.cubic.on_mtu_update(new_mtu);
    }

    fn window(&self) -> u64 {
        self.cubic.window().max(self.least_window)
    }

    fn metrics(&self) -> ControllerMetrics {
        self.cubic.metrics()
    }

    fn clone_box(&self) -> Box<dyn Controller> {
        Box::new(self.clone())
    }

    fn initial_window(&self) -> u64 {
        self.cubic.initial_window()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

#[cfg(test)]
mod tests;
