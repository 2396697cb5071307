//! The loop: waits for hands, the server, the clock and signals; hands events to the state; does
//! what comes back; draws. Decides nothing.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ccc_client::proto::{Attach, Events, Message, PixelSize, Watched, WireSize};
use ccc_client::{Attachment, ClientError, ClientEvent, Connect, LinkState};
use ccc_vt::Size;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::sleep_until;

use crate::app::{Answer, App, Effect, Event, Outcome, Purpose};
use crate::config::watch::Watch;
use crate::config::{ConfigError, Settings};
use crate::keep;
use crate::stdin::{StdinEvent, StdinParser, TerminalReply};
use crate::terminal::Terminal;
use crate::view::{self, Moment};
use crate::writer::{ColorDepth, Writer};

/// Answers that wait to be taken in; each was asked for by a key.
const ANSWERS: usize = 64;
/// Lines of what changes that wait to be taken in; when there are more, the server tells of a hole.
const WATCHED: usize = 64;
/// Bytes of input read at once.
const READ: usize = 16 * 1024;

/// What the full-screen client starts from.
#[derive(Debug)]
pub struct Options {
    pub connect: Connect,
    /// What to look at; its size is that of the whole terminal.
    pub attach: Attach,
    /// Whether there is a status bar.
    pub bar: bool,
    pub config_file: PathBuf,
}

/// Why the full-screen client could not go on.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    #[error("the terminal cannot be used")]
    Terminal(#[from] io::Error),
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// Looks at a session until the person leaves or it ends.
///
/// # Errors
/// The terminal or the configuration cannot be used, or the server cannot be reached at the start.
pub async fn run(options: Options) -> Result<Outcome, TuiError> {
    let settings = Settings::read(&options.config_file)?;
    let WireSize { cols, rows } = options.attach.size;
    let size = Size { cols, rows };
    let mut app = App::new(size, options.bar, settings, options.attach.spawn.clone());
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        app = app.without_color();
    }
    let attach = Attach { size: app.layout_area(), ..options.attach };
    // The server is reached before the screen is taken: what fails is told on the plain terminal.
    let attachment = Attachment::start(options.connect, attach).await?;
    app.host.clone_from(&attachment.welcome().host);
    let terminal = Terminal::take()?;
    // Boxed, so that whoever calls this does not carry it.
    Box::pin(Loop::new(app, attachment, terminal, options.config_file)?.run()).await
}

struct Loop {
    app: App,
    attachment: Attachment,
    terminal: Terminal,
    parser: StdinParser,
    writer: Writer,
    answers: mpsc::Receiver<Answer>,
    answer_tx: mpsc::Sender<Answer>,
    signals: Signals,
    config_file: PathBuf,
    config: Watch,
    watched: mpsc::Receiver<Watched>,
    watched_tx: mpsc::Sender<Watched>,
    /// Reads what changes on the whole server, while the link lives.
    watcher: Option<JoinHandle<()>>,
}

struct Signals {
    resized: Signal,
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    stop: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        let stop = SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw());
        Ok(Self {
            resized: signal(SignalKind::window_change())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            stop: signal(stop)?,
        })
    }
}

/// What woke the loop.
enum Wake {
    Typed(usize),
    Server(ClientEvent),
    Answer(Answer),
    Resized,
    Stopped,
    Ended,
    Deadline,
    /// The configuration file has changed.
    Config,
    Watched(Watched),
    /// The terminal takes bytes again.
    Writable,
}

impl Loop {
    fn new(
        app: App,
        attachment: Attachment,
        terminal: Terminal,
        config_file: PathBuf,
    ) -> io::Result<Self> {
        let variable = |name: &str| std::env::var(name).ok();
        let depth = ColorDepth::from_variables(
            variable("COLORTERM").as_deref(),
            variable("TERM").as_deref(),
        );
        let (answer_tx, answers) = mpsc::channel(ANSWERS);
        let (watched_tx, watched) = mpsc::channel(WATCHED);
        Ok(Self {
            app,
            attachment,
            terminal,
            parser: StdinParser::default(),
            writer: Writer::new(depth),
            answers,
            answer_tx,
            signals: Signals::listen()?,
            config: Watch::on(&config_file),
            watched,
            watched_tx,
            watcher: None,
            config_file,
        })
    }

    async fn run(mut self) -> Result<Outcome, TuiError> {
        self.hear_mouse(self.app.settings.mouse);
        let mut buffer = vec![0; READ];
        let mut typed = Vec::new();
        loop {
            self.terminal.try_flush();
            // Only drawing waits for a terminal that takes nothing; hands and the server are heard.
            if !self.terminal.is_behind() {
                self.draw();
            }
            let wake = self.wait(&mut buffer).await?;
            let now = Instant::now();
            let typing = matches!(wake, Wake::Typed(_));
            let events: Vec<Event> = match wake {
                Wake::Typed(0) | Wake::Ended => {
                    let words = self.app.words.say("terminal-gone").to_owned();
                    return Ok(Outcome::Detached(words));
                }
                Wake::Typed(count) => {
                    self.parser.feed(&buffer[..count], now, &mut typed);
                    typed.drain(..).map(Event::Stdin).collect()
                }
                Wake::Server(event) => vec![Event::Client(event)],
                Wake::Answer(answer) => vec![Event::Answer(answer)],
                Wake::Resized => {
                    self.writer.forget();
                    vec![Event::Resized(self.terminal.size()?)]
                }
                Wake::Stopped => {
                    self.suspend()?;
                    vec![Event::Resized(self.terminal.size()?)]
                }
                Wake::Deadline => {
                    self.parser.expire(now, &mut typed);
                    typed.drain(..).map(Event::Stdin).chain([Event::Tick]).collect()
                }
                Wake::Watched(watched) => vec![Event::Watched(watched)],
                Wake::Config => vec![self.read_config()],
                Wake::Writable => Vec::new(),
            };
            for event in events {
                if let Some(outcome) = self.take(event, now)? {
                    return Ok(outcome);
                }
            }
            if typing {
                // What was typed goes out before the picture is made: it has a way to go yet.
                yield_now().await;
            }
        }
    }

    async fn wait(&mut self, buffer: &mut [u8]) -> Result<Wake, TuiError> {
        let now = Instant::now();
        let deadline = [
            self.parser.next_deadline(),
            self.app.next_deadline(now),
            self.app.bar.then(|| now + until_next_minute()),
        ]
        .into_iter()
        .flatten()
        .min();
        if let Some(event) = self.attachment.queued() {
            return Ok(Wake::Server(event));
        }
        let timer = async {
            match deadline {
                Some(deadline) => sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            _ = self.signals.terminate.recv() => Ok(Wake::Ended),
            _ = self.signals.hang_up.recv() => Ok(Wake::Ended),
            _ = self.signals.interrupt.recv() => Ok(Wake::Ended),
            _ = self.signals.stop.recv() => Ok(Wake::Stopped),
            _ = self.signals.resized.recv() => Ok(Wake::Resized),
            count = self.terminal.read(buffer) => Ok(Wake::Typed(count?)),
            result = self.terminal.writable(), if self.terminal.is_behind() => {
                Ok(result.map(|()| Wake::Writable)?)
            }
            event = self.attachment.next() => Ok(Wake::Server(event)),
            Some(answer) = self.answers.recv() => Ok(Wake::Answer(answer)),
            Some(watched) = self.watched.recv() => Ok(Wake::Watched(watched)),
            () = self.config.changed() => Ok(Wake::Config),
            () = timer => Ok(Wake::Deadline),
        }
    }

    fn take(&mut self, event: Event, now: Instant) -> io::Result<Option<Outcome>> {
        if let Event::Stdin(StdinEvent::Reply(TerminalReply::KeyboardFlags(flags))) = &event {
            self.parser.set_kitty_keys(!flags.is_empty());
        }
        match &event {
            Event::Client(ClientEvent::Pane(_)) | Event::Watched(_) => self.app.clock = clock(),
            Event::Client(ClientEvent::Attached(_)) => self.watch(),
            _ => {}
        }
        let effects = self.app.update(event, &self.attachment, now);
        for effect in effects {
            if let Some(outcome) = self.do_effect(effect)? {
                return Ok(Some(outcome));
            }
        }
        Ok(None)
    }

    fn do_effect(&mut self, effect: Effect) -> io::Result<Option<Outcome>> {
        let sent = match effect {
            Effect::Input { pane, events } => self.attachment.input(pane, events).map(drop),
            Effect::Interrupt(pane) => self.attachment.interrupt(pane).map(drop),
            Effect::Select { tab, pane } => self.attachment.select(tab, pane),
            Effect::Switch(target) => self.attachment.switch(&target),
            Effect::Attach(target) => self.attachment.attach(&target),
            Effect::Request { message, purpose } => {
                self.request(*message, purpose);
                Ok(())
            }
            Effect::Size(size) => {
                self.attachment.client_size(size, PixelSize::default());
                Ok(())
            }
            Effect::Copy(text) => {
                if let Some(out) = self.terminal.out_if_room() {
                    self.writer.copy(&text, out);
                }
                Ok(())
            }
            Effect::Mouse(on) => {
                self.hear_mouse(on);
                Ok(())
            }
            Effect::Keep(text) => match keep::keep(&text) {
                Ok(path) => return self.take(Event::Kept(path), Instant::now()),
                Err(error) => {
                    self.app.note_with("not-kept", &[("why", &error)]);
                    Ok(())
                }
            },
            Effect::Open(command) => {
                if let Err(error) = keep::open(&command) {
                    self.app.note_with("not-opened", &[("why", &error)]);
                }
                Ok(())
            }
            Effect::ReadConfig => {
                let event = self.read_config();
                return self.take(event, Instant::now());
            }
            Effect::Bell => {
                if let Some(out) = self.terminal.out_if_room() {
                    out.push(7);
                }
                Ok(())
            }
            Effect::Suspend => {
                self.suspend()?;
                Ok(())
            }
            Effect::Quit(outcome) => {
                // A link that takes nothing any more has lost the attachment anyway.
                let _told = self.attachment.detach();
                return Ok(Some(outcome));
            }
        };
        if sent.is_err() && matches!(self.attachment.link_state(), LinkState::Live) {
            self.app.note_key("not-sent-slow");
        }
        Ok(None)
    }

    fn request(&mut self, message: Message, purpose: Purpose) {
        let Some(requester) = self.attachment.requester() else {
            self.app.not_asked(&purpose);
            return;
        };
        let answers = self.answer_tx.clone();
        // The task ends with the connection, and its answer with this loop.
        drop(tokio::spawn(async move {
            let result = requester.request(message).await;
            let _unheard = answers.send(Answer { purpose, result }).await;
        }));
    }

    /// Hears the mouse, as the terminal was set up to, or leaves it to the outer terminal.
    fn hear_mouse(&mut self, on: bool) {
        let mode = if on { 'h' } else { 'l' };
        let modes = format!("\x1b[?1000{mode}\x1b[?1002{mode}\x1b[?1006{mode}");
        self.terminal.out().extend_from_slice(modes.as_bytes());
    }

    fn read_config(&self) -> Event {
        let read = Settings::read(&self.config_file);
        Event::Config(read.map(Box::new).map_err(|error| match error {
            // The bar has one line.
            ConfigError::Wrong { problems, .. } => {
                problems.first().map(ToString::to_string).unwrap_or_default()
            }
            error => error.to_string(),
        }))
    }

    /// Reads what changes on the whole server, until the link ends.
    fn watch(&mut self) {
        if self.watcher.as_ref().is_some_and(|watcher| !watcher.is_finished()) {
            return;
        }
        let Some(requester) = self.attachment.requester() else { return };
        let watched = self.watched_tx.clone();
        self.watcher = Some(tokio::spawn(async move {
            let Ok(mut lines) = requester.request_stream(Events::default()).await else { return };
            while let Ok(Some(Message::Watched(line))) = lines.next().await {
                if watched.send(line).await.is_err() {
                    return;
                }
            }
        }));
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.terminal.suspend()?;
        self.hear_mouse(self.app.settings.mouse);
        self.writer.forget();
        self.app.size = self.terminal.size()?;
        Ok(())
    }

    fn draw(&mut self) {
        self.app.link.round_trip = self.attachment.round_trip();
        let lost = self.app.link.lost.as_ref().map(|(since, _)| since.elapsed().as_secs());
        let moment = Moment { clock: clock(), lost_seconds: lost.unwrap_or(0) };
        let picture = view::draw(&self.app, &self.attachment, &moment);
        self.writer.draw(picture, self.terminal.out());
        self.terminal.try_flush();
    }
}

fn clock() -> String {
    jiff::Zoned::now().strftime("%H:%M").to_string()
}

fn until_next_minute() -> Duration {
    let second = jiff::Zoned::now().second();
    Duration::from_secs(u64::try_from(60 - i64::from(second)).unwrap_or(60).max(1))
}
