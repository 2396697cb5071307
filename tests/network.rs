//! Another machine over networks as they are: packets are lost in bursts, late, doubled and out of order, the
//! address changes, nothing comes for a while, and there is too little room. The attach goes on, every key
//! arrives once, and an interrupt goes before what waits.

use std::time::{Duration, Instant};

use ccc_testkit::{Flood, Network, Process, Result, Sandbox, Size, Terminal, Weather, installed};

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);
/// The far side of the world, on a bad day.
const BAD: Weather = Weather {
    delay: Duration::from_millis(40),
    jitter: Duration::from_millis(15),
    loss: 0.2,
    burst: 3.0,
    doubled: 0.05,
    unordered: true,
    rate: None,
    largest: 65_536,
    down: false,
};

/// A server with a session, and another machine that knows it behind a network.
struct Far {
    server: Sandbox,
    client: Sandbox,
    network: Network,
}

impl Far {
    fn new(weather: Weather, script: &str) -> Result<Self> {
        Self::at(Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?, weather, script)
    }

    fn at(server: Sandbox, weather: Weather, script: &str) -> Result<Self> {
        let client = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
        server.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
        let link = server.ok(&["invite"])?;
        let pairing = client.ccc(&["pair", "-", "--name", "box"]);
        let paired = client.run_program(&pairing, link.as_bytes())?;
        assert_eq!(paired.code, Some(0), "{paired:?}");
        let hosts = client.json(&["hosts", "ls", "--json"])?;
        let address = hosts["hosts"][0]["addresses"][0].as_str().unwrap_or_default();
        let network = Network::to(address.parse().expect("an address"), weather, 7)?;
        client.ok(&["hosts", "add", "box", &network.address().to_string()])?;
        Ok(Self { server, client, network })
    }
}

/// Six images of 96 KiB, which a few at a time are fetched of.
const IMAGES: &str = "stty -echo; part=$(head -c 4096 /dev/zero | tr '\\0' A); \
    for place in 1:1 1:27 1:53 9:1 9:27 9:53; do \
    printf '\\033[%d;%dH\\033_Ga=T,f=24,s=256,v=128,c=26,r=7,q=2,m=1;\\033\\\\' ${place%:*} ${place#*:}; \
    for count in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31; do \
    printf '\\033_Gm=1;%s\\033\\\\' $part; done; printf '\\033_Gm=0;%s\\033\\\\' $part; done; \
    printf '\\033[20;1Hready'; exec cat";

/// The next one was asked for over a link that was gone: the client panicked where it looks at what it drew, and had no
/// box elsewhere.
#[test]
fn images_that_were_on_their_way_when_a_server_was_killed_come_over_the_next_link() -> Result<()> {
    let far = Far::new(Weather::default(), IMAGES)?;
    far.server.ok(&["wait", "work", "--match", "ready", "--timeout", "60s"])?;
    far.network.set(Weather { rate: Some(2_000_000), ..Weather::default() });
    let terminal = Terminal::answering(&far.client.ccc(&["attach", "box/work"]), SIZE)?;
    terminal.wait_text("ready", SOON)?;
    let server = Process::open(far.server.full_custody(SOON)?.server.pid).expect("it runs");
    server.kill();
    server.wait_end(SOON)?;
    far.server.full_custody(SOON)?;
    terminal.wait_screen("six images", SOON, |screen| screen.placements().len() == 6)
}

#[test]
fn every_key_arrives_once_and_in_order() -> Result<()> {
    let script = "stty -echo; printf ready; exec cat";
    let far = Far::new(Weather::default(), script)?;
    let terminal = far.client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("ready", SOON)?;
    far.network.set(BAD);
    let words: Vec<String> = (0..60).map(|number| format!("word{number} ")).collect();
    for (number, word) in words.iter().enumerate() {
        // Each key is a packet of its own, as hands type it.
        for key in word.chars() {
            let drawn = terminal.drawn();
            terminal.write(key.to_string().as_bytes())?;
            if number % 8 == 0 {
                // Whatever is drawn first, a guess or the truth.
                let _quiet = terminal.wait_drawn(drawn + 1, Duration::from_millis(200));
            }
        }
        if number % 10 == 9 {
            far.network.change_address();
            terminal.write(b"\r")?;
        }
    }
    terminal.write(b"end\r")?;
    terminal.wait_text("end", SOON)?;
    far.server.ok(&["wait", "work", "--match", "^end$", "--timeout", "60s"])?;
    let text = far.server.ok(&["capture", "work", "--from", "0"])?;
    let expected: String =
        words.chunks(10).map(|line| line.concat().trim_end().to_owned() + "\n").collect();
    let got: String = text.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    assert_eq!(got, format!("ready{expected}end\n"));
    // How many packets there are depends on how fast the machine is, and not what share of them is lost.
    let passed = far.network.passed();
    assert!(passed.lost * 10 > passed.up + passed.down, "{passed:?}");
    Ok(())
}

/// Once a repeat had overtaken a lost packet, the next session was deaf for as many keys.
#[test]
fn keys_reach_the_session_that_was_switched_to() -> Result<()> {
    let far = Far::new(Weather::default(), "stty -echo; printf ready; exec cat")?;
    let script = "stty -echo; printf elsewhere; exec cat";
    far.server.ok(&["new", "-d", "-n", "other", "--", "/bin/sh", "-c", script])?;
    let terminal = far.client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("ready", SOON)?;
    far.network.set(BAD);
    for (keys, session, next) in [("k", "work", "elsewhere"), ("m", "other", "ready")] {
        for number in 0..60 {
            let drawn = terminal.drawn();
            terminal.write(keys.as_bytes())?;
            if number % 4 == 0 {
                // Each is a packet of its own, as hands type it.
                let _quiet = terminal.wait_drawn(drawn + 1, Duration::from_millis(100));
            }
        }
        terminal.write(b"\r")?;
        let typed = keys.repeat(60);
        far.server.ok(&["wait", session, "--match", &format!("{typed}$"), "--timeout", "60s"])?;
        terminal.wait_text(&typed, SOON)?;
        terminal.type_keys("<C-b>)")?;
        terminal.wait_text(next, SOON)?;
    }
    Ok(())
}

/// While a guess was shown, only its rows were drawn once, whatever else had come meanwhile.
#[test]
fn what_comes_beside_a_guess_is_drawn_with_it() -> Result<()> {
    let far = Far::new(Weather::default(), "echo ready; exec cat")?;
    far.server.ok(&["split", "work", "--right", "--detached", "--", "/bin/cat"])?;
    // With its bar it is as large as the session was made: nothing is resized, which ends guesses.
    let terminal = far.client.attach(Size::new(80, 25), &["box/work", "--predict", "always"])?;
    terminal.wait_text("ready", SOON)?;
    // What is typed has not come when the other half of the window is split.
    far.network.set(Weather { delay: Duration::from_secs(1), ..Weather::default() });
    terminal.write(b"guess")?;
    terminal.wait_text("guess", SOON)?;
    far.server.ok(&["split", "work:1.2", "--down", "--detached", "--", "/bin/cat"])?;
    terminal.wait_text("├", SOON)?;
    assert!(terminal.text().contains("guess"), "{}", terminal.text());
    Ok(())
}

/// Nobody listened to the terminal before the server was there: the session was shown for the size before.
#[test]
fn a_window_that_is_changed_while_the_server_is_reached_is_filled() -> Result<()> {
    let script = "until stty size | grep -q '29 100'; do :; done; echo filled; exec cat";
    let slow = Weather { delay: Duration::from_millis(500), ..Weather::default() };
    let far = Far::new(slow, script)?;
    let before = far.network.passed().up;
    let terminal = far.client.attach(SIZE, &["box/work"])?;
    // It is on its way with the size that it has.
    while far.network.passed().up == before {
        terminal.process().wait_asleep(SOON)?;
    }
    terminal.resize(Size::new(100, 30))?;
    terminal.wait_text("filled", SOON)
}

#[test]
fn after_an_outage_the_screen_is_right_at_once() -> Result<()> {
    let script =
        "stty -echo; printf ready; while read line; do printf '\\033[H\\033[J%s' \"$line\"; done";
    let weather = Weather { delay: Duration::from_millis(40), ..Weather::default() };
    let far = Far::new(weather, script)?;
    let terminal = far.client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("ready", SOON)?;
    for (round, seconds) in [1, 4, 8].into_iter().enumerate() {
        let before = far.network.passed().up;
        far.network.set(Weather { down: true, ..weather });
        let shown = format!("picture-{round}");
        far.server.ok(&["send", "work", &shown, "--enter"])?;
        far.server.ok(&["wait", "work", "--match", &shown, "--timeout", "60s"])?;
        // The outage is what passes meanwhile.
        let typed = format!("typed-{round}");
        terminal.write(format!("{typed}\r").as_bytes())?;
        far.server.run(&[
            "wait",
            "work",
            "--match",
            "never",
            "--timeout",
            &format!("{seconds}s"),
        ])?;
        // The bar says what is known, and nothing better.
        if seconds > 1 {
            terminal.wait_text("no answer for", SOON)?;
        }
        // The link is found by what goes out again and again; the transport alone tries less and less often.
        let tries = far.network.passed().up - before;
        assert!(tries >= 2 * seconds, "{tries} tries in {seconds} s");
        far.network.set(weather);
        let back = Instant::now();
        terminal.wait_text(&typed, SOON)?;
        let took = back.elapsed();
        terminal.wait_for("a link that answers", SOON, |screen| {
            !ccc_testkit::text(screen).contains("no answer")
        })?;
        println!("after {seconds} s and {tries} tries the screen is right in {took:.0?}");
    }
    Ok(())
}

#[test]
fn an_interrupt_is_not_behind_the_flood_that_it_is_to_end() -> Result<()> {
    /// What a machine may add; a packet that waits for its turn in the network waits 300 ms.
    const BUSY: Duration = Duration::from_millis(200);
    if !installed("python3") {
        return Ok(());
    }
    let server = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let (mut flood, script) = Flood::prepare(&server, 40_000_000)?;
    let thin =
        Weather { delay: Duration::from_millis(50), rate: Some(1_000_000), ..Weather::default() };
    let far = Far::at(server, thin, &script)?;
    let terminal = far.client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("a line of a flood", SOON)?;
    let mut times = Vec::new();
    for _ in 0..9 {
        // Each comes into a flood that is under way.
        terminal.wait_drawn(terminal.drawn() + 4000, SOON)?;
        let pressed = Flood::now();
        terminal.type_keys("<C-c>")?;
        times.push(flood.wait_interrupted(SOON)?.saturating_sub(pressed));
    }
    // Lines that the program never reads do not hold it up either.
    far.server.ok(&["send", "work", &"all work and no play\r".repeat(400)])?;
    terminal.type_keys("<C-c>")?;
    flood.wait_interrupted(SOON)?;
    times.sort_unstable();
    // Where a program that only asks takes long, the key's way through five processes takes no less.
    let mut asked = Vec::new();
    for _ in 0..3 {
        let began = Instant::now();
        far.server.ok(&["ls"])?;
        asked.push(began.elapsed());
    }
    asked.sort_unstable();
    println!("from the key to the signal: {times:.0?}, a question: {asked:.0?}");
    assert!(times[times.len() / 2] < thin.delay + BUSY.max(asked[1]), "{times:.0?}, {asked:.0?}");
    Ok(())
}
