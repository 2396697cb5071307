//! A recording on a screen of its own, until somebody leaves. Owns the loop, and where screens come from.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ccc_client::proto::{
    Ext, ImagePage, Message, PaneId, ReplayImage, ReplayRequest, ScreenRequest, WireImageFormat,
};
use ccc_client::{
    ClientError, Connect, Mirror, Offset, Recording, RecordingFiles, Server, screen_of,
};
use ccc_vt::Image;
use ccc_vt::input::{Key, KeyEvent, KeyKind, Modifiers, MouseButton, MouseKind};
use tokio::task::JoinHandle;

use super::{Done, Looks, Player, Start, Wish, draw, view};
use crate::alone::{Alone, Heard};
use crate::app::Images;
use crate::config::Settings;
use crate::image::{ImageFrom, ImageKey};
use crate::keymap::{Action, KeyMode, Keymap, Match};
use crate::run::TuiError;
use crate::stdin::StdinEvent;
use crate::surface::Surface;
use crate::view::images::Shows;

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

/// What is asked for.
#[derive(Debug)]
enum Want {
    Player(Wish),
    /// An image that the screen shows at a place, from a byte on.
    Image {
        key: ImageKey,
        at: Offset,
        from: u32,
    },
}

/// What was asked for.
#[derive(Debug)]
enum Answer {
    Screen(Mirror),
    Recording(Box<Recording>),
    /// A piece of an image, unless it cannot be had.
    Image(ImageKey, Option<ImagePage>),
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
    fn ask(&mut self, want: Want) -> Option<Asked> {
        match self {
            Self::Files(files) => {
                let mut files = files.take()?;
                Some(tokio::task::spawn_blocking(move || {
                    let answer = match want {
                        Want::Player(Wish::Screen(at)) => files.screen(at).map(Answer::Screen),
                        Want::Player(Wish::Recording) => {
                            files.recording().map(Box::new).map(Answer::Recording)
                        }
                        Want::Image { key, at, .. } => {
                            let image = files.image(at, key.serial).ok().flatten();
                            Ok(Answer::Image(key, image.map(|image| whole(&image))))
                        }
                    };
                    (Some(files), answer)
                }))
            }
            Self::Server { server, ulid } => {
                let requester = server.requester();
                let ulid = ulid.clone();
                Some(tokio::spawn(async move {
                    let ext = Ext::none();
                    let message: Message = match want {
                        Want::Player(Wish::Screen(Offset(offset))) => {
                            ScreenRequest { ulid, offset, ext }.into()
                        }
                        Want::Player(Wish::Recording) => ReplayRequest { target: ulid, ext }.into(),
                        Want::Image { key, at: Offset(offset), from } => {
                            let request =
                                ReplayImage { ulid, offset, image: key.serial, from, ext };
                            // A server of before has none: a box stands there.
                            let page = match requester.request(request).await {
                                Ok(Message::ImagePage(page)) => Some(page),
                                _ => None,
                            };
                            return (None, Ok(Answer::Image(key, page)));
                        }
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

/// An image as one piece.
fn whole(image: &Image) -> ImagePage {
    ImagePage {
        pane: PaneId(0),
        image: image.serial,
        format: WireImageFormat(image.format as u16),
        width: image.width,
        height: image.height,
        total: u32::try_from(image.data.len()).unwrap_or(u32::MAX),
        from: 0,
        bytes: image.data.to_vec(),
        ext: Ext::none(),
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
    alone.ask();
    let mut images = Images::default();
    // Images that are wanted and not asked for yet; the store lets few be.
    let mut wanted: VecDeque<(ImageKey, u32)> = VecDeque::new();
    let mut asked: Option<Asked> = None;
    let mut help = false;
    loop {
        let graphics = alone.graphics();
        let mut shown = Vec::new();
        alone.show(|size| {
            let mut picture = Surface::new(size);
            let area = picture.area();
            let shows = Shows { graphics, images: &images, border: theme.border };
            let from = ImageFrom::Recording(0);
            let looks = Looks { words, theme: &theme, plain: false, shows, from };
            draw(&player, looks, area, &mut picture);
            if help {
                view::draw_keys(&settings.keymap, words, &theme, area, &mut picture);
            }
            picture.title.clone_from(&title);
            shown = picture.placed().to_vec();
            picture
        })?;
        wanted.extend(images.see(graphics, &shown).into_iter().map(|key| (key, 0)));
        if asked.is_none() {
            let wish = player.wish(Instant::now()).map(Want::Player);
            let image = || {
                let at = player.shown_at()?;
                wanted.pop_front().map(|(key, from)| Want::Image { key, at, from })
            };
            asked = wish.or_else(image).and_then(|want| source.ask(want));
        }
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
                            Ok(Answer::Image(key, Some(page))) => {
                                let next = images.took(key, &page);
                                wanted.extend(next.map(|from| (key, from)));
                            }
                            Ok(Answer::Image(key, None)) => images.fail(key),
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
