//! Frames: a mirror that skips some and gets others over the wire shows what the screen shows; and a
//! frame made of any bytes is applied or refused.

#![no_main]

use ccc_proto::{Message, PaneId, Received, TtyFlags, limits};
use ccc_sync::{Applied, FrameContext, Mirror, frame_since};
use ccc_vt::{Limits, Screen, Size};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(Some((Received::Known(Message::Frame(frame)), _))) =
        Message::read(input, limits::BODY)
    {
        let mut mirror = Mirror::new(frame.pane);
        let _ = mirror.apply(&frame);
        let _ = mirror.apply(&frame);
    }
    let pane = PaneId(1);
    let mut screen = Screen::new(Size::new(20, 6), Limits::default());
    let mut mirror = Mirror::new(pane);
    for (number, bytes) in input.chunks(23).enumerate() {
        screen.advance(bytes);
        if number % 7 == 6 {
            let cols = 10 + u16::from(bytes[0] % 30);
            screen.resize(Size::new(cols, 4 + u16::from(bytes[0] % 5)));
        }
        // Some states are never sent.
        if number % 3 == 1 {
            continue;
        }
        let base = mirror.seq();
        let context =
            FrameContext { pane, epoch: 1, base, input_done: 0, tty: TtyFlags::default() };
        let bytes = Message::Frame(frame_since(&screen, context)).to_bytes().expect("frames fit");
        let read = Message::read(&bytes, limits::BODY).expect("ours");
        let Some((Received::Known(Message::Frame(frame)), _)) = read else {
            panic!("a frame that is none");
        };
        let applied = mirror.apply(&frame).expect("ours");
        assert!(!matches!(applied, Applied::NeedsWhole), "the base was the mirror's own");
        if let Some(difference) = mirror.difference(&screen) {
            panic!("{difference}");
        }
    }
});
