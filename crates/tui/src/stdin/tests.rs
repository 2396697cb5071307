//! Bytes in, events out. Here the tables; beside it what time does, and what holds for all bytes.

mod properties;
mod time;

use ccc_vt::input::{KeyKind, MouseEvent, MouseKind, WheelDirection};
use ccc_vt::{KittyFlags, Size};

use super::*;

/// What a parser says of bytes that come at once, with no time passing after them.
fn said(bytes: &[u8]) -> Vec<StdinEvent> {
    let mut out = Vec::new();
    StdinParser::default().feed(bytes, Instant::now(), &mut out);
    out
}

/// Events on one line: keys as people write them, the rest in brackets.
fn line(events: &[StdinEvent]) -> String {
    let one = |event: &StdinEvent| match event {
        StdinEvent::Key(key) => match key.kind {
            KeyKind::Press => key.to_string(),
            kind => format!("{key}:{kind:?}"),
        },
        StdinEvent::Mouse(MouseEvent { kind, col, row, modifiers }) => {
            let modifiers = modifiers.iter_names().map(|(name, _)| name).collect::<String>();
            format!("[{modifiers}{kind:?} {col},{row}]")
        }
        StdinEvent::Paste(PasteChunk { text, first, last }) => {
            format!("[paste {first} {text:?} {last}]")
        }
        StdinEvent::Focus(gained) => format!("[focus {gained}]"),
        StdinEvent::Reply(reply) => format!("[{reply:?}]"),
        StdinEvent::Unknown(bytes) => format!("[unknown {}]", bytes.escape_ascii()),
    };
    events.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn check(bytes: &[u8], expected: &str) {
    assert_eq!(line(&said(bytes)), expected, "{}", bytes.escape_ascii());
}

fn reply(bytes: &[u8]) -> TerminalReply {
    match said(bytes).as_slice() {
        [StdinEvent::Reply(reply)] => reply.clone(),
        other => panic!("{} said {other:?}", bytes.escape_ascii()),
    }
}

#[test]
fn text_and_control_bytes() {
    check(b"aZ~ 5", "a Z ~ Space 5");
    check("한é👍".as_bytes(), "한 é 👍");
    check(b"\r\t\x7f", "Enter Tab Backspace");
    check(b"\0\x01\x08\x0a\x1a\x1c\x1d\x1e\x1f", "C-Space C-a C-h C-j C-z C-\\ C-] C-^ C-_");
}

#[test]
fn alt() {
    check(b"\x1ba\x1bZ\x1b\x7f\x1b\r\x1b\x01\x1b ", "M-a M-Z M-Backspace M-Enter C-M-a M-Space");
    check("\x1b한\x1bé".as_bytes(), "M-한 M-é");
    // What could begin an answer, and did not.
    check(b"\x1b]a\x1bPq\x1b_x\x1b[\x01\x1bO\r", "M-] a M-P q M-_ x M-[ C-a M-O Enter");
    check(b"\x1b^a\x1bXa", "M-^ a M-X a");
}

#[test]
fn escape_before_other_things() {
    check(b"\x1b\x1b[A\x1b\x1bOA", "M-Up M-Up");
    check(b"\x1b\x1b[3~\x1b\x1b[1;5C", "M-Delete C-M-Right");
    check(b"\x1b\x1bx", "Escape M-x");
    check(b"\x1b\x1b[I\x1b\x1b[<0;1;1M", "Escape [focus true] Escape [Press(Left) 0,0]");
    check(b"\x1b\x1b[200~x\x1b[201~", "Escape [paste true \"x\" true]");
    check(b"\x1b\x1b[97;5u", "Escape C-a");
    check(b"\x1b\x1b\x1b[A", "M-Escape Up");
    check(b"\x1b\x1b]11;rgb:0/0/0\x07a", {
        "Escape [Color { slot: Background, rgb: Rgb { red: 0, green: 0, blue: 0 } }] a"
    });
}

/// xterm's control sequences document, "PC-Style Function Keys"; DECCKM gives SS3.
#[test]
fn cursor_and_function_keys() {
    check(b"\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F\x1b[E", "Up Down Right Left Home End KPBegin");
    check(b"\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF", "Up Down Right Left Home End");
    check(b"\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~", "Home Insert Delete End PageUp PageDown");
    check(b"\x1b[7~\x1b[8~\x1b[29~", "Home End Menu");
    check(b"\x1bOP\x1bOQ\x1bOR\x1bOS", "F1 F2 F3 F4");
    check(b"\x1b[11~\x1b[12~\x1b[13~\x1b[14~", "F1 F2 F3 F4");
    check(b"\x1b[15~\x1b[17~\x1b[18~\x1b[19~\x1b[20~\x1b[21~", "F5 F6 F7 F8 F9 F10");
    check(b"\x1b[23~\x1b[24~\x1b[25~\x1b[26~\x1b[28~\x1b[31~\x1b[34~", {
        "F11 F12 F13 F14 F15 F17 F20"
    });
    check(
        b"\x1b[1;2A\x1b[1;5D\x1b[1;8H\x1b[3;3~\x1b[15;6~",
        "S-Up C-Left C-M-S-Home M-Delete C-S-F5",
    );
    check(b"\x1b[1;2P\x1b[1;2R\x1b[1;9A\x1b[1;14B", "S-F1 S-F3 T-Up T-C-S-Down");
    check(b"\x1b[Z\x1b[1;5Z", "S-Tab C-S-Tab");
    check(b"\x1bOM\x1bOp\x1bOy\x1bOj\x1bOk\x1bOl\x1bOm\x1bOn\x1bOo\x1bOX", {
        "KPEnter KP0 KP9 KPMultiply KPAdd KPSeparator KPSubtract KPDecimal KPDivide KPEqual"
    });
}

#[test]
fn what_other_terminals_send() {
    check(b"\x1b[[A\x1b[[E\x1b[[F", "F1 F5 [unknown \\x1b[[F]");
    check(b"\x1b[a\x1b[d\x1bOa\x1bOd\x1b[3^\x1b[3@", {
        "S-Up S-Left C-Up C-Left C-Delete C-S-Delete"
    });
    check(b"\x1bO5A\x1bO1;2P", "C-Up S-F1");
}

/// The kitty keyboard protocol, "An overview".
#[test]
fn kitty_keys() {
    check(b"\x1b[97u\x1b[97;5u\x1b[97;6u\x1b[97;3u", "a C-a C-S-a M-a");
    check(b"\x1b[27u\x1b[13;2u\x1b[9;5u\x1b[127;3u", "Escape S-Enter C-Tab M-Backspace");
    check(b"\x1b[97;1:1u\x1b[97;1:2u\x1b[97;1:3u", "a a:Repeat a:Release");
    check(b"\x1b[1;1:3A\x1b[3;5:2~\x1b[P\x1b[13~\x1b[1;2S", {
        "Up:Release C-Delete:Repeat F1 F3 S-F4"
    });
    check(b"\x1b[57399u\x1b[57414;5u\x1b[57417u\x1b[57427~", "KP0 C-KPEnter KPLeft KPBegin");
    check(b"\x1b[57358u\x1b[57363u\x1b[57376u\x1b[57398u\x1b[57441;2u", {
        "CapsLock Menu F13 F35 S-K57441"
    });
    check(b"\x1b[97;9u\x1b[97;17u\x1b[97;33u", "D-a H-a T-a");
    check(b"\x1b[0;;229:97u", "å a");
    check(b"\x1b[97;4u\x1b[97;1:4u\x1b[97;300u\x1b[55296u\x1b[u", {
        "M-S-a [unknown \\x1b[97;1:4u] [unknown \\x1b[97;300u] [unknown \\x1b[55296u] [unknown \\x1b[u]"
    });
}

#[test]
fn kitty_keys_tell_more_than_their_name() {
    let key = |bytes: &[u8]| match said(bytes).as_slice() {
        [StdinEvent::Key(key)] => key.clone(),
        other => panic!("{other:?}"),
    };
    let percent = key(b"\x1b[53:37;2;37u");
    assert_eq!((percent.shifted, percent.base, percent.text.as_deref()), (Some('%'), None, None));
    assert_eq!(percent.chord().to_string(), "%");
    let untold = key(b"\x1b[53;2;37u");
    assert_eq!((untold.shifted, untold.text.as_deref()), (None, Some("%")));
    assert_eq!(untold.chord().to_string(), "%");
    let korean = key(b"\x1b[12640::98;5u");
    assert_eq!((korean.key, korean.base), (Key::Char('ㅠ'), Some('b')));
    assert_eq!(korean.in_base_layout().unwrap().to_string(), "C-b");
    let option = key(b"\x1b[97;;229u");
    assert_eq!(option.typed(), "å");
    let locked = key(b"\x1b[97;65;65u");
    assert_eq!((locked.modifiers, locked.text.as_deref()), (Modifiers::CAPS_LOCK, None));
    assert_eq!(locked.typed(), "A");
    let keypad = key(b"\x1b[57404;129;53u");
    assert_eq!((keypad.typed(), keypad.text), ("5".into(), None));
}

/// xterm's control sequences document, "Alt and Meta Keys", modifyOtherKeys.
#[test]
fn modify_other_keys() {
    check(b"\x1b[27;5;97~\x1b[27;2;13~\x1b[27;5;9~\x1b[27;5;44~", "C-a S-Enter C-Tab C-,");
    check(b"\x1b[27;3;127~\x1b[27;2;32~\x1b[27;9;97~", "M-Backspace S-Space T-a");
    let StdinEvent::Key(shifted) = said(b"\x1b[27;6;65~").remove(0) else { panic!("no key") };
    assert_eq!(shifted.chord().to_string(), "C-A");
    let StdinEvent::Key(percent) = said(b"\x1b[27;6;37~").remove(0) else { panic!("no key") };
    assert_eq!(percent.chord().to_string(), "C-%");
    check(b"\x1b[27~\x1b[27;5~\x1b[27;5;7~", {
        "[unknown \\x1b[27~] [unknown \\x1b[27;5~] [unknown \\x1b[27;5;7~]"
    });
}

/// xterm's control sequences document, "Mouse Tracking".
#[test]
fn mouse() {
    check(b"\x1b[<0;5;10M\x1b[<0;5;10m", "[Press(Left) 4,9] [Release(Left) 4,9]");
    check(b"\x1b[<2;1;1M\x1b[<34;2;1M\x1b[<35;3;1M", {
        "[Press(Right) 0,0] [Drag(Right) 1,0] [Move 2,0]"
    });
    check(b"\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<66;1;1M\x1b[<67;1;1M", {
        "[Wheel(Up) 0,0] [Wheel(Down) 0,0] [Wheel(Left) 0,0] [Wheel(Right) 0,0]"
    });
    check(b"\x1b[<28;1;1M\x1b[<20;1;1M\x1b[<128;1;1M", {
        "[SHIFTALTCTRLPress(Left) 0,0] [SHIFTCTRLPress(Left) 0,0] [Press(Back) 0,0]"
    });
    check(b"\x1b[<0;0;65536M\x1b[<0;65537;1M", {
        "[Press(Left) 0,65535] [unknown \\x1b[<0;65537;1M]"
    });
    check(b"\x1b[M %*\x1b[M\"%*\x1b[M#%*", {
        "[Press(Left) 4,9] [Press(Right) 4,9] [Release(Right) 4,9]"
    });
    check(b"\x1b[M \xff\xfex", "[Press(Left) 222,221] x");
    check(b"\x1b[32;5;10M\x1b[35;5;10M", "[Press(Left) 4,9] [Release(Left) 4,9]");
    check(b"\x1b[M \x03\x1b[<0;1M\x1b[<64;1;1ma", {
        "[unknown \\x1b[M ] C-c [unknown \\x1b[<0;1M] [unknown \\x1b[<64;1;1m] a"
    });
}

#[test]
fn focus_and_paste() {
    check(b"\x1b[I\x1b[O", "[focus true] [focus false]");
    check(b"\x1b[200~ls\r\x03\x1b[A\x1b[201~x", "[paste true \"ls\\r\\u{3}\\u{1b}[A\" true] x");
    check(b"\x1b[200~\x1b[201~", "[paste true \"\" true]");
    check(b"\x1b[200~\x1b\x1b[20\x1b[201\x1b[201~", {
        "[paste true \"\\u{1b}\\u{1b}[20\\u{1b}[201\" true]"
    });
    check(b"\x1b[200~a\xffb\xed\x95\x1b[201~", "[paste true \"a\u{fffd}b\u{fffd}\" true]");
    check(b"\x1b[201~x", "[unknown \\x1b[201~] x");
}

#[test]
fn a_long_paste_comes_in_whole_characters() {
    let text = "한".repeat(20_000);
    let bytes = [b"\x1b[200~", text.as_bytes(), b"\x1b[201~"].concat();
    let mut whole = String::new();
    let events = said(&bytes);
    let count = events.len();
    assert_eq!(count, 60_000 / paste::PASTE_CHUNK + 1);
    for (place, event) in events.into_iter().enumerate() {
        let StdinEvent::Paste(chunk) = event else { panic!("{event:?}") };
        assert_eq!((chunk.first, chunk.last), (place == 0, place + 1 == count));
        assert!(chunk.text.len() <= paste::PASTE_CHUNK);
        whole.push_str(&chunk.text);
    }
    assert_eq!(whole, text);
}

#[test]
fn answers_in_control_sequences() {
    assert_eq!(reply(b"\x1b[?62;22;52c"), TerminalReply::PrimaryAttributes(vec![62, 22, 52]));
    assert_eq!(reply(b"\x1b[>41;354;0c"), TerminalReply::SecondaryAttributes(vec![41, 354, 0]));
    let mode = |mode, private, state| TerminalReply::Mode { mode, private, state };
    assert_eq!(reply(b"\x1b[?2026;2$y"), mode(2026, true, ModeState::Reset));
    assert_eq!(reply(b"\x1b[?2048;0$y"), mode(2048, true, ModeState::Unknown));
    assert_eq!(reply(b"\x1b[4;1$y"), mode(4, false, ModeState::Set));
    assert_eq!(reply(b"\x1b[?1u"), TerminalReply::KeyboardFlags(KittyFlags::DISAMBIGUATE));
    assert_eq!(reply(b"\x1b[?0u"), TerminalReply::KeyboardFlags(KittyFlags::empty()));
    assert_eq!(reply(b"\x1b[>4;2m"), TerminalReply::ModifyOtherKeys(2));
    assert_eq!(reply(b"\x1b[?5;10R"), TerminalReply::CursorPosition { col: 9, row: 4 });
    assert_eq!(reply(b"\x1b[5;10R"), TerminalReply::CursorPosition { col: 9, row: 4 });
    assert_eq!(reply(b"\x1b[0n"), TerminalReply::Ok);
    assert_eq!(reply(b"\x1b[?997;1n"), TerminalReply::Theme(Theme::Dark));
    assert_eq!(reply(b"\x1b[?997;2n"), TerminalReply::Theme(Theme::Light));
    let size = Size { cols: 80, rows: 24 };
    let pixels = PixelSize { width: 640, height: 384 };
    assert_eq!(reply(b"\x1b[48;24;80;384;640t"), TerminalReply::Resized { size, pixels });
    let unknown = PixelSize::default();
    assert_eq!(reply(b"\x1b[48;24;80t"), TerminalReply::Resized { size, pixels: unknown });
    assert_eq!(reply(b"\x1b[8;24;80t"), TerminalReply::TextArea(size));
    assert_eq!(reply(b"\x1b[4;384;640t"), TerminalReply::WindowPixels(pixels));
    let cell = PixelSize { width: 8, height: 16 };
    assert_eq!(reply(b"\x1b[6;16;8t"), TerminalReply::CellPixels(cell));
}

#[test]
fn a_position_that_was_asked_for_is_no_key() {
    let mut parser = StdinParser::default();
    let mut out = Vec::new();
    parser.expect_cursor_position();
    parser.feed(b"\x1b[1;2R\x1b[1;2R", Instant::now(), &mut out);
    assert_eq!(line(&out), "[CursorPosition { col: 1, row: 0 }] S-F3");
}

#[test]
fn answers_in_strings() {
    let color =
        |slot, red, green, blue| TerminalReply::Color { slot, rgb: Rgb { red, green, blue } };
    assert_eq!(
        reply(b"\x1b]10;rgb:ffff/8080/0000\x1b\\"),
        color(ColorSlot::Foreground, 255, 128, 0)
    );
    assert_eq!(reply(b"\x1b]11;rgb:1e/1e/2e\x07"), color(ColorSlot::Background, 30, 30, 46));
    assert_eq!(reply(b"\x1b]12;#102030\x07"), color(ColorSlot::Cursor, 16, 32, 48));
    assert_eq!(reply(b"\x1b]4;7;rgba:f/f/f/0\x07"), color(ColorSlot::Palette(7), 255, 255, 255));
    let name = TerminalReply::Version("XTerm(390)".into());
    assert_eq!(reply(b"\x1bP>|XTerm(390)\x1b\\"), name);
    assert_eq!(reply(b"\x1bP!|00000000\x1b\\"), TerminalReply::UnitId("00000000".into()));
    let setting = TerminalReply::Setting(Some("0;4:3m".into()));
    assert_eq!(reply(b"\x1bP1$r0;4:3m\x1b\\"), setting);
    assert_eq!(reply(b"\x1bP0$r\x1b\\"), TerminalReply::Setting(None));
    let capability = TerminalReply::Capability(Some(("RGB".into(), "8".into())));
    assert_eq!(reply(b"\x1bP1+r524742=38\x1b\\"), capability);
    let flag = TerminalReply::Capability(Some(("Tc".into(), String::new())));
    assert_eq!(reply(b"\x1bP1+r5463\x1b\\"), flag);
    assert_eq!(reply(b"\x1bP0+r5463\x1b\\"), TerminalReply::Capability(None));
    assert_eq!(reply(b"\x1b_Gi=1;OK\x1b\\"), TerminalReply::Graphics("i=1;OK".into()));
    check(b"\x1b]11;red\x07\x1bP1+r5\x1b\\x", "[unknown \\x1b]11;red] [unknown \\x1bP1+r5] x");
}

#[test]
fn the_background_tells_the_theme() {
    let rgb = |red, green, blue| Rgb { red, green, blue };
    assert!(rgb(0, 0, 0).is_dark());
    assert!(rgb(30, 30, 46).is_dark());
    assert!(!rgb(253, 246, 227).is_dark());
    assert!(!rgb(0, 255, 0).is_dark());
    assert!(rgb(0, 0, 255).is_dark());
}

#[test]
fn bad_bytes_hold_nothing_up() {
    check(b"\x80a\xffb\xc3(\xe2\x82x\xed\xa0\x80y", {
        "[unknown \\x80] a [unknown \\xff] b [unknown \\xc3] ( [unknown \\xe2\\x82] x \
         [unknown \\xed\\xa0] [unknown \\x80] y"
    });
    check(b"\xc2\x9b1;5A", "[unknown \\xc2\\x9b] 1 ; 5 A");
    check(b"\x1b[1;\x03\x1b[1;\x1b[A", "[unknown \\x1b[1;] C-c [unknown \\x1b[1;] Up");
    check(b"\x1b]11;rgb\x03\x1b]11;\x1b[A", "[unknown \\x1b]11;rgb] C-c [unknown \\x1b]11;] Up");
    check(b"\x1b[1;\xed\x95\x9c", "[unknown \\x1b[1;] 한");
    check(b"\x1b[99999999999u\x1b[1:2:3;;;~\x1b[ q\x1b[1 2A", {
        "[unknown \\x1b[99999999999u] Home [unknown \\x1b[ q] [unknown \\x1b[1 2A]"
    });
}

#[test]
fn every_buffer_has_a_cap() {
    let now = Instant::now();
    for start in [&b"\x1b["[..], b"\x1bO", b"\x1b]1", b"\x1bP1", b"\x1b_G", b"\x1b[200~"] {
        let mut parser = StdinParser::default();
        let mut out = Vec::new();
        parser.feed(start, now, &mut out);
        for _ in 0..1000 {
            parser.feed(&[b'1'; 100], now, &mut out);
            assert!(parser.pending.len() <= STRING_MAX);
        }
        for event in &out {
            match event {
                StdinEvent::Unknown(bytes) => assert!(bytes.len() <= STRING_MAX),
                StdinEvent::Paste(chunk) => assert!(chunk.text.len() <= paste::PASTE_CHUNK),
                _ => {}
            }
        }
        out.clear();
        // Each has its own way out, and none needs time.
        parser.feed(b"\x1b[201~\x07", now, &mut out);
        out.clear();
        parser.feed(b"x", now, &mut out);
        assert_eq!(line(&out), "x", "after {}", start.escape_ascii());
    }
    let mut many = b"\x1b[".to_vec();
    many.extend(b";".repeat(100));
    many.extend(b"Ax");
    let events = said(&many);
    assert!(matches!(events.as_slice(), [StdinEvent::Unknown(_), StdinEvent::Key(_)]));
}

#[test]
fn the_wheel_and_the_press_are_told_apart() {
    let kinds: Vec<_> = said(b"\x1b[<64;1;1M\x1b[<0;1;1M")
        .into_iter()
        .filter_map(
            |event| if let StdinEvent::Mouse(mouse) = event { Some(mouse.kind) } else { None },
        )
        .collect();
    assert_eq!(kinds, [MouseKind::Wheel(WheelDirection::Up), MouseKind::Press(MouseButton::Left)]);
}
