//! What a peer that breaks the rules of the frames meets, what is urgent, and what one end holds at most.

use tokio::time::Instant;

use super::core::{BOTH, Core, ONE};
use super::frame::{self, Breach, HEADER, Header, LONGEST, put};
use crate::{CloseReason, RecvError, SendError, StreamCode};

/// Two ends, and what they have said and the other has not heard.
struct Pair {
    client: Core,
    server: Core,
    now: Instant,
}

impl Pair {
    fn new() -> Self {
        let now = Instant::now();
        let [client, server] = [true, false].map(|is_client| Core::new(is_client, 1 << 18, now));
        Self { client, server, now }
    }

    fn authorised() -> Self {
        let mut pair = Self::new();
        pair.server.authorize();
        pair.settle();
        pair
    }

    /// Everything that either has to say is said and heard.
    fn settle(&mut self) {
        loop {
            let mut said = Vec::new();
            self.client.fill(&mut said, self.now);
            let mut answered = Vec::new();
            hear(&mut self.server, &said, self.now).expect("the client keeps the rules");
            self.server.fill(&mut answered, self.now);
            hear(&mut self.client, &answered, self.now).expect("the server keeps the rules");
            if said.is_empty() && answered.is_empty() {
                return;
            }
        }
    }
}

fn hear(end: &mut Core, mut bytes: &[u8], now: Instant) -> Result<(), Breach> {
    while let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() {
        let header = Header::parse(*header)?;
        let (contents, rest) = rest.split_at(header.length);
        end.receive(header, contents, now)?;
        bytes = rest;
    }
    Ok(())
}

/// What a fresh server makes of some frames.
fn verdict(frames: &[(u8, u32, &[u8])]) -> Result<(), Breach> {
    let mut pair = Pair::new();
    let mut bytes = Vec::new();
    frames.iter().for_each(|(kind, id, contents)| put(&mut bytes, *kind, *id, &[contents]));
    hear(&mut pair.server, &bytes, pair.now)
}

#[test]
fn the_rules_are_held() {
    let full = [0; LONGEST];
    let code = 7_u32.to_le_bytes();
    let many = u64::MAX.to_le_bytes();
    let broken: &[&[(u8, u32, &[u8])]] = &[
        // Opened out of order, twice, as the server's own, as a third of two, as no stream.
        &[(frame::OPEN, 4, &[])],
        &[(frame::OPEN, 0, &[]), (frame::OPEN, 0, &[])],
        &[(frame::OPEN, 1, &[])],
        &[(frame::OPEN, 0, &[]), (frame::OPEN, 4, &[]), (frame::OPEN, 8, &[])],
        &[(frame::OPEN, u32::MAX, &[])],
        // Spoken of and never opened.
        &[(frame::DATA, 0, b"x")],
        &[(frame::RESET, 1, &code)],
        &[(frame::STOP, 3, &code)],
        &[(frame::CREDIT, 0, &many)],
        // More than a stranger may have under way; more than a frame may carry.
        &[(frame::OPEN, 0, &[]), (frame::DATA, 0, &full), (frame::DATA, 0, b"x")],
        // The other direction's, or behind the end.
        &[(frame::OPEN, 2, &[]), (frame::STOP, 2, &code)],
        &[(frame::OPEN, 2, &[]), (frame::CREDIT, 2, &many)],
        &[(frame::OPEN, 2, &[]), (frame::FINISH, 2, &[]), (frame::DATA, 2, b"x")],
        &[(frame::OPEN, 0, &[]), (frame::ARRIVED, 0, &[])],
        &[(frame::STREAMS, 1, &many)],
        // Lengths that a kind cannot have.
        &[(frame::OPEN, 0, b"x")],
        &[(frame::RESET, 0, b"x")],
        &[(frame::PING, u32::MAX, &[0; 33])],
        &[(frame::CLOSE, u32::MAX, b"x")],
        &[(99, 0, &[0; LONGEST + 1])],
    ];
    for frames in broken {
        assert!(verdict(frames).is_err(), "{frames:?}");
    }
    let sound: &[&[(u8, u32, &[u8])]] = &[
        &[(frame::OPEN, 0, &[]), (frame::DATA, 0, &full)],
        &[(frame::OPEN, 2, &[]), (frame::FINISH, 2, &[]), (frame::RESET, 2, &code)],
        &[(frame::STREAMS, 2, &many), (frame::CREDIT, u32::MAX, &many)],
        // What comes with a later version is skipped.
        &[(99, 5, &full)],
    ];
    for frames in sound {
        assert_eq!(verdict(frames), Ok(()), "{frames:?}");
    }
}

#[test]
fn a_stranger_opens_few_streams_until_some_are_over() {
    let mut pair = Pair::new();
    let first = pair.client.open(BOTH).expect("the first is allowed");
    pair.client.open(BOTH).expect("the second is allowed");
    assert_eq!(pair.client.open(BOTH), None);
    pair.client.finish(first).expect("it is open");
    pair.settle();
    assert_eq!(pair.server.accept(BOTH), Some(first));
    pair.server.stop(first, StreamCode::CANCELLED);
    pair.server.reset(first, StreamCode::CANCELLED);
    pair.server.let_go(first, true);
    pair.server.let_go(first, false);
    pair.settle();
    assert!(pair.client.open(BOTH).is_some(), "one is over, another may begin");
    assert_eq!(pair.client.open(BOTH), None);
}

#[test]
fn the_urgent_goes_first_and_equals_take_turns() {
    let mut pair = Pair::authorised();
    let slow = [(); 2].map(|()| pair.client.open(ONE).expect("it is allowed"));
    let urgent = pair.client.open(ONE).expect("it is allowed");
    for id in slow {
        let taken = pair.client.write(id, &[1; 60_000]).expect("there is room");
        assert_eq!(taken, Ok(60_000));
    }
    pair.client.set_priority(urgent, 5);
    let _taken = pair.client.write(urgent, b"now").expect("there is room");
    let mut order = Vec::new();
    for _ in 0..5 {
        let mut said = Vec::new();
        pair.client.fill(&mut said, pair.now);
        let mut rest = said.as_slice();
        while let Some((header, bytes)) = rest.split_first_chunk::<HEADER>() {
            let header = Header::parse(*header).expect("it is ours");
            if header.kind == frame::DATA {
                order.push(header.stream);
            }
            rest = &bytes[header.length..];
        }
    }
    assert_eq!(order[..5], [urgent, slow[0], slow[1], slow[0], slow[1]]);
}

#[test]
fn the_urgent_has_room_where_the_bulky_has_filled_its_part() {
    let mut pair = Pair::authorised();
    for _ in 0..4 {
        let bulky = pair.server.open(ONE).expect("it is allowed");
        while pair.server.write(bulky, &[1; 10_000]).is_some() {}
    }
    let urgent = pair.server.open(ONE).expect("it is allowed");
    assert_eq!(pair.server.write(urgent, b"now"), None, "it is as the others");
    pair.server.set_priority(urgent, 5);
    assert_eq!(pair.server.write(urgent, b"now"), Some(Ok(3)));
}

#[test]
fn a_request_has_room_where_what_nobody_waits_for_has_filled_its_part() {
    let mut pair = Pair::authorised();
    for _ in 0..4 {
        let bulky = pair.server.open(ONE).expect("it is allowed");
        pair.server.set_priority(bulky, -2);
        while pair.server.write(bulky, &[1; 10_000]).is_some() {}
    }
    let request = pair.server.open(ONE).expect("it is allowed");
    assert_eq!(pair.server.write(request, &[1; 60_000]), Some(Ok(60_000)));
}

/// What is sent in bulk keeps to half of it. An end of before gave 1 MiB, and would be filled.
#[test]
fn how_much_the_other_end_lets_be_under_way_is_known_from_what_it_gives() {
    let mut pair = Pair::authorised();
    let most = u64::from(crate::transport::WINDOW_BYTES);
    assert_eq!((pair.client.their_window, pair.server.their_window), (most, most / 4));
    pair.client.authorize();
    pair.settle();
    assert_eq!(pair.server.their_window, most);
    let mut before = Pair::new();
    let mut said = Vec::new();
    put(&mut said, frame::CREDIT, frame::CONNECTION, &[&(most / 4).to_le_bytes()]);
    hear(&mut before.client, &said, before.now).expect("it is a frame of ours");
    assert_eq!(before.client.their_window, most / 4);
}

#[test]
fn a_stream_that_carries_much_gets_the_window_of_one_over_quic_and_one_that_does_not_no_word() {
    let mut pair = Pair::authorised();
    let id = pair.client.open(ONE).expect("it is allowed");
    let credit = |pair: &Pair| pair.client.streams[&id].send.as_ref().expect("it sends").credit;
    let mut room = [0; 20_000];
    for count in 1..=8 {
        assert_eq!(pair.client.write(id, &[1; 10_000]), Some(Ok(10_000)));
        pair.settle();
        assert_eq!(pair.server.read(id, &mut room), Some(Ok(10_000)));
        pair.settle();
        let much = u64::from(crate::transport::STREAM_WINDOW_BYTES);
        let expected = if count < 7 { 256 * 1024 } else { 70_000 + much };
        assert_eq!(credit(&pair), expected, "after {count}");
        if count == 1 {
            pair.server.accept(ONE);
        }
    }
}

#[test]
fn whoever_has_used_all_permits_gets_one_for_each_that_is_over() {
    let mut pair = Pair::authorised();
    let all: Vec<u32> = std::iter::from_fn(|| pair.client.open(ONE)).collect();
    assert_eq!(all.len(), 256);
    pair.settle();
    pair.client.reset(all[0], StreamCode::CANCELLED);
    pair.client.let_go(all[0], true);
    pair.settle();
    pair.server.stop(all[0], StreamCode::CANCELLED);
    pair.server.let_go(all[0], false);
    pair.settle();
    assert!(pair.client.open(ONE).is_some(), "it would wait for the others as long as they live");
    assert_eq!(pair.client.open(ONE), None);
}

#[test]
fn a_connection_whose_numbers_are_used_up_is_over() {
    let mut pair = Pair::authorised();
    (pair.client.ours[ONE].count, pair.client.ours[ONE].allowed) =
        (u64::from(u32::MAX >> 2), u64::MAX);
    assert_eq!(pair.client.open(ONE), None);
    assert_eq!(pair.client.over(), Some(CloseReason::Local));
}

/// The client stopped a stream and had no time to say so before it heard of the stream's end: then it said
/// neither that nor that all had arrived, and both ends kept the stream for ever.
#[test]
fn a_stop_that_was_not_said_before_the_end_came_leaves_nothing_behind() {
    let mut pair = Pair::authorised();
    let id = pair.server.open(ONE).expect("it is allowed");
    let _taken = pair.server.write(id, b"an answer").expect("there is room");
    pair.settle();
    assert_eq!(pair.client.accept(ONE), Some(id));
    pair.client.stop(id, StreamCode::CANCELLED);
    pair.client.let_go(id, false);
    pair.server.finish(id).expect("it is open");
    let mut said = Vec::new();
    pair.server.fill(&mut said, pair.now);
    hear(&mut pair.client, &said, pair.now).expect("the server keeps the rules");
    pair.server.let_go(id, true);
    pair.settle();
    assert_eq!((pair.client.streams.len(), pair.server.streams.len()), (0, 0));
}

#[test]
fn a_stream_that_waits_holds_nothing() {
    let mut pair = Pair::authorised();
    let id = pair.client.open(ONE).expect("it is allowed");
    assert_eq!(pair.client.write(id, &[1; 10_000]), Some(Ok(10_000)));
    pair.settle();
    assert_eq!(pair.server.accept(ONE), Some(id));
    assert_eq!(pair.server.read(id, &mut [0; 20_000]), Some(Ok(10_000)));
    let sending = pair.client.streams[&id].send.as_ref().expect("it is the client's");
    let receiving = pair.server.streams[&id].recv.as_ref().expect("it is the client's");
    assert_eq!((sending.queue.capacity(), receiving.buffer.capacity()), (0, 0));
}

#[test]
fn what_is_reset_before_it_left_never_leaves_and_gives_its_room_back() {
    let mut pair = Pair::authorised();
    let late = pair.client.open(ONE).expect("it is allowed");
    let filled = std::iter::from_fn(|| pair.client.write(late, &[7; 10_000])).count();
    assert!(filled > 0 && filled < 100, "a queue has a bound: {filled}");
    pair.client.reset(late, StreamCode::SUPERSEDED);
    let newer = pair.client.open(ONE).expect("it is allowed");
    assert_eq!(pair.client.write(newer, b"newest"), Some(Ok(6)));
    let mut said = Vec::new();
    pair.client.fill(&mut said, pair.now);
    assert!(said.len() < 200, "{} bytes", said.len());
    hear(&mut pair.server, &said, pair.now).expect("the client keeps the rules");
    let mut room = [0; 10];
    assert_eq!(pair.server.accept(ONE), Some(late));
    let reset = Some(Err(RecvError::Reset(StreamCode::SUPERSEDED)));
    assert_eq!(pair.server.read(late, &mut room), reset);
    assert_eq!(pair.server.accept(ONE), Some(newer));
    assert_eq!(pair.server.read(newer, &mut room), Some(Ok(6)));
}

#[test]
fn thousands_of_streams_leave_nothing_behind() {
    let mut pair = Pair::authorised();
    for n in 0..5_000_u32 {
        let id = pair.server.open(ONE).expect("those that are over make room");
        let _taken = pair.server.write(id, &[1; 3000]).expect("credit comes back");
        match n % 3 {
            0 => pair.server.finish(id).expect("it is open"),
            1 => pair.server.reset(id, StreamCode::SUPERSEDED),
            _ => {}
        }
        pair.settle();
        assert_eq!(pair.client.accept(ONE), Some(id));
        if n % 3 == 0 {
            let mut room = [0; 4000];
            assert_eq!(pair.client.read(id, &mut room), Some(Ok(3000)));
            assert_eq!(pair.client.read(id, &mut room), Some(Ok(0)));
        }
        pair.client.stop(id, StreamCode::CANCELLED);
        pair.client.let_go(id, false);
        pair.settle();
        pair.server.reset(id, StreamCode::CANCELLED);
        pair.server.let_go(id, true);
        pair.settle();
        assert_eq!((pair.client.streams.len(), pair.server.streams.len()), (0, 0), "after {n}");
    }
}

#[test]
fn what_came_before_the_goodbye_can_still_be_read() {
    let mut pair = Pair::authorised();
    let id = pair.client.open(BOTH).expect("it is allowed");
    let _taken = pair.client.write(id, b"last").expect("there is room");
    pair.settle();
    assert_eq!(pair.server.accept(BOTH), Some(id));
    pair.client.close(crate::CloseCode::OK, b"done");
    pair.settle();
    let closed = CloseReason::Peer { code: crate::CloseCode::OK, reason: "done".into() };
    assert_eq!(pair.server.write(id, b"x"), Some(Err(SendError::Connection(closed.clone()))));
    let mut room = [0; 10];
    assert_eq!(pair.server.read(id, &mut room), Some(Ok(4)));
    assert_eq!(pair.server.read(id, &mut room), Some(Err(RecvError::Connection(closed))));
}
