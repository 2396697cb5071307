//! Looking at a session, through lost connections and restarted servers. Owns the link, its
//! replacement, and the mirrors of the panes looked at; what is done with them is the caller's affair.

mod book;
mod link;
mod reconnect;
mod repeat;

use std::time::{Duration, Instant};

use ccc_net::Carrier;
use ccc_proto::{
    Attach, Attached, ClientFacts, ClientSize, Detach, Detached, Ext, Input, InputEvent, Interrupt,
    Layout, Message, PaneEvent, PaneId, PaneStatus, PixelSize, Select, ServerNotice, Switch, TabId,
    Viewed, Welcome, WireSize,
};
use ccc_sync::Mirror;
use tokio::sync::mpsc;

use self::book::Book;
use self::link::{Inbound, Link, What};
pub(crate) use self::reconnect::pause;
use self::reconnect::reconnect;
use crate::{ClientError, Connect, Requester, Server};

/// Messages that wait for the caller. Few: while it is busy the readers wait, no acknowledgement
/// goes out, and the server folds instead of sending.
const INBOUND: usize = 64;

/// What the caller of [`Attachment::next`] learns.
#[derive(Debug)]
pub enum ClientEvent {
    /// The link changed its state.
    Link(LinkState),
    /// A session is looked at, for the first time or again.
    Attached(Attached),
    /// Tabs and splits changed.
    Layout(Layout),
    /// Which tab and pane are looked at, by the server's book.
    Viewed(Viewed),
    /// The mirror of this pane is new.
    Frame(PaneId),
    /// A bell, a copy or a notification.
    Pane(PaneEvent),
    /// A pane ended, or waits for the disk.
    Status(PaneStatus),
    /// A sentence for the person.
    Notice(ServerNotice),
    /// So many inputs were on their way when the link was lost: they may have arrived or not, and
    /// are not sent again.
    Unsure(u64),
    /// The session is looked at no longer. [`Attachment::switch`] may go on to another.
    Detached(Detached),
    /// The link is lost, and trying again makes no sense.
    Gone(ClientError),
}

/// How the link to the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It answers.
    Live,
    /// It is lost, and a new one is tried for since then.
    Reconnecting { since: Instant, why: String },
}

/// The link takes no more for now: it is lost, or the server does not keep up. Nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the link to the server takes no input now")]
pub struct NotSent;

/// A link on which nothing comes for longer than this and a round trip, though something was typed, is silent.
const SILENT: Duration = Duration::from_secs(1);

/// When something came last while the program did not have all that was typed, and when something was typed
/// last: what was typed before has arrived, whatever the program does with it.
#[derive(Clone, Copy, Debug)]
struct Heard {
    packets: u64,
    at: Instant,
    typed: Instant,
}

impl Heard {
    /// Something is typed.
    fn typed(before: Option<Self>, packets: u64, now: Instant) -> Self {
        match before {
            Some(before) if before.typed >= before.at => Self { typed: now, ..before },
            // All before has arrived, so that there was nothing to hear since then.
            _ => Self { packets, at: now, typed: now },
        }
    }
}

/// A client looking at one session.
#[derive(Debug)]
pub struct Attachment {
    connect: Connect,
    book: Book,
    welcome: Welcome,
    state: LinkState,
    link: Option<Link>,
    /// What is typed was last known to get through.
    heard: Option<Heard>,
    /// Counts links, so that words of a former one are known as such.
    generation: u64,
    inbound: mpsc::Receiver<Inbound>,
    words: mpsc::Sender<Inbound>,
}

impl Attachment {
    /// Connects, starting a server if that is allowed, and asks to look at a session.
    ///
    /// # Errors
    /// No server can be reached, or it refuses this client. That the session does not exist is told
    /// by [`ClientEvent::Detached`].
    pub async fn start(connect: Connect, attach: Attach) -> Result<Self, ClientError> {
        let server = connect.connect_with(Some(attach.clone().into())).await?;
        Ok(Self::on(server, connect, attach))
    }

    /// Asks to look at a session over a connection that is there already, which is replaced by `connect`
    /// when it is lost.
    pub fn over(server: Server, connect: Connect, attach: Attach) -> Self {
        let attachment = Self::on(server, connect, attach.clone());
        // A queue that has just been made has room.
        let _told = attachment.control(attach);
        attachment
    }

    fn on(server: Server, connect: Connect, attach: Attach) -> Self {
        let (words, inbound) = mpsc::channel(INBOUND);
        let (link, welcome) = Link::start(server, connect.host.is_none(), 0, words.clone());
        Self {
            connect,
            book: Book::new(attach),
            welcome,
            state: LinkState::Live,
            link: Some(link),
            heard: None,
            generation: 0,
            inbound,
            words,
        }
    }

    /// What happens next. May be dropped and asked again without losing anything.
    pub async fn next(&mut self) -> ClientEvent {
        loop {
            let Some(Inbound { generation, what }) = self.inbound.recv().await else {
                // This very struct holds a sender, so the channel does not close.
                std::future::pending::<()>().await;
                continue;
            };
            if generation == self.generation
                && let Some(event) = self.take(what)
            {
                return event;
            }
        }
    }

    fn take(&mut self, what: What) -> Option<ClientEvent> {
        match what {
            What::Control(message) => {
                let event = self.book.on_control(*message);
                if let (Some(link), Some(ClientEvent::Attached(attached))) = (&self.link, &event) {
                    link.attached(attached.attachment);
                }
                event
            }
            What::Frame(frame) => {
                let outcome = self.book.on_frame(&frame);
                if let Some(link) = &self.link {
                    link.inputs_done(self.book.inputs_done());
                }
                self.heard = self.heard.filter(|_| !self.book.all_done());
                if let (Some(link), Some(reply)) = (&self.link, outcome.reply) {
                    link.acknowledge(reply);
                }
                outcome.pane.map(ClientEvent::Frame)
            }
            What::Lost(why) => Some(self.lost(why)),
            What::Retrying(why) => {
                let LinkState::Reconnecting { since, .. } = self.state else { return None };
                self.state = LinkState::Reconnecting { since, why };
                Some(ClientEvent::Link(self.state.clone()))
            }
            What::Connected(link, welcome) => {
                self.link = Some(*link);
                self.welcome = *welcome;
                self.state = LinkState::Live;
                // A queue that has just been made has room.
                if let Some(size) = self.book.untold_size() {
                    let _told = self.control(size);
                }
                if let Some(facts) = self.book.facts() {
                    let _told = self.control(facts.clone());
                }
                Some(ClientEvent::Link(LinkState::Live))
            }
            What::Failed(error) => Some(ClientEvent::Gone(error)),
        }
    }

    fn lost(&mut self, why: String) -> ClientEvent {
        self.link = None;
        self.heard = None;
        self.generation += 1;
        self.state = LinkState::Reconnecting { since: now(), why };
        let unsure = self.book.on_lost();
        if unsure > 0 {
            self.book.queue(ClientEvent::Unsure(unsure));
        }
        let connect = self.connect.clone();
        let attach = self.book.attach_again();
        tokio::spawn(reconnect(connect, attach, self.generation, self.words.clone()));
        ClientEvent::Link(self.state.clone())
    }

    /// An event that was found while handling another. To be asked before [`Attachment::next`].
    pub fn queued(&mut self) -> Option<ClientEvent> {
        self.book.take_queued()
    }

    /// How the link is.
    pub const fn link_state(&self) -> &LinkState {
        &self.state
    }

    /// The round trip to the server, while the link lives.
    pub fn round_trip(&self) -> Option<Duration> {
        self.link.as_ref().map(Link::round_trip)
    }

    /// For how long nothing came, when that is too long for what was typed. The link may live: the transport
    /// takes longer to give it up.
    pub fn silence(&mut self, now: Instant) -> Option<Duration> {
        let heard = self.heard?;
        let link = self.link.as_ref()?;
        let packets = link.heard()?;
        if packets != heard.packets {
            self.heard = Some(Heard { packets, at: now, ..heard });
            return None;
        }
        if heard.typed < heard.at {
            return None;
        }
        let silent = now.saturating_duration_since(heard.at);
        (silent >= SILENT + link.round_trip()).then_some(silent)
    }

    /// When to ask for the silence next, if anything was typed that the program does not have.
    pub fn next_silence(&self, now: Instant) -> Option<Instant> {
        let heard = self.heard.filter(|heard| heard.typed >= heard.at)?;
        let first = heard.at + SILENT + self.round_trip()?;
        // It is told in seconds.
        let passed = now.saturating_duration_since(heard.at).as_secs() + 1;
        Some(first.max(heard.at + Duration::from_secs(passed)))
    }

    /// What carries the link, while it lives.
    pub fn carrier(&self) -> Option<Carrier> {
        self.link.as_ref().map(Link::carrier)
    }

    /// What the server said of itself.
    pub const fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    /// What is shown of a pane, once a frame of it came.
    pub fn mirror(&self, pane: PaneId) -> Option<&Mirror> {
        self.book.mirror(pane)
    }

    /// Asks for other things on the same connection; `None` while it is lost.
    pub fn requester(&self) -> Option<Requester> {
        self.link.as_ref().map(Link::requester)
    }

    /// Sends input to a pane and gives its number.
    ///
    /// # Errors
    /// The link takes nothing now.
    pub fn input(&mut self, pane: PaneId, events: Vec<InputEvent>) -> Result<u64, NotSent> {
        let link = self.link.as_ref().ok_or(NotSent)?;
        let number = self.book.next_input();
        link.input(Input { pane, number, events, ext: Ext::none() }.into())?;
        self.book.input_sent(number);
        self.sent();
        Ok(number)
    }

    fn sent(&mut self) {
        let packets = self.link.as_ref().and_then(Link::heard);
        self.heard = packets.map(|packets| Heard::typed(self.heard, packets, now()));
    }

    /// Interrupts what runs in a pane, in order with its input.
    ///
    /// # Errors
    /// The link takes nothing now.
    pub fn interrupt(&mut self, pane: PaneId) -> Result<u64, NotSent> {
        let link = self.link.as_ref().ok_or(NotSent)?;
        let number = self.book.next_input();
        link.input(Interrupt { pane, number, ext: Ext::none() }.into())?;
        self.book.input_sent(number);
        self.sent();
        Ok(number)
    }

    /// Looks at another tab or pane of the session. What is chosen counts at once on this side.
    ///
    /// # Errors
    /// The link takes nothing now.
    pub fn select(&mut self, tab: TabId, pane: PaneId) -> Result<(), NotSent> {
        let number = self.book.next_select();
        self.control(Select { number, tab, pane, ext: Ext::none() })
    }

    /// Looks at another session.
    ///
    /// # Errors
    /// The link takes nothing now.
    pub fn switch(&mut self, target: &str) -> Result<(), NotSent> {
        self.control(Switch { target: target.to_owned(), ext: Ext::none() })
    }

    /// Looks at a session after the one before has ended: there is nothing to switch from.
    ///
    /// # Errors
    /// The link takes nothing now.
    pub fn attach(&mut self, target: &str) -> Result<(), NotSent> {
        let attach = self.book.attach_to(target);
        self.control(attach)
    }

    /// Tells the area that there is for the layout. Kept for a link that comes later.
    pub fn client_size(&mut self, size: WireSize, pixels: PixelSize) {
        self.book.client_size(size, pixels);
        // A link that is lost, or so slow that its queue is full, learns it when there is a new one.
        let _told = self.control(ClientSize { size, pixels, ext: Ext::none() });
    }

    /// Tells what the terminal is like. Kept for a link that comes later.
    pub fn client_facts(&mut self, facts: ClientFacts) {
        if self.book.client_facts(facts.clone()) {
            // A link that is lost or stuck learns it when there is a new one.
            let _told = self.control(facts);
        }
    }

    /// Leaves.
    ///
    /// # Errors
    /// The link takes nothing now.
    pub fn detach(&mut self) -> Result<(), NotSent> {
        self.control(Detach::default())
    }

    fn control(&self, message: impl Into<Message>) -> Result<(), NotSent> {
        self.link.as_ref().ok_or(NotSent)?.control(message.into())
    }
}

/// The time by the runtime's clock, which tests may stop.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests;
