//! The request to forget a stretch of a recording. Owns which bytes a time, a command or two offsets mean.

use std::path::Path;

use ccc_journal::{Error, Offset, Stretch, end_offset, offset_at};
use ccc_play::{Remembered, commands};
use ccc_proto::{Ext, Failure, ForgetStretch, Forgetting, StretchForgotten};
use ccc_vt::MarkKind;
use tokio::sync::mpsc;

use super::Asked;
use super::recordings::Chosen;
use crate::blocking::aside;
use crate::clock::unix_ms;
use crate::fault::Fault;
use crate::forgetting::{Gone, forget_stretch, nothing, within};
use crate::pane::marks::from_disk;
use crate::recovery::header_size;

/// Words about progress that wait for a slow reader; those that find no room are left out.
const PROGRESS: usize = 4;

pub(super) async fn stretch(asked: &mut Asked<'_>, request: ForgetStretch) -> Result<(), Fault> {
    if request.target.is_empty() {
        return Err(Fault::invalid("a recording to forget something of must be named"));
    }
    let chosen = Chosen::of(asked, Some(&request.target)).await?;
    let (ulid, dir, known) = chosen.one(&request.target)?;
    let pane = known.and_then(|known| known.pane);
    let wanted = request.clone();
    let stretch = aside(move || meant(&dir, &wanted)).await??;
    if stretch.from >= stretch.to {
        return Err(nothing());
    }
    let word = move |gone: Gone, (behind, of): (u64, u64), done| StretchForgotten {
        ulid: ulid.to_string(),
        pane,
        from: stretch.from.0,
        to: stretch.to.0,
        bytes: gone.files.bytes,
        commands: gone.commands,
        segments: gone.files.segments,
        behind,
        of,
        done,
        ext: Ext::none(),
    };
    let (told, mut heard) = mpsc::channel(PROGRESS);
    let ctx = std::sync::Arc::clone(asked.ctx);
    // It goes on when whoever asked is gone.
    let work = asked.ctx.pool.spawn(async move { forget_stretch(&ctx, ulid, stretch, told).await });
    let mut last = (0, 0);
    while let Some(now) = heard.recv().await {
        last = now;
        asked.reply(word(Gone::default(), now, false)).await?;
    }
    let gone = work.await.map_err(|error| Fault::internal(error.to_string()))??;
    asked.reply(word(gone, last, true)).await
}

/// The bytes that are meant, as far as they are kept.
fn meant(dir: &Path, request: &ForgetStretch) -> Result<Stretch, Fault> {
    let end = end_offset(dir)?;
    let (from, to) = match request.what {
        Forgetting::BYTES => {
            (Offset(request.from), if request.to == 0 { end } else { Offset(request.to) })
        }
        Forgetting::LAST => {
            let since_ms = unix_ms().saturating_sub(request.from);
            let at = offset_at(dir, since_ms.saturating_mul(1_000_000))?.ok_or_else(|| {
                Fault::new(Failure::CONFLICT, "nothing tells when its bytes were printed")
                    .hint("ccc rec forget TARGET --from BYTE --to BYTE")
            })?;
            (at, end)
        }
        Forgetting::COMMAND => command(dir, request.from, end)?,
        _ => return Err(Fault::unsupported("this server does not know what is to be forgotten")),
    };
    Ok(within(dir, from, to)?)
}

/// A command from its prompt to the end of what it printed.
fn command(dir: &Path, mark: u64, end: Offset) -> Result<(Offset, Offset), Fault> {
    let all = commands(dir)?;
    let at = match mark {
        0 => all.len().checked_sub(1),
        mark => all.iter().position(|command| command.mark == mark),
    };
    let at = at.ok_or_else(|| {
        Fault::new(Failure::NOT_FOUND, "no such command is remembered of this recording")
            .hint("ccc history --json")
    })?;
    let before = at.checked_sub(1).and_then(|before| all[before].to).map(Offset);
    let from = prompt(dir, &all[at])?.or(before).unwrap_or(Offset(all[at].mark));
    Ok((from.max(before.unwrap_or_default()), all[at].to.map_or(end, Offset)))
}

/// Where the prompt began at which a command was typed.
fn prompt(dir: &Path, command: &Remembered) -> Result<Option<Offset>, Error> {
    let (marks, _) = from_disk(dir, header_size(dir), Offset(command.mark))?;
    let prompts = marks.iter().rev().filter(|mark| mark.kind == MarkKind::PromptStart);
    Ok(prompts.map(|mark| Offset(mark.begin)).find(|begin| begin.0 < command.mark))
}
