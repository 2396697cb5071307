//! The control stream of a client after its hello: attach, choose, switch, resize, leave; and what the
//! server tells unasked. Owns the attachment's life on this side.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ccc_net::{RecvStream, SendError, SendStream};
use ccc_proto::{
    Attach, Attached, DetachReason, Ext, Layout, Message, Select, ServerNotice, ServerNoticeKind,
    SessionId, Switch, Viewed, WireExit, attach_tag,
};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tracing::debug;

use super::frames::{self, Frames};
use super::{Attachment, Client, ToFrames};
use crate::book::{Looking, Wish, ended};
use crate::context::Context;
use crate::core::authorize::{Action, Role, Scope, authorize};
use crate::fault::Fault;
use crate::recovery;
use crate::requests::{create, place};

/// Runs until the client closes the stream, the connection ends, or the server stops.
pub(super) async fn run(
    ctx: Arc<Context>,
    client: Arc<Client>,
    send: SendStream,
    mut recv: RecvStream,
) {
    let mut control = Control { ctx, client, send, view: None };
    let token = control.ctx.token.clone();
    loop {
        let served = tokio::select! {
            message = recv.recv() => match message {
                Ok(Some(message)) => control.take(message).await,
                Ok(None) => break,
                Err(error) => {
                    debug!(client = %control.client.id, %error, "the control stream ended");
                    break;
                }
            },
            news = news(&mut control.view) => control.tell(news).await,
            () = token.cancelled() => {
                // Whoever is gone needs no goodbye.
                let _ = control.say_goodbye().await;
                return;
            }
        };
        if served.is_err() {
            break;
        }
    }
    control.leave().await;
}

struct Control {
    ctx: Arc<Context>,
    client: Arc<Client>,
    send: SendStream,
    view: Option<View>,
}

/// An attachment on this side.
struct View {
    attachment: Arc<Attachment>,
    looking: watch::Receiver<Looking>,
    layout: watch::Receiver<Arc<Layout>>,
    events: mpsc::Receiver<Message>,
    /// Layouts of the sessions that the attachment is moved to, for the frames.
    layouts: mpsc::Sender<watch::Receiver<Arc<Layout>>>,
    frames: AbortHandle,
    created: bool,
    moves: u64,
}

impl Drop for View {
    fn drop(&mut self) {
        self.frames.abort();
    }
}

/// What an attachment's client is to be told.
enum News {
    Looking,
    Layout,
    Event(Box<Message>),
}

async fn news(view: &mut Option<View>) -> News {
    let Some(view) = view else { return std::future::pending().await };
    tokio::select! {
        biased;
        // The place ends together with the attachment, which is told by its last value.
        Ok(()) = view.looking.changed() => News::Looking,
        Some(event) = view.events.recv() => News::Event(Box::new(event)),
        Ok(()) = view.layout.changed() => News::Layout,
        else => std::future::pending().await,
    }
}

impl Control {
    /// What the client says.
    async fn take(&mut self, message: Message) -> Result<(), SendError> {
        let principal = self.client.principal();
        let allowed = authorize(&principal, Action::of(&message), Scope::of(&message).at_first());
        if self.client.seat.is_cut() {
            return Ok(());
        }
        if let Err(denied) = allowed {
            let note = self.client.note("request").about(message.name());
            self.ctx.audit.note(note.detail(denied.to_string()).denied());
            // What asks for an attachment is answered as one that ends.
            if matches!(message, Message::Attach(_)) {
                return self.send.send(&Fault::from(denied).into_detached().into()).await;
            }
            return self.notice(ServerNoticeKind::FAILED, denied.to_string()).await;
        }
        match message {
            Message::Attach(attach) => self.attach(attach).await,
            Message::Select(select) => self.select(select).await,
            Message::Switch(switch) => self.switch(switch).await,
            Message::ClientSize(size) => {
                if let Some(view) = &self.view {
                    let (id, size) = (view.attachment.id, ccc_sync::vt_size(size.size));
                    // When the server stops the size matters no more.
                    let _ = self.ctx.book.run(move |book| book.resized(id, size)).await;
                }
                Ok(())
            }
            Message::ClientFacts(told) => {
                let cell = ccc_sync::vt_cell(told.cell);
                self.client.set_facts(ccc_sync::vt_facts(&told), cell);
                if let Some(view) = &self.view {
                    let id = view.attachment.id;
                    // As above.
                    let _ = self.ctx.book.run(move |book| book.draws(id, cell)).await;
                    // An attachment that has just ended looks at nothing.
                    let _ = view.attachment.frames.send(ToFrames::Facts).await;
                }
                Ok(())
            }
            Message::Detach(_) => {
                if let Some(view) = &self.view {
                    let id = view.attachment.id;
                    let detached = ended(DetachReason::ASKED, WireExit::default());
                    // As above.
                    let _ = self.ctx.book.run(move |book| book.detach(id, detached)).await;
                }
                Ok(())
            }
            other => {
                debug!(client = %self.client.id, message = other.name(), "not for this stream");
                Ok(())
            }
        }
    }

    async fn attach(&mut self, attach: Attach) -> Result<(), SendError> {
        self.leave().await;
        match self.begin(attach).await {
            Ok(()) => {
                self.tell_attached().await?;
                self.tell_layout().await
            }
            Err(fault) => {
                debug!(client = %self.client.id, why = fault.why, "not attached");
                if fault.refused {
                    let note = self.client.note("attach").detail(&fault.why);
                    self.ctx.audit.note(note.denied());
                }
                self.send.send(&fault.into_detached().into()).await
            }
        }
    }

    async fn begin(&mut self, attach: Attach) -> Result<(), Fault> {
        let (place, created) = create::for_attach(&self.ctx, &self.client, &attach).await?;
        recovery::open_session(&self.ctx, place.session).await?;
        if attach.steal {
            self.may(Action::Detach, place.session).await?;
        }
        // Another account of this machine is another machine to it: what listens here is not at hand there by
        // itself for those who are not its owner.
        let owner = self.client.principal().role == Role::Owner;
        let far = !owner || !self.client.is_here(&self.ctx, &attach.spawn);
        let wish = Wish {
            client: self.client.id,
            far,
            place,
            size: ccc_sync::vt_size(attach.size),
            cell: self.client.cell(),
            view: attach.view,
            steal: attach.steal,
        };
        let author = self.client.author();
        let granted = self.ctx.book.run(move |book| book.look(&author, wish)).await??;
        let before = attach.ext.find(attach_tag::INPUTS).and_then(|bytes| bytes.first_chunk());
        // Where it is held, inputs of this connection tell by themselves how they are counted.
        if let (Some(before), Ok(mut inputs)) = (before, self.client.inputs.try_lock()) {
            inputs.go_on(u64::from_le_bytes(*before));
        }
        let view = granted.looking.borrow().view;
        // Programs find a client's agent and display by these: they follow who works here.
        if !view {
            create::point_links(&self.ctx, &self.client, &attach.spawn, place.session).await;
        }
        let (frames, told) = mpsc::channel(frames::WAITING);
        // A switch waits for the frames to have taken the one before.
        let (layouts, more_layouts) = mpsc::channel(1);
        let attachment = Arc::new(Attachment {
            id: granted.attachment,
            view: AtomicBool::new(view),
            typed: granted.typed,
            pane: AtomicU64::new(place.pane.0),
            frames,
        });
        let task = Frames {
            ctx: Arc::clone(&self.ctx),
            client: Arc::clone(&self.client),
            attachment: attachment.id,
            looking: granted.looking.clone(),
            layout: granted.layout.clone(),
            layouts: more_layouts,
            told,
            known: attach.known,
            said: BTreeMap::new(),
        };
        let frames = self.ctx.tracker.spawn(task.run()).abort_handle();
        let how = if view { "looks" } else { "works" };
        let about = place.session.to_string();
        self.ctx.audit.note(self.client.note("attach").about(about).detail(how).paced());
        self.client.set_attachment(Some(Arc::clone(&attachment)));
        self.view = Some(View {
            attachment,
            looking: granted.looking,
            layout: granted.layout,
            events: granted.events,
            layouts,
            frames,
            created,
            moves: 0,
        });
        Ok(())
    }

    async fn may(&self, action: Action, session: SessionId) -> Result<(), Fault> {
        crate::requests::may(&self.ctx, &self.client, action, session).await
    }

    async fn select(&mut self, select: Select) -> Result<(), SendError> {
        if let Some(view) = &self.view {
            let (id, author) = (view.attachment.id, self.client.author());
            let Select { number, tab, pane, .. } = select;
            let chosen = self.ctx.book.run(move |book| {
                book.select(&author, id, Some(number), tab, pane);
            });
            // When the server stops, the goodbye answers.
            let _ = chosen.await;
        }
        Ok(())
    }

    async fn switch(&mut self, switch: Switch) -> Result<(), SendError> {
        let Some(view) = &self.view else {
            return self.notice(ServerNoticeKind::FAILED, "no session is looked at".into()).await;
        };
        let (id, author) = (view.attachment.id, self.client.author());
        let target = place(&self.ctx, &self.client, &switch.target, Action::Watch).await;
        let switched = match target {
            Ok(place) => match recovery::open_session(&self.ctx, place.session).await {
                Ok(()) => {
                    let switched = self.ctx.book.run(move |book| book.switch(&author, id, place));
                    switched.await.flatten().map(|came| came.then_some(place.session))
                }
                Err(fault) => Err(fault),
            },
            Err(fault) => Err(fault),
        };
        match switched {
            Ok(Some(session)) => {
                let note = self.client.note("attach").about(session.to_string());
                self.ctx.audit.note(note.paced());
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(fault) if fault.refused => {
                let note = self.client.note("attach").detail(&fault.why).denied();
                self.ctx.audit.note(note);
                self.notice(ServerNoticeKind::FAILED, fault.why).await
            }
            Err(fault) => self.notice(ServerNoticeKind::FAILED, fault.why).await,
        }
    }

    /// Tells the client what changed for it.
    async fn tell(&mut self, news: News) -> Result<(), SendError> {
        match news {
            News::Event(message) => self.send.send(&message).await,
            News::Layout => self.tell_layout().await,
            News::Looking => {
                let Some(view) = &mut self.view else { return Ok(()) };
                let looking = view.looking.borrow_and_update().clone();
                if let Some(detached) = looking.ended {
                    self.client.set_attachment(None);
                    self.view = None;
                    return self.send.send(&detached.into()).await;
                }
                view.attachment.pane.store(looking.pane.0, Ordering::Relaxed);
                view.attachment.view.store(looking.view, Ordering::Relaxed);
                if looking.moves == view.moves {
                    return self.send.send(&viewed(&looking)).await;
                }
                view.moves = looking.moves;
                view.created = false;
                let session = looking.session;
                let layout = self.ctx.book.run(move |book| book.watch_layout(session)).await;
                let Ok(Some(layout)) = layout else { return Ok(()) };
                view.layout = layout.clone();
                // The frames end only with the attachment.
                let _ = view.layouts.send(layout).await;
                self.tell_attached().await?;
                self.tell_layout().await
            }
        }
    }

    async fn tell_attached(&mut self) -> Result<(), SendError> {
        let Some(view) = &mut self.view else { return Ok(()) };
        let looking = view.looking.borrow_and_update().clone();
        let attached = Attached {
            attachment: view.attachment.id,
            session: looking.session,
            name: looking.name.clone(),
            created: view.created,
            writable: !looking.view,
            ext: Ext::none(),
        };
        self.send.send_all(&[attached.into(), viewed(&looking)]).await
    }

    async fn tell_layout(&mut self) -> Result<(), SendError> {
        let Some(view) = &mut self.view else { return Ok(()) };
        let layout = Arc::clone(&view.layout.borrow_and_update());
        self.send.send(&Message::from(Layout::clone(&layout))).await
    }

    async fn notice(&mut self, kind: ServerNoticeKind, text: String) -> Result<(), SendError> {
        self.send.send(&ServerNotice { kind, text, ext: Ext::none() }.into()).await
    }

    async fn say_goodbye(&mut self) -> Result<(), SendError> {
        let text = "the server is stopping; programs go on".to_owned();
        self.notice(ServerNoticeKind::STOPPING, text).await?;
        if self.view.take().is_some() {
            let detached = ended(DetachReason::SERVER_STOPS, WireExit::default());
            self.send.send(&detached.into()).await?;
        }
        self.send.finish().await?;
        // The connection closes when it has arrived.
        let arrived = self.send.stopped();
        drop(arrived.await);
        Ok(())
    }

    /// Ends the attachment because its client goes.
    async fn leave(&mut self) {
        let Some(view) = self.view.take() else { return };
        self.client.set_attachment(None);
        let id = view.attachment.id;
        let detached = ended(DetachReason::ASKED, WireExit::default());
        // A server that stops forgets all attachments.
        let _ = self.ctx.book.run(move |book| book.detach(id, detached)).await;
    }
}

fn viewed(looking: &Looking) -> Message {
    Viewed {
        number: looking.number,
        session: looking.session,
        tab: looking.tab,
        pane: looking.pane,
        ext: Ext::none(),
    }
    .into()
}
