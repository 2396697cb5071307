//! Sizes: of those who look, and of the programs that follow.

use ccc_proto::*;
use ccc_vt::Size;

use crate::world::{Viewer, World, attach, new, spawn};

fn sized(cols: u16, rows: u16) -> Attach {
    Attach { size: WireSize { cols, rows }, ..attach("s") }
}

async fn has_size(viewer: &mut Viewer, pane: PaneId, cols: u16, rows: u16) {
    while viewer.mirrors.get(&pane).is_none_or(|mirror| mirror.size() != Size::new(cols, rows)) {
        viewer.next().await;
    }
}

#[tokio::test]
async fn a_program_gets_the_size_of_whoever_looks_and_its_changes() {
    let world = World::start();
    let client = world.client().await;
    let script = "trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done";
    let pane = client.done(new("s", script)).await.pane.unwrap();
    let mut viewer = world.client().await.attach(sized(80, 24)).await;
    viewer.shows(pane, "ready").await;
    for (cols, rows) in [(100, 30), (60, 20)] {
        let size = WireSize { cols, rows };
        viewer.tell(ClientSize { size, pixels: PixelSize::default(), ext: Ext::none() }).await;
        has_size(&mut viewer, pane, cols, rows).await;
        viewer.shows(pane, &format!("{rows} {cols}")).await;
    }
}

#[tokio::test]
async fn a_viewer_has_no_say_and_whoever_types_decides() {
    let world = World::start();
    let client = world.client().await;
    let pane = client.done(new("s", "exec cat")).await.pane.unwrap();
    let mut first = world.client().await.attach(sized(100, 30)).await;
    has_size(&mut first, pane, 100, 30).await;
    let mut only_looks = world.client().await.attach(Attach { view: true, ..sized(40, 10) }).await;
    only_looks.attached().await;
    has_size(&mut only_looks, pane, 100, 30).await;
    only_looks.type_text(pane, "nothing of this").await;
    let mut second = world.client().await.attach(sized(90, 25)).await;
    has_size(&mut second, pane, 90, 25).await;
    first.type_text(pane, "mine\r").await;
    has_size(&mut second, pane, 100, 30).await;
    second
        .said(|message| match message {
            Message::ServerNotice(notice) if notice.kind == ServerNoticeKind::SIZE_OF_ANOTHER => {
                Some(())
            }
            _ => None,
        })
        .await;
    assert!(!second.text(pane).contains("nothing of this"));
}

#[tokio::test]
async fn a_fixed_size_holds_against_all_until_it_is_let_go() {
    let world = World::start();
    let client = world.client().await;
    let pane = client.done(new("s", "exec cat")).await.pane.unwrap();
    let mut viewer = world.client().await.attach(sized(100, 30)).await;
    has_size(&mut viewer, pane, 100, 30).await;
    let fixed = WireSize { cols: 132, rows: 43 };
    client.done(ResizePane { target: "s".into(), size: fixed, ext: Ext::none() }).await;
    has_size(&mut viewer, pane, 132, 43).await;
    let free = WireSize::default();
    client.done(ResizePane { target: "s".into(), size: free, ext: Ext::none() }).await;
    has_size(&mut viewer, pane, 100, 30).await;
}

#[tokio::test]
async fn only_the_tab_that_is_looked_at_is_sent_and_a_choice_brings_the_other() {
    let world = World::start();
    let client = world.client().await;
    let first = client.done(new("s", "echo first; exec cat")).await;
    let tab = TabNew {
        target: "s".into(),
        name: String::new(),
        background: true,
        spawn: spawn("echo second; exec cat"),
        ext: Ext::none(),
    };
    let second = client.done(tab).await;
    let (first_pane, second_pane) = (first.pane.unwrap(), second.pane.unwrap());
    let mut viewer = world.client().await.attach(attach("s")).await;
    viewer.shows(first_pane, "first").await;
    assert!(!viewer.mirrors.contains_key(&second_pane));
    let (tab, pane) = (second.tab.unwrap(), second_pane);
    viewer.tell(Select { number: 1, tab, pane, ext: Ext::none() }).await;
    viewer.shows(second_pane, "second").await;
    let viewed = viewer
        .said(|message| match message {
            Message::Viewed(viewed) if viewed.number == 1 => Some(viewed.clone()),
            _ => None,
        })
        .await;
    assert_eq!((viewed.tab, viewed.pane), (tab, pane));
    client.done(new("other", "echo elsewhere; exec cat")).await;
    viewer.said.clear();
    viewer.tell(Switch { target: "other".into(), ext: Ext::none() }).await;
    assert_eq!(viewer.attached().await.name, "other");
    let heeded = viewer.said(|message| match message {
        Message::Viewed(viewed) => Some(viewed.number),
        _ => None,
    });
    assert_eq!(heeded.await, 0, "choices are counted anew");
    let layout = viewer.layout().await;
    viewer.shows(layout.panes[0].pane, "elsewhere").await;
}
