//! Where a player is after what was done to it, and what it then asks for.

use ccc_client::proto::{ReplayCommand, ReplayInfo, ReplayPoint};

use super::*;

/// Ten seconds of output, a byte each 100 ms, with a pause of a minute in the middle; two commands, of
/// which the second failed.
fn recording(running: bool) -> Recording {
    info(running).into()
}

fn info(running: bool) -> ReplayInfo {
    let point = |n: u64| ReplayPoint {
        offset: n,
        at_us: (n * 100 + if n >= 50 { 60_000 } else { 0 }) * 1000,
    };
    let command = |mark, exit| ReplayCommand {
        mark,
        to: Some(mark + 20),
        text: format!("command {mark}"),
        exit: Some(exit),
    };
    ReplayInfo {
        ulid: String::new(),
        pane: None,
        session: "work".into(),
        command: "sh".into(),
        running,
        began_unix_ms: 1_764_000_000_000,
        first: 0,
        end: 100,
        duration_us: 69_900_000,
        points: (0..100).map(point).collect(),
        moments: Vec::new(),
        commands: vec![command(10, 0), command(60, 2)],
        ext: ccc_client::proto::Ext::none(),
    }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Answers whatever the player asks for, until it asks no more; gives the last place.
fn served(player: &mut Player, now: Instant) -> Option<Offset> {
    let mut last = None;
    while let Some(wish) = player.wish(now) {
        match wish {
            Wish::Screen(offset) => {
                last = Some(offset);
                player.took(Mirror::new(ccc_client::proto::PaneId(0)));
            }
            Wish::Recording => player.learned(recording(true)),
        }
    }
    last
}

#[test]
fn time_that_passes_is_played_and_idle_time_is_passed_over() {
    let start = Instant::now();
    let mut player = Player::new(recording(false), Start::Beginning, start);
    player.advance(start + ms(1050));
    assert_eq!((player.at, served(&mut player, start)), (ms(1050), Some(Offset(11))));
    // The pause is cut to two seconds, and what comes behind it begins at once.
    player.advance(start + ms(4900 + 1999));
    assert_eq!(player.offset(), Offset(50));
    player.advance(start + ms(4900 + 2000));
    assert_eq!(player.at, ms(65_000));
    // And a long jump of the clock is the same as many short ones.
    player.advance(start + ms(4900 + 2000 + 1000));
    assert_eq!((player.at, player.offset()), (ms(66_000), Offset(61)));
    player.advance(start + ms(60_000));
    assert_eq!((player.at, player.offset(), player.is_going()), (ms(69_900), Offset(100), false));
}

#[test]
fn speed_and_idle_time_are_settings_of_the_view() {
    let start = Instant::now();
    let mut player = Player::new(recording(false), Start::Beginning, start);
    player.set_idle_limit(None);
    player.act(Action::ReplayFaster, start);
    player.advance(start + ms(5000));
    assert_eq!(player.at, ms(10_000), "in the middle of the pause, at twice the speed");
    player.act(Action::ReplayIdle, start + ms(5000));
    player.advance(start + ms(5001));
    assert_eq!(player.at, ms(65_002), "it has waited long enough");
    player.set_speed(0.25);
    player.advance(start + ms(5401));
    assert_eq!(player.at, ms(65_102));
}

#[test]
fn steps_go_from_output_to_output_and_arrows_by_time() {
    let now = Instant::now();
    let mut player = Player::new(recording(false), Start::At(ms(1000)), now);
    assert_eq!(player.offset(), Offset(11));
    for (action, at) in [
        (Action::ReplayStep, 1100),
        (Action::ReplayStep, 1200),
        (Action::ReplayStepBack, 1100),
        (Action::ReplayForward, 6100),
        (Action::ReplayStep, 65_000),
        (Action::ReplayStepBack, 4900),
        (Action::ReplayBack, 0),
        (Action::ReplayFarForward, 60_000),
        (Action::ReplayEnd, 69_900),
        (Action::ReplayForward, 69_900),
        (Action::ReplayStart, 0),
    ] {
        player.act(action, now);
        assert_eq!(player.at, ms(at), "after {action:?}");
    }
}

#[test]
fn commands_are_gone_to_by_their_byte() {
    let now = Instant::now();
    let mut player = Player::new(recording(false), Start::End, now);
    player.act(Action::ReplayPreviousCommand, now);
    assert_eq!(served(&mut player, now), Some(Offset(60)));
    assert_eq!(player.command().map(|command| command.text.as_str()), Some("command 60"));
    player.act(Action::ReplayPreviousCommand, now);
    assert_eq!((player.offset(), player.at), (Offset(10), ms(900)));
    player.act(Action::ReplayPreviousCommand, now);
    assert_eq!(player.offset(), Offset(10), "there is none before");
    player.act(Action::ReplayNextFailure, now);
    assert_eq!(player.offset(), Offset(60));
    player.act(Action::ReplayPreviousFailure, now);
    assert_eq!(player.offset(), Offset(60), "the one before did not fail");
}

#[test]
fn one_screen_at_a_time_is_asked_for_and_the_newest_wish_counts() {
    let now = Instant::now();
    let mut player = Player::new(recording(false), Start::At(ms(1000)), now);
    assert_eq!(player.wish(now), Some(Wish::Screen(Offset(11))));
    player.act(Action::ReplayStep, now);
    player.act(Action::ReplayStep, now);
    assert_eq!(player.wish(now), None, "one is under way");
    player.took(Mirror::new(ccc_client::proto::PaneId(0)));
    assert_eq!(player.wish(now), Some(Wish::Screen(Offset(13))));
    player.failed("no such file".into());
    assert_eq!(player.wish(now), None, "what failed is not asked for again by itself");
    player.act(Action::ReplayStep, now);
    assert_eq!(player.wish(now), Some(Wish::Screen(Offset(14))));
}

/// At the end of a program that runs it waits for more, and goes on when there is.
#[test]
fn the_end_of_what_still_runs_is_followed() {
    let start = Instant::now();
    let mut player = Player::new(recording(true), Start::End, start);
    served(&mut player, start);
    player.act(Action::ReplayPause, start);
    player.advance(start + ms(1000));
    let due = player.next_deadline().unwrap();
    assert!(player.is_going() && due <= start + ms(1000) + REFRESH);
    assert_eq!(player.wish(start + ms(1000) + REFRESH), Some(Wish::Recording));
    let mut longer = recording(true);
    let point = |n: u64| ccc_client::Point { offset: Offset(n), at: ms(60_000 + n * 100) };
    let points = (0..120).map(point).collect();
    longer.line = ccc_client::Timeline::of(points, Vec::new(), 1, point(120));
    player.learned(longer);
    player.advance(start + ms(2500));
    assert!(player.offset() > Offset(105), "{:?}", player.offset());
}

#[test]
fn times_are_read_as_people_write_them() {
    let at = |text: &str| text.parse::<Start>();
    assert_eq!(at("start"), Ok(Start::Beginning));
    assert_eq!(at("end"), Ok(Start::End));
    assert_eq!(at("1:02:03"), Ok(Start::At(Duration::from_secs(3723))));
    assert_eq!(at("90"), Ok(Start::At(Duration::from_secs(90))));
    assert_eq!(at("5m"), Ok(Start::At(Duration::from_secs(300))));
    assert_eq!(at("-2h"), Ok(Start::Ago(Duration::from_secs(7200))));
    assert!(matches!(at("2026-11-29 22:41"), Ok(Start::Clock(ms)) if ms > 1_790_000_000_000));
    for wrong in ["", "soon", "1:x", "-", "99999999999999999999", "5w"] {
        assert!(at(wrong).is_err(), "{wrong}");
    }
}

/// Whoever looks at a place where bytes are missing is told how many, and why.
#[test]
fn what_is_missing_is_said_with_its_reason() {
    use ccc_client::proto::{
        Ext, GapReason, MomentKind, ReplayGap, ReplayMoment, WireExit, WireSize, replay_tag,
    };

    let start = Instant::now();
    let mut told = info(false);
    let (size, exit) = (WireSize::default(), WireExit::default());
    told.moments =
        vec![ReplayMoment { offset: 20, at_us: 2_000_000, kind: MomentKind::GAP, size, exit }];
    let gap = ReplayGap { from: 20, to: 30, reason: GapReason::FORGET };
    let mut ext = Ext::none();
    ext.push(replay_tag::GAPS, ReplayGap::encode(&[gap]));
    told.ext = ext;
    let bar = |at: &str| {
        let player = Player::new(told.clone().into(), at.parse().unwrap(), start);
        let words = crate::words::Language::English.words();
        let theme = crate::theme::Theme::named("dark").unwrap();
        let images = crate::app::Images::default();
        let graphics = crate::image::Graphics::Unknown;
        let shows = crate::view::images::Shows { graphics, images: &images, border: theme.border };
        let from = crate::image::ImageFrom::Recording(1);
        let looks = Looks { words, theme: &theme, plain: false, shows, from };
        let mut surface = crate::surface::Surface::new(ccc_vt::Size { cols: 100, rows: 24 });
        draw(&player, looks, ratatui::layout::Rect::new(0, 0, 100, 24), &mut surface);
        surface.text().lines().skip(21).collect::<Vec<_>>().join("\n")
    };
    assert!(bar("2s").contains("10B missing: forgotten"), "{}", bar("2s"));
    assert!(bar("8s").contains('≈'), "{}", bar("8s"));
    assert!(!bar("8s").contains("missing"), "{}", bar("8s"));
}
