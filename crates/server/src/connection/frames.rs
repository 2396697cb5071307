//! Frames to one attachment: the newest screen of what it looks at, when there is room for it. Owns
//! the loop; the rules are the flow's. A client that never reads leaves two frames a pane here.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_net::Alarm;
use ccc_proto::{AttachmentId, KnownPane, Layout, Message, PaneId, TtyFlags};
use ccc_sync::{FrameContext, frame_since};
use tokio::sync::{mpsc, watch};
use tracing::{debug, error};

use super::flow::{Flow, Next};
use super::sending::Sending;
use super::version::FrameSeq;
use super::visible::{News, Seen, news, panes_of};
use super::{Client, ToFrames};
use crate::book::Looking;
use crate::context::Context;
use crate::pane::Pane;

/// Acknowledgements that may wait: two for each pane of a large tab. The reader of the stream waits
/// beyond that.
pub(super) const WAITING: usize = 256;
/// Added to what the path explains before a frame counts as late: the client may be drawing.
const PATIENCE: Duration = Duration::from_millis(25);
/// Frames go before answers of requests; the pane that was typed in before the others.
const TYPED_PRIORITY: i32 = 6;
const PRIORITY: i32 = 5;

/// All that the loop needs.
pub(super) struct Frames {
    pub(super) ctx: Arc<Context>,
    pub(super) client: Arc<Client>,
    pub(super) attachment: AttachmentId,
    /// It looks only.
    pub(super) looking: watch::Receiver<Looking>,
    pub(super) layout: watch::Receiver<Arc<Layout>>,
    /// Another session's layout after a switch.
    pub(super) layouts: mpsc::Receiver<watch::Receiver<Arc<Layout>>>,
    pub(super) told: mpsc::Receiver<ToFrames>,
    /// What a returning client shows.
    pub(super) known: Vec<KnownPane>,
    /// What was said last beside the screens: input written, and the terminal's flags.
    pub(super) said: BTreeMap<PaneId, (u64, TtyFlags)>,
}

impl Frames {
    /// Sends until the attachment or the connection ends.
    pub(super) async fn run(mut self) {
        let mut flow = Flow::default();
        let mut sending = Sending::default();
        let mut seen: Vec<Seen> = Vec::new();
        let mut typed: Option<PaneId> = None;
        let mut lives = self.ctx.panes.lives();
        let mut alarm = Alarm::default();
        self.look(&mut seen, &mut flow, &mut sending);
        loop {
            let wake = self.send_all(&mut flow, &mut sending, &seen, typed).await;
            let wake = [wake, sending.next_repeat()].into_iter().flatten().min();
            tokio::select! {
                biased;
                told = self.told.recv() => match told {
                    Some(ToFrames::Applied(applied)) => {
                        flow.applied(applied).into_iter().for_each(|flight| sending.done(flight));
                    }
                    Some(ToFrames::Wanted(pane)) => {
                        flow.wanted(pane).into_iter().for_each(|flight| sending.give_up(flight));
                    }
                    Some(ToFrames::Typed(pane)) => {
                        typed = Some(pane);
                        flow.state_changed(pane, Instant::now());
                    }
                    Some(ToFrames::Facts) => seen.iter().for_each(|one| self.answer_for(&one.pane)),
                    None => return,
                },
                news = news(&mut seen) => match news {
                    News::Screen(pane) => flow.screen_changed(pane),
                    News::State(pane) => flow.state_changed(pane, Instant::now()),
                },
                failed = sending.written() => {
                    if let Some(flight) = failed {
                        flow.gave_up(flight);
                    }
                }
                changed = self.looking.changed() => {
                    if changed.is_err() || self.looking.borrow().ended.is_some() {
                        return;
                    }
                    self.look(&mut seen, &mut flow, &mut sending);
                }
                changed = self.layout.changed() => {
                    // A session that is gone ends the attachment, which is told above.
                    if changed.is_ok() {
                        self.look(&mut seen, &mut flow, &mut sending);
                    } else if let Some(layout) = self.layouts.recv().await {
                        self.layout = layout;
                        self.look(&mut seen, &mut flow, &mut sending);
                    } else {
                        return;
                    }
                }
                Some(layout) = self.layouts.recv() => {
                    self.layout = layout;
                    self.look(&mut seen, &mut flow, &mut sending);
                }
                changed = lives.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    self.look(&mut seen, &mut flow, &mut sending);
                }
                () = alarm.rings_at(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {
                    sending.repeat(&self.client.connection, TYPED_PRIORITY, Instant::now()).await;
                }
                _ = self.client.connection.closed() => return,
            }
        }
    }

    /// Brings what is seen in line with the layout and the place looked at.
    fn look(&mut self, seen: &mut Vec<Seen>, flow: &mut Flow, sending: &mut Sending) {
        let layout = Arc::clone(&self.layout.borrow_and_update());
        let (session, tab) = {
            let looking = self.looking.borrow_and_update();
            (looking.session, looking.tab)
        };
        // A layout of the former session may still be here for a moment.
        let wanted = if layout.session == session { panes_of(&layout, tab) } else { Vec::new() };
        seen.retain(|one| {
            let same_life =
                self.ctx.panes.find(one.pane.id).is_some_and(|pane| Arc::ptr_eq(&pane, &one.pane));
            let kept = wanted.contains(&one.pane.id) && same_life && one.epoch == one.pane.epoch();
            if !kept {
                flow.hide(one.pane.id);
            }
            kept
        });
        for pane in wanted {
            if seen.iter().any(|one| one.pane.id == pane) {
                continue;
            }
            let Some(pane) = self.ctx.panes.find(pane) else { continue };
            let known = self.known.iter().find(|known| known.pane == pane.id);
            let epoch = pane.epoch();
            let known = known.filter(|known| known.epoch == epoch && known.seq > 0);
            let known = known.map(|known| FrameSeq::from_wire(known.seq));
            for flight in flow.show(pane.id, epoch, known) {
                sending.give_up(flight);
            }
            self.answer_for(&pane);
            seen.push(Seen::new(pane, epoch));
        }
    }

    /// What the pane's program asks of its terminal is answered as this client's would, from now on.
    fn answer_for(&self, pane: &Pane) {
        if let Some(facts) = self.client.facts().filter(|_| !self.looking.borrow().view) {
            pane.answer_as(facts);
        }
    }

    /// Sends what may go now. When to try again although nothing happens.
    async fn send_all(
        &mut self,
        flow: &mut Flow,
        sending: &mut Sending,
        seen: &[Seen],
        typed: Option<PaneId>,
    ) -> Option<Instant> {
        loop {
            let now = Instant::now();
            let path = self.client.connection.path();
            let late = path.late_after() + PATIENCE;
            match flow.next(now, path.congestion_window, late, typed) {
                Next::Wait(wake) => return wake,
                Next::GiveUp(flight) => {
                    debug!(client = %self.client.id, "a late frame was given up");
                    sending.give_up(flight);
                    flow.gave_up(flight);
                }
                Next::Send(pane) => {
                    let made = seen
                        .iter()
                        .find(|one| one.pane.id == pane)
                        .and_then(|one| self.make(flow, one));
                    let Some((seq, bytes)) = made else {
                        flow.nothing(pane);
                        continue;
                    };
                    let flight = flow.sent(pane, seq, bytes.len() as u64, now);
                    let priority = if typed == Some(pane) { TYPED_PRIORITY } else { PRIORITY };
                    sending.send(&self.client.connection, flight, bytes, priority, now).await;
                }
            }
        }
    }

    /// The newest screen as a frame, encoded; `None` while there is nothing to show.
    fn make(&mut self, flow: &Flow, seen: &Seen) -> Option<(FrameSeq, Vec<u8>)> {
        let pane = &*seen.pane;
        let published = pane.published();
        if published.held || !published.ready {
            return None;
        }
        let (base, last) = flow.versions(pane.id);
        let input_done = pane.input.done(self.attachment);
        let tty = pane.input.tty_flags();
        let screen = pane.screen();
        // What the flow knows is of another screen; it is looked at anew in a moment.
        if pane.epoch() != seen.epoch {
            return None;
        }
        if flow.covers(pane.id, screen.seq()) && self.said.get(&pane.id) == Some(&(input_done, tty))
        {
            return None;
        }
        let seq = FrameSeq::after(last, screen.seq())?;
        let context = FrameContext {
            pane: pane.id,
            epoch: seen.epoch,
            base: base.map(FrameSeq::screen),
            input_done,
            tty,
        };
        let mut frame = frame_since(&screen, context);
        drop(screen);
        // A frame that builds upon nothing says so by itself.
        frame.base = if frame.base == 0 { 0 } else { base.map_or(0, FrameSeq::to_wire) };
        frame.seq = seq.to_wire();
        self.said.insert(pane.id, (input_done, tty));
        match Message::from(frame).to_bytes() {
            Ok(bytes) => Some((seq, bytes)),
            Err(error) => {
                error!(pane = %pane.id, %error, "a frame cannot be sent");
                None
            }
        }
    }
}
