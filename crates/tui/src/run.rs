//! The loop: waits for hands, the server, the clock and signals; hands events to the state; does
//! what comes back. Decides nothing. Doing, asking and drawing stand beside it.

mod asking;
mod drawing;
mod effects;
mod elsewhere;
mod forwarding;
mod hearing;
mod outer_terminal;
mod signals;
mod uploading;

use std::io;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ccc_client::proto::{Attach, WireSize};
use ccc_client::{Alarm, Attachment, ClientError, ClientEvent, Connect};
use ccc_vt::Size;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, yield_now};

use self::drawing::{Clock, Stale};
use self::elsewhere::{Elsewhere, Told};
use self::forwarding::Ports;
use self::signals::Signals;
use crate::app::{Answer, App, Effect, Event, Forwarded, Outcome};
use crate::config::watch::Watch;
use crate::config::{ConfigError, Settings};
use crate::outer::Outer;
use crate::predict::Prediction;
use crate::stdin::{StdinEvent, StdinParser};
use crate::terminal::{Place, Terminal};
use crate::view::{Kept, Moment};
use crate::writer::Writer;

/// Answers that wait to be taken in; each was asked for by a key.
const ANSWERS: usize = 64;
/// Words of tasks about files that wait to be taken in. Those about progress are left out when there is no room.
const TOLD: usize = 16;
/// Bytes of input read at once.
const READ: usize = 16 * 1024;

/// What the full-screen client starts from.
#[derive(Debug)]
pub struct Options {
    pub connect: Connect,
    /// What to look at; its size is that of the whole terminal.
    pub attach: Attach,
    pub look: Look,
    /// None leaves it to the configuration.
    pub prediction: Option<Prediction>,
    pub config_file: PathBuf,
}

/// How much of the terminal is ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    #[default]
    Whole,
    /// Panes have the place of the status bar.
    NoBar,
    /// One pane at a time and text alone, without frames and without anything that changes by itself: for
    /// screen readers.
    Plain,
    /// One pane in the terminal's own screen and scrollback.
    Raw,
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
    let spawn = options.attach.spawn.clone();
    let mut app = App::new(size, options.look != Look::NoBar, settings, spawn);
    app = app.predicting(options.prediction);
    match options.look {
        Look::Whole | Look::NoBar => {}
        Look::Plain => app = app.plain(),
        Look::Raw => app = app.raw(),
    }
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        app = app.without_color();
    }
    let attach = Attach { size: app.layout_area(), ..options.attach };
    let machine = options.connect.host.as_ref().map(|host| host.name.clone());
    let elsewhere = Elsewhere::new(&options.connect, attach.view);
    // The server is reached before the screen is taken: what fails is told on the plain terminal.
    let attachment = Attachment::start(options.connect, attach).await?;
    app.host.clone_from(&attachment.welcome().host);
    app.machine = machine;
    let place = if options.look == Look::Raw { Place::Own } else { Place::Other };
    let terminal = Terminal::take(place)?;
    let looking = Loop::new(app, attachment, elsewhere, terminal, options.config_file)?.run();
    // A task of its own: what a runtime was entered with is woken through the kernel, and runs behind all others.
    match tokio::spawn(Box::pin(looking)).await {
        Ok(outcome) => outcome,
        Err(failed) => resume_unwind(failed.into_panic()),
    }
}

struct Loop {
    app: App,
    attachment: Attachment,
    elsewhere: Elsewhere,
    terminal: Terminal,
    outer: Outer,
    parser: StdinParser,
    writer: Writer,
    answers: mpsc::Receiver<Answer>,
    answer_tx: mpsc::Sender<Answer>,
    /// What tasks about files of this machine tell.
    told: mpsc::Receiver<Event>,
    told_tx: mpsc::Sender<Event>,
    /// The search whose answers are passed on.
    finding: Option<AbortHandle>,
    ports: Ports,
    signals: Signals,
    config_file: PathBuf,
    config: Watch,
    /// What the next picture can be made of, if the one that is shown allows it.
    kept: Option<Kept>,
    clock: Clock,
    alarm: Alarm,
    /// What the last whole picture was made with.
    moment: Moment,
}

/// What woke the loop.
enum Wake {
    Typed(usize),
    Server(ClientEvent),
    Answer(Answer),
    /// Another machine's server.
    Elsewhere(Told),
    /// Of a port that is led to the server.
    Forwarded(Forwarded),
    Told(Event),
    Resized,
    Stopped,
    Ended,
    Deadline,
    /// The configuration file has changed.
    Config,
    /// The terminal takes bytes again.
    Writable,
}

/// What became of an event.
enum Taken {
    /// It went to a program, and nothing else.
    PassedOn,
    /// It went to a program, and guesses at what that will print are shown, or no longer.
    Guessed,
    /// A program went on printing, and nothing else.
    Printed,
    Changed,
    Left(Outcome),
}

impl Loop {
    fn new(
        mut app: App,
        attachment: Attachment,
        elsewhere: Elsewhere,
        mut terminal: Terminal,
        config_file: PathBuf,
    ) -> io::Result<Self> {
        let mut outer = Outer::new(|name| std::env::var(name).ok());
        terminal.out().extend_from_slice(outer.questions(Instant::now()));
        let writer = Writer::new(outer.abilities());
        app.graphics = outer.abilities().graphics;
        let (answer_tx, answers) = mpsc::channel(ANSWERS);
        let ports = Ports::new(app.machine.is_some(), attachment.requester());
        let (told_tx, told) = mpsc::channel(TOLD);
        Ok(Self {
            app,
            attachment,
            elsewhere,
            terminal,
            outer,
            parser: StdinParser::default(),
            writer,
            answers,
            answer_tx,
            told,
            told_tx,
            finding: None,
            ports,
            signals: Signals::listen()?,
            config: Watch::on(&config_file),
            config_file,
            kept: None,
            clock: Clock::default(),
            alarm: Alarm::default(),
            moment: Moment::default(),
        })
    }

    async fn run(mut self) -> Result<Outcome, TuiError> {
        let mut buffer = vec![0; READ];
        let mut typed = Vec::new();
        let mut stale = Stale::All;
        // Nobody listened to the terminal while the server was reached.
        let size = self.terminal.size()?;
        if size != self.app.size {
            self.take(Event::Resized(size), Instant::now())?;
        }
        loop {
            self.terminal.try_flush();
            // Only drawing waits for a terminal that takes nothing; hands and the server are heard.
            if stale != Stale::Nothing && !self.terminal.is_behind() {
                self.draw(stale);
                stale = Stale::Nothing;
            }
            debug_assert!(
                stale != Stale::Nothing || self.is_whole(),
                "what is shown is not the whole picture"
            );
            let wake = self.wait(&mut buffer).await?;
            let now = Instant::now();
            let typing = matches!(wake, Wake::Typed(_));
            let events: Vec<Event> = match wake {
                Wake::Typed(0) | Wake::Ended => {
                    self.leave();
                    let words = self.app.words.say("terminal-gone").to_owned();
                    return Ok(Outcome::Detached(words));
                }
                Wake::Typed(count) => {
                    self.parser.feed(&buffer[..count], now, &mut typed);
                    typed.drain(..).map(Event::Stdin).collect()
                }
                Wake::Server(event) => {
                    if let ClientEvent::Link(_) = &event {
                        self.ports.link(self.attachment.requester());
                    }
                    vec![Event::Client(event)]
                }
                Wake::Forwarded(forwarded) => vec![Event::Forwarded(forwarded)],
                Wake::Answer(answer) => vec![Event::Answer(answer)],
                Wake::Elsewhere(told) => self.hear_elsewhere(told).into_iter().collect(),
                Wake::Told(event) => vec![event],
                Wake::Resized => {
                    self.writer.forget();
                    self.terminal.out().extend_from_slice(self.outer.cell_question());
                    vec![Event::Resized(self.terminal.size()?)]
                }
                Wake::Stopped => {
                    self.suspend()?;
                    vec![Event::Resized(self.terminal.size()?)]
                }
                Wake::Deadline => {
                    if self.outer.expire(now) {
                        self.tell_facts();
                    }
                    self.learn();
                    self.parser.expire(now, &mut typed);
                    typed.drain(..).map(Event::Stdin).chain([Event::Tick]).collect()
                }
                Wake::Config => vec![self.read_config()],
                Wake::Writable => {
                    self.terminal.try_flush();
                    vec![Event::Tick]
                }
            };
            for event in events {
                let passed_on = self.app.passes_on();
                stale = stale.max(match self.take(event, now)? {
                    // What is only passed on changes no picture; its echo will.
                    Taken::PassedOn if typing => Stale::Nothing,
                    Taken::Guessed if typing => Stale::Rows,
                    Taken::Printed => Stale::Rows,
                    Taken::PassedOn | Taken::Guessed | Taken::Changed => Stale::All,
                    Taken::Left(outcome) => return Ok(outcome),
                });
                // Of several keys that come at once the first may open what the next one closes.
                if !(passed_on && self.app.passes_on()) {
                    stale = Stale::All;
                }
            }
            if typing && stale == Stale::All {
                // What was typed goes out before the picture is made: it has a way to go yet. A guess is
                // shown first: the way is long, and eyes are near.
                yield_now().await;
            }
        }
    }

    async fn wait(&mut self, buffer: &mut [u8]) -> Result<Wake, TuiError> {
        let now = Instant::now();
        let deadline = [
            self.parser.next_deadline(),
            self.outer.deadline(),
            self.app.next_deadline(now),
            self.attachment.next_silence(now),
            self.next_minute(now),
        ]
        .into_iter()
        .flatten()
        .min();
        if let Some(event) = self.attachment.queued() {
            return Ok(Wake::Server(event));
        }
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
            told = self.elsewhere.next() => Ok(Wake::Elsewhere(told)),
            forwarded = self.ports.next() => Ok(Wake::Forwarded(forwarded)),
            Some(event) = self.told.recv() => Ok(Wake::Told(event)),
            () = self.config.changed() => Ok(Wake::Config),
            () = self.alarm.rings_at(deadline.unwrap_or(now)), if deadline.is_some() => Ok(Wake::Deadline),
        }
    }

    fn take(&mut self, event: Event, now: Instant) -> io::Result<Taken> {
        if let Event::Stdin(StdinEvent::Reply(reply)) = &event {
            self.hear(reply);
        }
        // What the terminal turns out to be may change how all is drawn.
        let reply = matches!(event, Event::Stdin(StdinEvent::Reply(_)));
        let mut taken = match &event {
            Event::Client(ClientEvent::Frame(_)) => Taken::Printed,
            _ if reply => Taken::Changed,
            _ => Taken::PassedOn,
        };
        if matches!(event, Event::Client(ClientEvent::Pane(_)) | Event::SaidElsewhere { .. }) {
            self.app.clock = self.clock.text();
        }
        self.app.wall = wall();
        self.app.behind = self.terminal.is_behind();
        let guessed = self.app.predictor.is_shown();
        let effects = self.app.update(event, &self.attachment, now);
        for effect in effects {
            if !matches!(effect, Effect::Input { .. }) {
                taken = Taken::Changed;
            }
            if let Some(outcome) = self.do_effect(effect)? {
                return Ok(Taken::Left(outcome));
            }
        }
        if matches!(taken, Taken::PassedOn) && (guessed || self.app.predictor.is_shown()) {
            taken = Taken::Guessed;
        }
        Ok(taken)
    }

    fn read_config(&mut self) -> Event {
        if !self.config.hears() {
            // Its folder may have been made meanwhile.
            self.config = Watch::on(&self.config_file);
        }
        let read = Settings::read(&self.config_file);
        Event::Config(read.map(Box::new).map_err(|error| match error {
            // The bar has one line.
            ConfigError::Wrong { problems, .. } => {
                problems.first().map(ToString::to_string).unwrap_or_default()
            }
            error => error.to_string(),
        }))
    }
}

fn wall() -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default()
}
