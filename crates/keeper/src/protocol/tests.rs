//! Frames as frozen bytes, there and back, and everything that is no frame.

use std::fs::File;

use super::*;
use crate::custody::PaneFds;

fn ulid() -> PaneUlid {
    "01K0ABCDEFGHJKMNPQRSTVWXYZ".parse().unwrap()
}

fn fd() -> Arc<OwnedFd> {
    Arc::new(File::open("/dev/null").unwrap().into())
}

fn set() -> CustodySet {
    CustodySet {
        ulid: ulid(),
        terms: Terms { hard_cap: 0x0102, rotate_bytes: 0x0304 },
        pid: 0x0506,
        exit: Some(ExitStatus::Signal(9)),
        fds: PaneFds::from_array([fd(), fd(), fd(), fd(), fd()]),
    }
}

fn requests() -> Vec<Request> {
    let (ulid, size) = (ulid(), Size { cols: 80, rows: 24 });
    let server = Some(ServerHandle { pidfd: fd(), spec: fd() });
    let hello =
        |role, server| Request::Hello { role, oldest: 1, newest: 2, build: "b".to_owned(), server };
    vec![
        hello(Role::Server, server),
        hello(Role::Spare, None),
        Request::Open { ulid, size, terms: Terms { hard_cap: 1, rotate_bytes: 2 }, spec: fd() },
        Request::Adopt { sets: vec![set()] },
        Request::Resize { ulid, size },
        Request::Signal { ulid, signal: 15, target: SignalTarget::Leader },
        Request::Close { ulid },
        Request::Trimmed { ulid, first: Offset(0x0708) },
        Request::Poke { ulid },
        Request::Park { name: "udp".to_owned(), fd: fd() },
        Request::Unpark { name: "udp".to_owned() },
        Request::List { after: None },
        Request::List { after: Some(ulid) },
        Request::Status,
        Request::CleanStop,
        Request::Shutdown { kill: true },
        Request::Upgrade { exe: "/c".into() },
        Request::Typed { ulid },
        Request::Sealed { ulid, first: Offset(0x0708) },
        Request::OpenUnrecorded {
            ulid,
            size,
            terms: Terms { hard_cap: 1, rotate_bytes: 2 },
            spec: fd(),
        },
        Request::Forget { ulid, from: Offset(0x0506), to: Offset(0x0708) },
        Request::Record { ulid, on: true },
        Request::CellPixels { ulid, cell: CellPixels { width: 9, height: 18 } },
    ]
}

fn responses() -> Vec<Response> {
    let waiting = PaneState::Waiting(Wait::DiskError { errno: 5 });
    let pane =
        |state| PaneStatus { ulid: ulid(), pid: 2, state, flooding: true, offset: Offset(3) };
    vec![
        Response::Done,
        Response::Refused(Refusal { reason: Reason::NotFound, errno: 2, detail: "vim".to_owned() }),
        Response::Welcome {
            version: 1,
            pid: 2,
            moves: Moves::Splice,
            build: "b".to_owned(),
            pidfd: fd(),
        },
        Response::Opened { existing: true, set: set() },
        Response::Adopted { taken: 3 },
        Response::Resized { offset: Offset(4) },
        Response::Unparked { fd: fd() },
        Response::Panes { more: true, panes: vec![pane(waiting), pane(PaneState::Moving)] },
        Response::Status(Status {
            version: 1,
            pid: 2,
            spare: 3,
            server: 4,
            moves: Moves::ReadWrite,
            panes: 5,
            waiting: 6,
            flooding: 7,
            parked: 8,
            fd_limit: 9,
            oom_score_adj: -900,
        }),
    ]
}

fn notices() -> Vec<Notice> {
    let (ulid, status) = (ulid(), ExitStatus::Code(3));
    vec![
        Notice::Custody { sets: vec![set()] },
        Notice::Parked { name: "udp".to_owned(), fd: fd() },
        Notice::Synced,
        Notice::Exited { ulid, status, offset: Offset(5) },
        Notice::State { ulid, state: PaneState::Waiting(Wait::DiskFull) },
        Notice::State { ulid, state: PaneState::Ended(ExitStatus::Unknown) },
        Notice::Closed { ulid },
        Notice::Unparked { name: "udp".to_owned() },
        Notice::Server { server: Some(ServerHandle { pidfd: fd(), spec: fd() }) },
        Notice::Server { server: None },
        Notice::Retire,
        Notice::Upgraded { version: 1, build: "b".to_owned() },
    ]
}

/// Every kind of frame, with the name its golden bytes stand under.
fn frames() -> Vec<(String, Packet)> {
    let name = |value: &dyn std::fmt::Debug| {
        let text = format!("{value:?}");
        text.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()
    };
    let id = RequestId(7);
    let requests = requests().into_iter().map(|r| (format!("request {}", name(&r)), r.encode(id)));
    let responses =
        responses().into_iter().map(|r| (format!("response {}", name(&r)), r.encode(id)));
    let notices = notices().into_iter().map(|n| (format!("notice {}", name(&n)), n.encode()));
    requests.chain(responses).chain(notices).collect()
}

fn decode(name: &str, packet: Packet) -> Result<String, String> {
    if name.starts_with("request") {
        let asked = Asked::decode(packet).map_err(|error| error.to_string())?;
        return asked.request.map(|r| format!("{r:?}")).map_err(|refusal| format!("{refusal:?}"));
    }
    Message::decode(packet).map(|m| format!("{m:?}")).map_err(|error| error.to_string())
}

#[test]
fn every_frame_has_its_frozen_bytes() {
    let golden = include_str!("golden.txt");
    let frames = frames().into_iter().map(|(name, packet)| {
        let hex: String = packet.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{name}: {hex}\n")
    });
    // Lines are only ever added: a keeper of the first release must understand every later server.
    assert_eq!(frames.collect::<String>(), golden);
}

#[test]
fn what_is_encoded_decodes_to_the_same_frame() {
    for (name, packet) in frames() {
        let again = if name.starts_with("request") {
            let Asked { id, request } = Asked::decode(packet.clone()).unwrap();
            request.unwrap().encode(id)
        } else {
            match Message::decode(packet.clone()).unwrap() {
                Message::Response { id, response } => response.encode(id),
                Message::Notice(notice) => notice.encode(),
                Message::Unknown { number } => panic!("{name}: {number}"),
            }
        };
        assert_eq!(again.bytes, packet.bytes, "{name}");
        let same = |(a, b): (&Arc<OwnedFd>, &Arc<OwnedFd>)| Arc::ptr_eq(a, b);
        assert!(again.fds.iter().zip(&packet.fds).all(same), "{name}");
        assert_eq!(again.fds.len(), packet.fds.len(), "{name}");
    }
}

#[test]
fn a_frame_cut_anywhere_is_refused() {
    for (name, packet) in frames() {
        for len in 0..packet.bytes.len() {
            let cut = Packet { bytes: packet.bytes[..len].to_vec(), fds: packet.fds.clone() };
            assert!(decode(&name, cut).is_err(), "{name} cut to {len}");
        }
    }
}

#[test]
fn a_frame_with_more_than_its_body_is_refused() {
    for (name, mut packet) in frames() {
        packet.bytes.push(0);
        assert!(decode(&name, packet).is_err(), "{name}");
    }
}

#[test]
fn a_frame_with_other_descriptors_than_it_says_is_refused() {
    for (name, packet) in frames() {
        let mut more = packet.clone();
        more.fds.push(fd());
        assert!(decode(&name, more).is_err(), "{name} with one more");
        if !packet.fds.is_empty() {
            let mut fewer = packet.clone();
            fewer.fds.pop();
            assert!(decode(&name, fewer).is_err(), "{name} with one less");
            // Said honestly, and still not what the body needs.
            let mut honest = packet.clone();
            honest.fds.pop();
            honest.bytes[2] -= 1;
            assert!(decode(&name, honest).is_err(), "{name} with one less, and saying so");
        }
    }
}

#[test]
fn no_flipped_bit_panics_or_asks_for_memory() {
    let mut outcomes = [0, 0];
    for (name, packet) in frames() {
        for bit in 0..packet.bytes.len() * 8 {
            let mut flipped = packet.clone();
            flipped.bytes[bit / 8] ^= 1 << (bit % 8);
            outcomes[usize::from(decode(&name, flipped).is_ok())] += 1;
        }
    }
    // Many numbers may have any value; names, kinds and lengths may not.
    assert!(outcomes.iter().all(|count| *count > 500), "{outcomes:?}");
}

#[test]
fn an_oversize_frame_is_refused_before_it_is_read() {
    let packet = Packet { bytes: vec![0; MAX_FRAME + 1], fds: Vec::new() };
    assert_eq!(Message::decode(packet.clone()).unwrap_err(), WireError::Oversize);
    assert_eq!(Asked::decode(packet).unwrap_err(), WireError::Oversize);
}

#[test]
fn an_unknown_request_is_refused_and_an_unknown_notice_skipped() {
    let unknown = |id| Packet::new(0x3abc, id, |out| out.raw(b"from the future"));
    let asked = Asked::decode(unknown(9)).unwrap();
    assert_eq!(asked.id, RequestId(9));
    assert_eq!(asked.request.unwrap_err().reason, Reason::UnknownRequest);
    assert!(matches!(Message::decode(unknown(0)), Ok(Message::Unknown { number: 0x3abc })));
    assert!(matches!(Message::decode(unknown(9)), Ok(Message::Unknown { number: 0x3abc })));
}

#[test]
fn a_request_without_an_id_ends_the_connection() {
    let packet = Request::Status.encode(RequestId(0));
    assert_eq!(Asked::decode(packet).unwrap_err(), WireError::Value { what: "request id" });
}

#[test]
fn values_that_mean_nothing_are_refused() {
    let (ulid, id) = (ulid(), RequestId(1));
    let size = |cols, rows| Request::Resize { ulid, size: Size { cols, rows } }.encode(id);
    let terms = |hard_cap, rotate_bytes| {
        let terms = Terms { hard_cap, rotate_bytes };
        Request::Open { ulid, size: Size { cols: 1, rows: 1 }, terms, spec: fd() }.encode(id)
    };
    let signal = |signal| Request::Signal { ulid, signal, target: SignalTarget::Leader }.encode(id);
    let lower = {
        let mut packet = Request::Close { ulid }.encode(id);
        packet.bytes.make_ascii_lowercase();
        packet
    };
    for packet in [size(0, 1), size(1, 0), terms(0, 1), terms(1, 0), signal(0), signal(65), lower] {
        let refusal = Asked::decode(packet).unwrap().request.unwrap_err();
        assert_eq!(refusal.reason, Reason::Malformed);
    }
}

#[test]
fn full_frames_stay_under_the_limit() {
    let sets = vec![set(); SETS_PER_FRAME];
    let packet = Notice::Custody { sets }.encode();
    assert!(packet.fds.len() <= MAX_FDS && packet.bytes.len() <= MAX_FRAME);
    let pane = PaneStatus {
        ulid: ulid(),
        pid: 1,
        state: PaneState::Moving,
        flooding: false,
        offset: Offset(1),
    };
    let panes = vec![pane; PaneStatus::PER_FRAME];
    let packet = Response::Panes { more: true, panes }.encode(RequestId(1));
    assert!(packet.bytes.len() <= MAX_FRAME, "{}", packet.bytes.len());
    assert!(Message::decode(packet).is_ok());
}

#[test]
fn long_text_is_cut_between_characters() {
    let refusal = Refusal::new(Reason::Os, "가".repeat(1000));
    let packet = Response::Refused(refusal).encode(RequestId(1));
    let Ok(Message::Response { response: Response::Refused(refusal), .. }) =
        Message::decode(packet)
    else {
        panic!("a refusal");
    };
    assert_eq!(refusal.detail, "가".repeat(341));
}

#[test]
fn reasons_of_a_newer_keeper_are_kept() {
    for reason in [Reason::UnknownRequest, Reason::Os, Reason::Other(999)] {
        let packet = Response::Refused(Refusal::new(reason, "")).encode(RequestId(1));
        let Ok(Message::Response { response: Response::Refused(refusal), .. }) =
            Message::decode(packet)
        else {
            panic!("a refusal");
        };
        assert_eq!(refusal.reason, reason);
    }
}
