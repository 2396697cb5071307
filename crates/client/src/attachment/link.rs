//! One connection of an attachment: its tasks only move messages between streams and queues. Owns
//! the streams; what the messages mean is the book's affair.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use ccc_net::{Carrier, Connection, RecvStream, SendStream};
use ccc_proto::{AttachmentId, Frame, Message, Welcome};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::NotSent;
use super::repeat::{self, Progress};
use crate::process::Running;
use crate::server::Control;
use crate::{ClientError, Requester, Server};

/// Control messages on their way: hands make a few a second.
const CONTROL: usize = 64;
/// Inputs on their way: a held key repeats 30 times a second, so this is seconds of a stuck link.
const INPUTS: usize = 256;
/// Acknowledgements on their way: two frames for each of many panes.
const ACKNOWLEDGEMENTS: usize = 1024;

/// Words of a link, named by the link's number.
#[derive(Debug)]
pub(super) struct Inbound {
    pub(super) generation: u64,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    Control(Box<Message>),
    Frame(Box<Frame>),
    Lost(String),
    /// Another try for a new link failed.
    Retrying(String),
    Connected(Box<Link>, Box<Welcome>),
    Failed(ClientError),
}

/// A live connection. Dropping it ends its tasks and the connection.
#[derive(Debug)]
pub(super) struct Link {
    connection: Connection,
    control: mpsc::Sender<Message>,
    inputs: mpsc::Sender<Message>,
    acknowledgements: mpsc::Sender<Message>,
    /// What was typed lately on a slow link.
    repeats: mpsc::Sender<Message>,
    progress: Arc<Progress>,
    _tasks: DropGuard,
}

impl Link {
    /// Takes a connection over; whether the server runs on this machine is known from how it was found.
    pub(super) fn start(
        server: Server,
        here: bool,
        generation: u64,
        words: mpsc::Sender<Inbound>,
    ) -> (Self, Welcome) {
        let (connection, welcome, Control { tx, rx }) = server.into_parts();
        let stop = CancellationToken::new();
        let speaker = Speaker { generation, words };
        let (control, control_queue) = mpsc::channel(CONTROL);
        let (inputs, input_queue) = mpsc::channel(INPUTS);
        let (acknowledgements, ack_queue) = mpsc::channel(ACKNOWLEDGEMENTS);
        let run = |task| drop(tokio::spawn(stop.clone().run_until_cancelled_owned(task)));
        run(boxed(write(tx, control_queue)));
        run(boxed(write_when_needed(connection.clone(), input_queue)));
        run(boxed(write_when_needed(connection.clone(), ack_queue)));
        let (repeats, repeat_queue) = mpsc::channel(INPUTS);
        let progress = Arc::new(Progress::default());
        run(boxed(repeat::run(connection.clone(), Arc::clone(&progress), repeat_queue)));
        run(boxed(read_control(rx, connection.clone(), speaker.clone())));
        run(boxed(accept_frames(connection.clone(), speaker.clone(), stop.clone())));
        if here {
            run(boxed(watch_process(welcome.pid, speaker)));
        }
        let link = Self {
            connection,
            control,
            inputs,
            acknowledgements,
            repeats,
            progress,
            _tasks: stop.drop_guard(),
        };
        (link, welcome)
    }

    pub(super) fn control(&self, message: Message) -> Result<(), NotSent> {
        self.control.try_send(message).map_err(|_full| NotSent)
    }

    pub(super) fn input(&self, message: Message) -> Result<(), NotSent> {
        let again = self.connection.repeats().then(|| message.clone());
        self.inputs.try_send(message).map_err(|_full| NotSent)?;
        if let Some(again) = again {
            // What is not repeated comes when the transport finds that it is lost.
            let _full = self.repeats.try_send(again);
        }
        Ok(())
    }

    /// Inputs are for this attachment from now on.
    pub(super) fn attached(&self, attachment: AttachmentId) {
        self.progress.attached(attachment);
    }

    /// The program has the inputs up to this number.
    pub(super) fn inputs_done(&self, number: u64) {
        self.progress.done(number);
    }

    pub(super) fn acknowledge(&self, message: Message) {
        // A full queue means a stuck link: the server waits for us anyway.
        let _dropped = self.acknowledgements.try_send(message);
    }

    pub(super) fn round_trip(&self) -> Duration {
        self.connection.rtt()
    }

    /// How often something of the server has come; `None` where it cannot be silent.
    pub(super) fn heard(&self) -> Option<u64> {
        self.connection.heard()
    }

    pub(super) fn carrier(&self) -> Carrier {
        self.connection.carrier()
    }

    pub(super) fn requester(&self) -> Requester {
        Requester::new(self.connection.clone())
    }
}

#[derive(Clone)]
struct Speaker {
    generation: u64,
    words: mpsc::Sender<Inbound>,
}

impl Speaker {
    async fn say(&self, what: What) {
        // The receiver goes only with the whole attachment.
        let _unheard = self.words.send(Inbound { generation: self.generation, what }).await;
    }
}

type Task = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// A task where it stays: a task that is spawned is copied several times on its way, and there is one for each
/// frame.
fn boxed(task: impl Future<Output = ()> + Send + 'static) -> Task {
    Box::pin(task)
}

/// Opens a stream with its first message: one that is open and silent would keep the server waiting.
async fn write_when_needed(connection: Connection, mut queue: mpsc::Receiver<Message>) {
    let Some(first) = queue.recv().await else { return };
    let Ok(mut tx) = connection.open_uni().await else { return };
    if tx.send(&first).await.is_ok() {
        write(tx, queue).await;
    }
}

async fn write(mut tx: SendStream, mut queue: mpsc::Receiver<Message>) {
    let mut batch = Vec::new();
    // What waits goes out in one write: pasted text and fast hands cost one packet.
    while queue.recv_many(&mut batch, INPUTS).await > 0 {
        if tx.send_all(&batch).await.is_err() {
            // The reader of the control stream sees the loss and tells it.
            return;
        }
        batch.clear();
    }
}

async fn read_control(mut rx: RecvStream, connection: Connection, speaker: Speaker) {
    let why = loop {
        match rx.recv().await {
            Ok(Some(message)) => speaker.say(What::Control(Box::new(message))).await,
            Ok(None) => break connection.closed().await.to_string(),
            Err(error) => break error.to_string(),
        }
    };
    speaker.say(What::Lost(why)).await;
}

/// Tells the death of a server on this machine at once. The transport would find it only with the
/// next packet, and that might carry a key.
async fn watch_process(pid: u32, speaker: Speaker) {
    // One that has ended already is found by the transport.
    let Some(server) = Running::find(pid) else { return };
    server.ended().await;
    speaker.say(What::Lost("the server's process ended".into())).await;
}

async fn accept_frames(connection: Connection, speaker: Speaker, stop: CancellationToken) {
    // The server opens at most two streams for each pane looked at, and the connection bounds them.
    while let Ok(mut rx) = connection.accept_uni().await {
        let speaker = speaker.clone();
        let mut read = boxed(async move {
            // A stream that is reset carried a frame that is not wanted any more.
            if let Ok(Some(Message::Frame(frame))) = rx.recv().await {
                speaker.say(What::Frame(Box::new(frame))).await;
            }
        });
        // One that came whole, as the answer to a key does, needs no task.
        let is_read = poll_fn(|cx| Poll::Ready(read.as_mut().poll(cx).is_ready())).await;
        if !is_read {
            drop(tokio::spawn(stop.clone().run_until_cancelled_owned(read)));
        }
    }
}
