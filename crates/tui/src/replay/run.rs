//! A recording on a screen of its own, until somebody leaves. Owns the loop, and where screens come from.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ccc_client::proto::{Ext, Message, ReplayRequest, ScreenRequest};
use ccc_client::{
    ClientError, Connect, Mirror, Offset, Recording, RecordingFiles, Server, screen_of,
};
use ccc_vt::input::{Key, KeyEvent, KeyKind, Modifiers, MouseButton, MouseKind};
use tokio::task::JoinHandle;

use super::{Done, Looks, Player, Start, Wish, draw, view};
use crate::alone::{Alone, Heard};
use crate::config::Settings;
use crate::keymap::{Action, KeyMode, Keymap, Match};
use crate::run::TuiError;
use crate::stdin::StdinEvent;
use crate::surface::Surface;

/// Where the recording is.
#[derive(Debug)]
pub enum ReplayFrom {
    /// A directory; no server is needed.
    Files(PathBuf),
    /// A pane, or the name of a recording, of a server.
    Server { connect: Box<Connect>, target: String },
}

/// What it starts from.
#[derive(Debug)]
pub struct ReplayOptions {
    pub from: ReplayFrom,
    pub start: Start,
    /// How many times as fast as it was; over 16 as fast as it goes.
    pub speed: f64,
    /// The longest time that is waited where nothing came; `None` for all of it.
    pub idle_limit: Option<Duration>,
    pub config_file: PathBuf,
}

/// What there is and where the screens come from.
#[derive(Debug)]
enum Source {
    Files(Option<Box<RecordingFiles>>),
    Server { server: Box<Server>, ulid: String },
}

/// What was asked for.
#[derive(Debug)]
enum Answer {
    Screen(Mirror),
    Recording(Box<Recording>),
}

type Asked = JoinHandle<(Option<Box<RecordingFiles>>, Result<Answer, ClientError>)>;

impl Source {
    async fn open(from: ReplayFrom) -> Result<(Self, Recording), ClientError> {
        match from {
            ReplayFrom::Files(dir) => {
                let files = RecordingFiles::new(&dir);
                let recording = files.recording()?;
                Ok((Self::Files(Some(Box::new(files))), recording))
            }
            ReplayFrom::Server { connect, target } => {
                let server = connect.connect().await?;
                let request = ReplayRequest { target, ext: Ext::none() };
                match server.request(request).await? {
                    Message::ReplayInfo(info) => {
                        let ulid = info.ulid.clone();
                        Ok((Self::Server { server: Box::new(server), ulid }, info.into()))
                    }
                    other => Err(unexpected("ReplayInfo", &other)),
                }
            }
        }
    }

    /// Asks; one thing at a time.
    fn ask(&mut self, wish: Wish) -> Option<Asked> {
        match self {
            Self::Files(files) => {
                let mut files = files.take()?;
                Some(tokio::task::spawn_blocking(move || {
                    let answer = match wish {
                        Wish::Screen(offset) => files.screen(offset).map(Answer::Screen),
                        Wish::Recording => files.recording().map(Box::new).map(Answer::Recording),
                    };
                    (Some(files), answer)
                }))
            }
            Self::Server { server, ulid } => {
                let requester = server.requester();
                let ulid = ulid.clone();
                Some(tokio::spawn(async move {
                    let message: Message = match wish {
                        Wish::Screen(Offset(offset)) => {
                            ScreenRequest { ulid, offset, ext: Ext::none() }.into()
                        }
                        Wish::Recording => ReplayRequest { target: ulid, ext: Ext::none() }.into(),
                    };
                    let answer = match requester.request(message).await {
                        Ok(Message::ScreenPage(page)) => screen_of(&page).map(Answer::Screen),
                        Ok(Message::ReplayInfo(info)) => {
                            Ok(Answer::Recording(Box::new(info.into())))
                        }
                        Ok(other) => Err(unexpected("ScreenPage", &other)),
                        Err(error) => Err(error),
                    };
                    (None, answer)
                }))
            }
        }
    }

    /// The files are at hand again.
    fn give_back(&mut self, back: Option<Box<RecordingFiles>>) {
        if let (Self::Files(files), Some(back)) = (self, back) {
            *files = Some(back);
        }
    }
}

fn unexpected(wanted: &'static str, got: &Message) -> ClientError {
    ClientError::Unexpected { wanted, got: got.name().to_owned() }
}

/// Shows the recording until somebody leaves.
///
/// # Errors
/// The terminal or the configuration cannot be used, or the recording cannot be found.
pub async fn replay(options: ReplayOptions) -> Result<(), TuiError> {
    let settings = Settings::read(&options.config_file)?;
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let (words, theme) = (settings.words(), settings.theme_on(None, no_color));
    let (mut source, recording) = Source::open(options.from).await?;
    let title = format!("ccc replay: {} {}", recording.session, recording.command);
    let mut player = Player::new(recording, options.start, Instant::now());
    player.set_speed(options.speed);
    player.set_idle_limit(options.idle_limit);
    let mut alone = Alone::take()?;
    let mut asked: Option<Asked> = None;
    let mut help = false;
    loop {
        if asked.is_none()
            && let Some(wish) = player.wish(Instant::now())
        {
            asked = source.ask(wish);
        }
        alone.show(|size| {
            let mut picture = Surface::new(size);
            let area = picture.area();
            draw(&player, Looks { words, theme: &theme, plain: false }, area, &mut picture);
            if help {
                view::draw_keys(&settings.keymap, words, &theme, area, &mut picture);
            }
            picture.title.clone_from(&title);
            picture
        })?;
        let heard = alone.wait(player.next_deadline(), answered(&mut asked)).await?;
        let now = Instant::now();
        player.advance(now);
        let typed = match heard {
            Heard::Ended => return Ok(()),
            Heard::Hands(typed) => typed,
            Heard::Other(answer) => {
                asked = None;
                match answer {
                    Ok((files, answer)) => {
                        source.give_back(files);
                        match answer {
                            Ok(Answer::Screen(screen)) => player.took(screen),
                            Ok(Answer::Recording(recording)) => player.learned(*recording),
                            Err(error) => player.failed(error.to_string()),
                        }
                    }
                    Err(error) => player.failed(error.to_string()),
                }
                continue;
            }
        };
        let area = Surface::new(alone.size()?).area();
        for event in typed {
            match event {
                StdinEvent::Key(key) if key.kind != KeyKind::Release => {
                    if std::mem::take(&mut help) {
                        continue;
                    }
                    match on_key(&mut player, &key, &settings.keymap, now) {
                        Some(Action::Help) => help = true,
                        Some(Action::Cancel) => return Ok(()),
                        _ => {}
                    }
                }
                StdinEvent::Mouse(mouse) => {
                    let presses = mouse.kind == MouseKind::Press(MouseButton::Left)
                        || mouse.kind == MouseKind::Drag(MouseButton::Left);
                    if presses && view::line_of_time(area).contains((mouse.col, mouse.row).into()) {
                        player.point_at(mouse.col, area.width);
                    }
                }
                _ => {}
            }
        }
    }
}

async fn answered(
    asked: &mut Option<Asked>,
) -> Result<(Option<Box<RecordingFiles>>, Result<Answer, ClientError>), tokio::task::JoinError> {
    match asked {
        Some(asked) => asked.await,
        None => std::future::pending().await,
    }
}

/// Does what a key asks for; gives back what is none of the player's.
fn on_key(player: &mut Player, key: &KeyEvent, keymap: &Keymap, now: Instant) -> Option<Action> {
    let mode = if player.typed().is_some() { KeyMode::Prompt } else { KeyMode::Replay };
    let found = keymap.lookup(mode, std::slice::from_ref(key));
    if let Some(line) = player.typed() {
        match found {
            Match::Action(Action::Accept) => player.end_typing(true),
            Match::Action(Action::Cancel) => player.end_typing(false),
            Match::Action(action) => {
                line.edit(action);
            }
            _ => {
                let plain = (key.modifiers.held() - Modifiers::SHIFT).is_empty();
                if let (Key::Char(c), true) = (key.key, plain) {
                    line.insert(&key.shifted.unwrap_or(c).to_string());
                }
            }
        }
        return None;
    }
    match found {
        Match::Action(action) => match player.act(action, now) {
            Done::Here => None,
            Done::Leave => Some(Action::Cancel),
            Done::Not => Some(action),
        },
        _ => None,
    }
}
