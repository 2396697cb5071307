//! Requests upon names, places and sizes: what changes a layout and starts no program.

use ccc_proto::{
    Ext, LayoutSave, LayoutText, PaneBreak, PaneFloat, PaneResize, PaneSwap, PaneZoom,
    PresetLayout, Rename, ResizePane, SwapWith, TabMove, Toggle,
};
use ccc_sync::vt_size;

use super::Asked;
use crate::book::Book;
use crate::core::house::{Plan, Refusal, SwapTarget};
use crate::core::layout::{Preset, Side};
use crate::core::record::Author;
use crate::core::size_policy::Policy;
use crate::core::target::Depth;
use crate::core::world::reported_directory;
use crate::fault::Fault;

pub(super) async fn rename(asked: &mut Asked<'_>, rename: Rename) -> Result<(), Fault> {
    let place = asked.place(&rename.target).await?;
    let name = rename.name;
    change(asked, "renamed", move |book, author| match place.depth {
        Depth::Session => book.house.rename_session(author, place.session, &name),
        Depth::Tab | Depth::Pane => book.house.rename_tab(author, place.tab, &name),
    })
    .await
}

pub(super) async fn move_tab(asked: &mut Asked<'_>, tab: TabMove) -> Result<(), Fault> {
    let place = asked.place(&tab.target).await?;
    change(asked, "tab-moved", move |book, author| book.house.move_tab(author, place.tab, tab.to))
        .await
}

pub(super) async fn resize(asked: &mut Asked<'_>, resize: PaneResize) -> Result<(), Fault> {
    let place = asked.place(&resize.target).await?;
    let side = Side::from_wire(resize.direction)
        .ok_or_else(|| Fault::invalid("a border moves right, down, left or up"))?;
    let cells = resize.cells.max(1);
    change(asked, "layout-changed", move |book, author| {
        book.house.resize_pane(author, place.pane, side, cells)
    })
    .await
}

pub(super) async fn swap(asked: &mut Asked<'_>, swap: PaneSwap) -> Result<(), Fault> {
    let place = asked.place(&swap.target).await?;
    let with = match swap.with {
        SwapWith::NEXT => SwapTarget::Next,
        SwapWith::PREVIOUS => SwapTarget::Previous,
        SwapWith::OTHER => SwapTarget::Pane(asked.place(&swap.other).await?.pane),
        _ => return Err(Fault::unsupported("this server does not know that kind of swap")),
    };
    change(asked, "layout-changed", move |book, author| {
        book.house.swap_panes(author, place.pane, with)
    })
    .await
}

pub(super) async fn zoom(asked: &mut Asked<'_>, zoom: PaneZoom) -> Result<(), Fault> {
    let place = asked.place(&zoom.target).await?;
    let on = switched(zoom.zoom)?;
    change(asked, "layout-changed", move |book, author| {
        book.house.zoom_pane(author, place.pane, on)
    })
    .await
}

pub(super) async fn float(asked: &mut Asked<'_>, float: PaneFloat) -> Result<(), Fault> {
    let place = asked.place(&float.target).await?;
    let on = switched(float.float)?;
    change(asked, "layout-changed", move |book, author| {
        book.house.float_pane(author, place.pane, on)
    })
    .await
}

/// Which way something is switched; `None` for the other one.
fn switched(toggle: Toggle) -> Result<Option<bool>, Fault> {
    match toggle {
        Toggle::TOGGLE => Ok(None),
        Toggle::ON => Ok(Some(true)),
        Toggle::OFF => Ok(Some(false)),
        _ => Err(Fault::unsupported("this is toggled, on or off")),
    }
}

pub(super) async fn break_out(asked: &mut Asked<'_>, out: PaneBreak) -> Result<(), Fault> {
    let place = asked.place(&out.target).await?;
    change(asked, "tab-created", move |book, author| {
        book.house.break_pane(author, place.pane, &out.name, !out.background)
    })
    .await
}

pub(super) async fn preset(asked: &mut Asked<'_>, preset: PresetLayout) -> Result<(), Fault> {
    let place = asked.place(&preset.target).await?;
    let wanted = match preset.preset.as_str() {
        "" => None,
        name => Some(
            Preset::from_name(name)
                .ok_or_else(|| Fault::invalid(format!("{name:?} is not the name of a preset")))?,
        ),
    };
    change(asked, "layout-changed", move |book, author| {
        book.house.arrange_tab(author, place.tab, wanted)
    })
    .await
}

/// Fixes the size of a tab, or lets its clients decide again.
pub(super) async fn fix_size(asked: &mut Asked<'_>, resize: ResizePane) -> Result<(), Fault> {
    let place = asked.place(&resize.target).await?;
    let size = vt_size(resize.size);
    let policy = match (size.cols, size.rows) {
        (0, 0) => Policy::Latest,
        (0, _) | (_, 0) => return Err(Fault::invalid("a size has at least one column and row")),
        _ => Policy::Fixed(size.clamped()),
    };
    change(asked, "layout-changed", move |book, author| {
        if let Some(tab) = book.tab_size(place.tab) {
            tab.set_policy(policy);
        }
        book.house.set_policy(author, place.tab, policy)
    })
    .await
}

pub(super) async fn save(asked: &mut Asked<'_>, save: LayoutSave) -> Result<(), Fault> {
    let place = asked.place(&save.target).await?;
    let saved = asked
        .ctx
        .book
        .run(move |book| {
            let cwd = |pane| {
                let facts = book.pane_facts(pane);
                reported_directory(&facts.cwd, &book.ctx.surroundings.host)
                    .and_then(|cwd| cwd.into_os_string().into_string().ok())
            };
            book.house.save_session(place.session, cwd)
        })
        .await??;
    let text = crate::core::saved_layout::save(&saved);
    asked.reply(LayoutText { text, ext: Ext::none() }).await
}

/// Plans, commits, tells, and answers with what was made.
async fn change(
    asked: &mut Asked<'_>,
    what: &'static str,
    plan: impl FnOnce(&mut Book, &Author) -> Result<Plan, Refusal> + Send + 'static,
) -> Result<(), Fault> {
    let author = asked.client.author();
    let plan = asked
        .ctx
        .book
        .run(move |book| {
            let plan = plan(book, &author)?;
            let plan = book.commit(plan)?;
            book.came_to_be(what, &plan);
            Ok::<_, Fault>(plan)
        })
        .await??;
    asked.done(&plan).await
}
