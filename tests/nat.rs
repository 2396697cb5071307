//! Another machine behind a router that translates addresses: it is paired by a link, and an attach goes on
//! when the router forgets it, when the address outside changes, and when large packets begin to vanish.
//!
//! The machines are network namespaces. Needs root; elsewhere it is said that nothing was tested.

use std::time::Duration;

use ccc_testkit::{Cables, KitError, Nat, Result, Sandbox, Size, Terminal};

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);
/// What every road carries, as QUIC asks for it: 1,200 bytes beside the headers of IP and UDP.
const LEAST: u32 = 1228;

/// A server with a session beyond the router, and a machine behind it that was paired by a link.
struct Far {
    server: Sandbox,
    client: Sandbox,
    nat: Nat,
}

impl Far {
    fn new(script: &str, cables: Cables) -> Result<Option<Self>> {
        let Some(nat) = Nat::with(cables)? else { return Ok(None) };
        let (server, client) =
            (Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?, Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?);
        let far = Self { server, client, nat };
        far.there(&["serve", "--daemon", "--listen", "0.0.0.0"])?;
        far.there(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
        let link = far.there(&["invite"])?;
        let pairing = far.nat.inside(far.client.ccc(&["pair", "-", "--name", "box"]));
        let paired = far.client.run_program(&pairing, link.as_bytes())?;
        assert_eq!(paired.code, Some(0), "{paired:?}");
        Ok(Some(far))
    }

    /// Runs `ccc` on the server's machine, which must succeed.
    fn there(&self, args: &[&str]) -> Result<String> {
        let output = self.server.run_program(&self.nat.outside(self.server.ccc(args)), b"")?;
        if output.code == Some(0) {
            return Ok(output.stdout);
        }
        let what = format!("`ccc {}` ended with {:?}", args.join(" "), output.code);
        Err(KitError::Unexpected { what, told: output.stdout + &output.stderr })
    }

    fn attach(&self) -> Result<Terminal> {
        Terminal::start(&self.nat.inside(self.client.ccc(&["attach", "box/work"])), SIZE)
    }

    /// Who is attached, by the number that each connection has, and where the server sees it.
    fn client(&self) -> Result<(String, String)> {
        let who: serde_json::Value =
            serde_json::from_str(&self.there(&["who", "work", "--json"])?).unwrap_or_default();
        let clients = who["clients"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(clients.len(), 1, "{who}");
        Ok((clients[0]["id"].to_string(), clients[0]["address"].to_string()))
    }
}

#[test]
fn an_attach_goes_on_when_a_router_forgets_it() -> Result<()> {
    let script = "stty -echo; printf ready; exec cat";
    let Some(mut far) = Far::new(script, Cables::Copper)? else { return Ok(()) };
    let terminal = far.attach()?;
    terminal.wait_text("ready", SOON)?;
    let (client, first) = far.client()?;
    let mut seen = vec![first];
    for round in 0..3 {
        match round {
            0 | 1 => far.nat.forget()?,
            _ => far.nat.change_address()?,
        }
        // Each word once: what was typed into a connection that is known no more is neither lost nor doubled.
        terminal.write(format!("round-{round}\r").as_bytes())?;
        terminal.wait_text(&format!("round-{round}"), SOON)?;
        far.there(&["send", "work", &format!("told-{round}"), "--enter"])?;
        terminal.wait_text(&format!("told-{round}"), SOON)?;
        let (same, at) = far.client()?;
        assert_eq!(same, client, "it is the same attach");
        assert!(!seen.contains(&at), "the router forgot nothing: {at}, after {seen:?}");
        seen.push(at);
    }
    println!("seen at {seen:?}");
    let text = far.there(&["capture", "work", "--from", "0"])?;
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let words = ["readyround-0", "told-0", "round-1", "told-1", "round-2", "told-2"];
    assert_eq!(lines, words, "each came once");
    Ok(())
}

#[test]
fn an_attach_goes_on_when_large_packets_vanish() -> Result<()> {
    large_packets_vanish(Cables::Copper)
}

/// The small packet behind some large ones vanishes with them, so that nothing tells that it was their size.
#[test]
fn an_attach_goes_on_when_large_packets_vanish_and_small_ones_with_them() -> Result<()> {
    large_packets_vanish(Cables::Virtual)
}

fn large_packets_vanish(cables: Cables) -> Result<()> {
    // A picture of many packets for each line that is read.
    let script = "stty -echo; printf ready; while read line; do \
                  seq -s ' ' -f \"$line-%.0f\" 1 250; done";
    let Some(far) = Far::new(script, cables)? else { return Ok(()) };
    let terminal = far.attach()?;
    terminal.wait_text("ready", SOON)?;
    let (client, _) = far.client()?;
    // Large packets pass, and the two ends find out that they do.
    for round in 0..3 {
        terminal.write(format!("wide{round}\r").as_bytes())?;
        terminal.wait_text(&format!("wide{round}-250"), SOON)?;
    }
    far.nat.swallow_above(LEAST)?;
    for round in 0..3 {
        terminal.write(format!("narrow{round}\r").as_bytes())?;
        terminal.wait_text(&format!("narrow{round}-250"), SOON)?;
    }
    assert_eq!(far.client()?.0, client, "it is the same attach");
    let swallowed = far.nat.swallowed()?;
    // Large packets were sent, and four bursts that were lost tell it.
    assert!((1..32).contains(&swallowed), "{swallowed} packets vanished");
    // Somebody new comes as well.
    let second = far.attach()?;
    second.wait_text("narrow2-250", SOON)?;
    Ok(())
}
