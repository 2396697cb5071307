//! The table of `ccc top` on a screen of its own, refreshed until somebody leaves. Owns the loop and the
//! picture.

use std::time::{Duration, Instant};

use ccc_client::proto::{Ext, ListSessions, ListUsage, Message};
use ccc_client::{ClientError, Connect, Server};
use ccc_vt::Size;
use ccc_vt::input::{Key, KeyEvent, KeyKind, Modifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::widgets::{Row, Table, Widget as _};
use tokio::time::{sleep_until, timeout};

use super::{Line, Look, TopSort, cells, lines};
use crate::alone::{Alone, Heard};
use crate::config::Settings;
use crate::run::TuiError;
use crate::stdin::StdinEvent;
use crate::surface::Surface;
use crate::theme::Theme;
use crate::words::Words;

/// How long a look may take: keys are not heard meanwhile.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between the two looks of a table that is printed once.
const ONCE: Duration = Duration::from_millis(500);

/// What the table starts from.
#[derive(Debug)]
pub struct TopOptions {
    pub connect: Connect,
    /// A session; empty for all.
    pub target: String,
    pub sort: TopSort,
    pub interval: Duration,
    pub config_file: std::path::PathBuf,
}

/// Shows the table until somebody leaves.
///
/// # Errors
/// The terminal or the configuration cannot be used, or the server cannot be reached at the start.
pub async fn top(options: TopOptions) -> Result<(), TuiError> {
    let settings = Settings::read(&options.config_file)?;
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let mut server = Some(options.connect.connect().await?);
    let start = Instant::now();
    let mut now = look(&server, &options.target, start).await?;
    let mut before = None;
    let mut trouble = None;
    let (words, theme) = (settings.words(), settings.theme_on(None, no_color));
    let mut sort = options.sort;
    let mut alone = Alone::take()?;
    // The second look comes soon, because rates are unknown before.
    let mut due = Instant::now() + options.interval.min(ONCE);
    loop {
        alone.show(|size| {
            let table = lines(before.as_ref(), &now, sort);
            let shown = Shown { words, theme: &theme, sort, trouble: trouble.as_deref() };
            shown.draw(&table, size)
        })?;
        let typed = match alone.wait(Some(due), std::future::pending::<()>()).await? {
            Heard::Ended => return Ok(()),
            Heard::Hands(typed) => typed,
            Heard::Other(()) => continue,
        };
        for event in typed {
            let StdinEvent::Key(key) = event else { continue };
            match chosen(&key) {
                Chosen::Leave => return Ok(()),
                Chosen::Sort(wanted) => sort = wanted,
                Chosen::Nothing => {}
            }
        }
        if Instant::now() >= due {
            due = Instant::now() + options.interval;
            let fresh = async {
                if server.is_none() {
                    server = options.connect.connect().await.ok();
                }
                look(&server, &options.target, start).await
            };
            let late = |_elapsed| Err(ClientError::Deadline { seconds: PATIENCE.as_secs() });
            match timeout(PATIENCE, fresh).await.unwrap_or_else(late) {
                Ok(look) => {
                    before = Some(std::mem::replace(&mut now, look));
                    trouble = None;
                }
                Err(error) => {
                    // It is asked for again by the next look.
                    server = None;
                    trouble = Some(error.to_string());
                }
            }
        }
    }
}

/// The table as text, headings first, of two looks a moment apart.
///
/// # Errors
/// The server cannot be reached.
pub async fn table_once(options: &TopOptions) -> Result<Vec<Vec<String>>, ClientError> {
    let server = Some(options.connect.connect().await?);
    let start = Instant::now();
    let before = look(&server, &options.target, start).await?;
    sleep_until((Instant::now() + ONCE).into()).await;
    let now = look(&server, &options.target, start).await?;
    let words = crate::config::language(&options.config_file).words();
    Ok(cells(&lines(Some(&before), &now, options.sort), words))
}

async fn look(server: &Option<Server>, target: &str, start: Instant) -> Result<Look, ClientError> {
    let lost = || ClientError::Lost { why: "no server answers".into() };
    let server = server.as_ref().ok_or_else(lost)?;
    let target = target.to_owned();
    let list = ListSessions { target: target.clone(), ext: Ext::none() };
    let sessions = match server.request(list).await? {
        Message::Sessions(sessions) => sessions.sessions,
        _ => return Err(lost()),
    };
    let usage = match server.request(ListUsage { target, ext: Ext::none() }).await {
        Ok(Message::Usage(usage)) => Some(usage),
        Ok(_) => None,
        // A server of before does not measure; what it lists is shown all the same.
        Err(ClientError::Failed(_) | ClientError::Lost { .. }) => None,
        Err(error) => return Err(error),
    };
    let at_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Look { sessions, usage, at_ms })
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    Leave,
    Sort(TopSort),
    Nothing,
}

pub(super) fn chosen(key: &KeyEvent) -> Chosen {
    if key.kind == KeyKind::Release {
        return Chosen::Nothing;
    }
    let control = key.modifiers.held() == Modifiers::CTRL;
    match key.key {
        Key::Char('c' | 'd') if control => Chosen::Leave,
        Key::Char('q') | Key::Escape => Chosen::Leave,
        Key::Char(c) => TopSort::ALL
            .into_iter()
            .find(|(key, _)| *key == c)
            .map_or(Chosen::Nothing, |(_, sort)| Chosen::Sort(sort)),
        _ => Chosen::Nothing,
    }
}

pub(super) struct Shown<'a> {
    pub(super) words: &'a Words,
    pub(super) theme: &'a Theme,
    pub(super) sort: TopSort,
    /// Why the last look failed.
    pub(super) trouble: Option<&'a str>,
}

impl Shown<'_> {
    pub(super) fn draw(&self, table: &[Line], size: Size) -> Surface {
        let mut surface = Surface::new(size);
        let area = surface.area();
        let mut chrome = Buffer::empty(area);
        let mut cells = cells(table, self.words);
        let widths = widths(&cells);
        let heading = Row::new(cells.remove(0)).style(self.theme.heading);
        let body = Rect { height: area.height.saturating_sub(1), ..area };
        Table::new(cells.into_iter().map(Row::new), widths)
            .header(heading)
            .column_spacing(2)
            .render(body, &mut chrome);
        let last = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
        let (text, style) = match self.trouble {
            Some(why) => (self.words.with("top-trouble", &[("why", &why)]), self.theme.bar_message),
            None => (self.keys(), self.theme.bar),
        };
        chrome.set_style(last, style);
        chrome.set_stringn(last.x, last.y, &text, usize::from(last.width), style);
        surface.draw_chrome(&chrome);
        surface.title = "ccc top".into();
        surface
    }

    fn keys(&self) -> String {
        let sorts = TopSort::ALL.map(|(key, sort)| {
            let mark = if sort == self.sort { "*" } else { "" };
            format!("{key} {}{mark}", sort.name())
        });
        self.words.with("top-keys", &[("keys", &sorts.join("  "))])
    }
}

/// As wide as the widest cell; the last column takes what is left.
fn widths(cells: &[Vec<String>]) -> Vec<Constraint> {
    let columns = cells.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let texts = cells.iter().filter_map(|row| row.get(column));
        texts.map(|text| text.chars().map(|c| u16::from(ccc_vt::char_width(c))).sum()).max()
    };
    (0..columns)
        .map(|column| match width(column) {
            Some(width) if column + 1 < columns => Constraint::Length(width),
            _ => Constraint::Fill(1),
        })
        .collect()
}
