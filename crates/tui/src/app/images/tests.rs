//! What is asked for, what is kept, and what a server may not do.

use ccc_client::proto::{Message, PaneId, Spawn, WireImageFormat};
use ccc_vt::Size;
use ccc_vt::image::Source;
use ratatui::layout::Rect;

use super::*;
use crate::config::Settings;
use crate::image::Graphics;

fn app() -> App {
    let size = Size { cols: 80, rows: 24 };
    let mut app = App::new(size, true, Settings::default(), Spawn::default());
    app.graphics = Graphics::Kitty;
    app
}

fn placed(serial: u64, bytes: u32) -> Placed {
    let info = ImageInfo {
        serial,
        id: 1,
        format: Some(ImageFormat::Rgba),
        width: 1,
        height: u16::try_from(bytes / 4).unwrap(),
        bytes,
    };
    let key = ImageKey { from: ImageFrom::Pane { pane: PaneId(3), epoch: 9 }, serial };
    let source = Source { x: 0, y: 0, width: 1, height: 1 };
    Placed { key, info, source, area: Rect::new(0, 0, 1, 1), z: 0, data: None }
}

fn page(of: &Placed, from: u32, bytes: Vec<u8>) -> ImagePage {
    ImagePage {
        pane: PaneId(3),
        image: of.key.serial,
        format: WireImageFormat::RGBA,
        width: of.info.width,
        height: of.info.height,
        total: of.info.bytes,
        from,
        bytes,
        ext: Ext::none(),
    }
}

/// Where in which images the requests ask.
fn asked(effects: &[Effect]) -> Vec<(u64, u32)> {
    let request = |effect: &Effect| match effect {
        Effect::Request { message, .. } => match &**message {
            Message::ImageRequest(request) => (request.image, request.from),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    effects.iter().map(request).collect()
}

#[test]
fn an_image_is_asked_for_once_piece_by_piece() {
    let mut app = app();
    let image = placed(5, 8);
    assert_eq!(asked(&app.see_images(&[image.clone(), image.clone()])), [(5, 0)]);
    assert_eq!(asked(&app.see_images(std::slice::from_ref(&image))), []);
    let mut effects = Vec::new();
    app.on_image_page(image.key, &page(&image, 0, vec![1; 5]), &mut effects);
    assert_eq!(asked(&effects), [(5, 5)]);
    assert!(app.images.data(image.key).is_none());
    app.on_image_page(image.key, &page(&image, 5, vec![1; 3]), &mut effects);
    assert_eq!(app.images.data(image.key).map(|data| data.bytes.clone()), Some(vec![1; 8]));
    assert_eq!(asked(&app.see_images(&[image])), []);
}

#[test]
fn a_terminal_that_cannot_show_it_asks_for_nothing() {
    let mut app = app();
    app.graphics = Graphics::Boxes;
    assert_eq!(app.see_images(&[placed(5, 8)]), []);
}

#[test]
fn what_differs_from_what_was_said_is_not_shown_nor_asked_for_again() {
    let image = placed(5, 8);
    let wrong = |change: &dyn Fn(&mut ImagePage)| {
        let mut page = page(&image, 0, vec![1; 8]);
        change(&mut page);
        page
    };
    for (what, page) in [
        ("too much", wrong(&|page| page.bytes.push(1))),
        ("nothing", wrong(&|page| page.bytes.clear())),
        ("another place", wrong(&|page| page.from = 1)),
        ("another format", wrong(&|page| page.format = WireImageFormat::PNG)),
        ("another size", wrong(&|page| page.width = 2)),
        ("another length", wrong(&|page| page.total = 9)),
    ] {
        let mut app = app();
        app.see_images(std::slice::from_ref(&image));
        let mut effects = Vec::new();
        app.on_image_page(image.key, &page, &mut effects);
        assert!(app.images.data(image.key).is_none() && effects.is_empty(), "{what}");
        assert_eq!(app.see_images(std::slice::from_ref(&image)), [], "{what}");
        // Over another link it is asked for again.
        app.images.begin_link();
        assert_eq!(asked(&app.see_images(std::slice::from_ref(&image))), [(5, 0)], "{what}");
    }
}

/// The end of a link was told when the next one was there, and what had been asked for over it was a box from then on.
#[test]
fn what_a_link_that_is_gone_did_not_bring_is_asked_for_over_the_next() {
    let mut app = app();
    let image = placed(5, 8);
    app.see_images(std::slice::from_ref(&image));
    app.images.begin_link();
    app.images.fail(image.key);
    assert!(!app.images.has_failed(image.key));
    assert_eq!(asked(&app.see_images(std::slice::from_ref(&image))), [(5, 0)]);
    // What this link says of it counts, also of its second piece.
    app.on_image_page(image.key, &page(&image, 0, vec![1; 5]), &mut Vec::new());
    app.images.fail(image.key);
    assert!(app.images.has_failed(image.key));
    assert_eq!(asked(&app.see_images(&[image])), []);
}

#[test]
fn few_are_fetched_at_a_time() {
    let mut app = app();
    let many: Vec<Placed> = (1..=9).map(|serial| placed(serial, 4)).collect();
    assert_eq!(app.see_images(&many).len(), COMING);
    app.images.fail(many[0].key);
    assert_eq!(asked(&app.see_images(&many)), [(5, 0)]);
}

#[test]
fn what_is_not_shown_goes_when_there_is_too_much() {
    let mut app = app();
    let large = 16_000;
    let shown = placed(1, large);
    let fetch = |app: &mut App, image: &Placed| {
        app.see_images(&[shown.clone(), image.clone()]);
        let bytes = vec![0; image.info.bytes as usize];
        app.on_image_page(image.key, &page(image, 0, bytes), &mut Vec::new());
    };
    fetch(&mut app, &shown);
    let count = u64::try_from(KEPT_BYTES).unwrap() / u64::from(large) + 50;
    for serial in 2..count {
        fetch(&mut app, &placed(serial, large));
    }
    app.see_images(std::slice::from_ref(&shown));
    assert!(app.images.data(shown.key).is_some());
    assert!(app.images.data(placed(2, large).key).is_none());
    assert!(app.images.data(placed(count - 1, large).key).is_some());
    assert!(app.images.known.len() * large as usize <= KEPT_BYTES);
}
