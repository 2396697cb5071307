//! Two machines with a router between them that translates addresses, made of network namespaces. Owns the
//! namespaces: each is held by a process that ends when its input does, so that nothing is left of them
//! however a test ends. Needs root.

use std::process::{Child, ChildStdin, Command, Stdio};

use crate::error::{KitError, Result};
use crate::program::Program;
use crate::sandbox::installed;

/// Outside the router, where the server is.
const SERVER: &str = "203.0.113.2";
/// Two addresses that the router may have there.
const OUTSIDE: [&str; 2] = ["203.0.113.1/24", "203.0.113.9/24"];
const INSIDE: &str = "192.168.7.1/24";
const CLIENT: &str = "192.168.7.2/24";
/// Ports that connections come out from: others each time that the router forgets them.
const PORTS: u32 = 1000;

/// A network of its own, and the process that holds it.
#[derive(Debug)]
struct Space {
    holder: Child,
    /// What it waits for.
    _until: Option<ChildStdin>,
}

impl Space {
    fn make() -> Result<Option<Self>> {
        let mut command = Command::new("unshare");
        command.args(["--net", "--", "sh", "-c", "ip link set lo up && echo made && read line"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut holder = command.spawn().map_err(KitError::io("start unshare"))?;
        let until = holder.stdin.take();
        let mut said = [0; 5];
        let made = holder.stdout.take().is_some_and(|mut stdout| {
            std::io::Read::read_exact(&mut stdout, &mut said).is_ok() && &said == b"made\n"
        });
        let space = Self { holder, _until: until };
        Ok(made.then_some(space))
    }

    /// The words that lead a program into it.
    fn way_in(&self) -> [String; 5] {
        let holder = self.holder.id().to_string();
        ["nsenter".into(), "--net".into(), "--target".into(), holder, "--".into()]
    }

    /// Runs what sets it up.
    fn run(&self, script: &str) -> Result<()> {
        let [nsenter, words @ ..] = self.way_in();
        let mut command = Command::new(nsenter);
        command.args(words).args(["sh", "-ec", script]).stdin(Stdio::null());
        let output = command.output().map_err(KitError::io("start nsenter"))?;
        if output.status.success() {
            return Ok(());
        }
        let what = format!("`{script}` failed");
        Err(KitError::Unexpected { what, told: String::from_utf8_lossy(&output.stderr).into() })
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // Its input is closed after this, which ends it as well.
        let _gone = self.holder.kill();
        let _reaped = self.holder.wait();
    }
}

/// What lies between the machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cables {
    /// Packets are carried one by one.
    Copper,
    /// Packets that were sent together are passed on as one, and lost as one, as between machines on one host.
    Virtual,
}

/// A client behind a router, and a server beyond it.
#[derive(Debug)]
pub struct Nat {
    client: Space,
    router: Space,
    server: Space,
    /// How often the router has forgotten everything.
    forgotten: u32,
}

impl Nat {
    /// Makes all three; `None` where that cannot be, which is said.
    ///
    /// # Errors
    /// A program that is there does not do what it should.
    pub fn make() -> Result<Option<Self>> {
        Self::with(Cables::Copper)
    }

    /// Makes all three, with cables as [`Cables`] says.
    ///
    /// # Errors
    /// As [`Nat::make`].
    pub fn with(cables: Cables) -> Result<Option<Self>> {
        if !["ip", "iptables", "unshare", "nsenter"].into_iter().all(installed) {
            return Ok(None);
        }
        let (Some(client), Some(router), Some(server)) =
            (Space::make()?, Space::make()?, Space::make()?)
        else {
            return Ok(skipped("no right to make networks"));
        };
        let nat = Self { client, router, server, forgotten: 0 };
        let cable = |name: &str, space: &Space, other: &Space| {
            let (space, other) = (space.holder.id(), other.holder.id());
            format!("ip link add {name} netns {space} type veth peer name {name} netns {other}")
        };
        nat.router.run(&cable("in", &nat.router, &nat.client))?;
        nat.router.run(&cable("out", &nat.router, &nat.server))?;
        let up = |name: &str, address: &str| {
            let alone = match cables {
                Cables::Copper => format!("ip link set dev {name} gso_max_segs 1 && "),
                Cables::Virtual => String::new(),
            };
            format!("ip addr add {address} dev {name} && {alone}ip link set {name} up")
        };
        nat.router.run(&up("in", INSIDE))?;
        nat.router.run(&up("out", OUTSIDE[0]))?;
        nat.client.run(&format!("{} && ip route add default via 192.168.7.1", up("in", CLIENT)))?;
        // Nobody outside knows a way in: what comes back must come back to the router.
        let nowhere = "ip route add default via 203.0.113.254";
        nat.server.run(&format!("{} && {nowhere}", up("out", &format!("{SERVER}/24"))))?;
        nat.router.run("echo 1 > /proc/sys/net/ipv4/ip_forward")?;
        if nat.router.run(&nat.translates("-A")).is_err() {
            return Ok(skipped("the kernel translates no addresses"));
        }
        Ok(Some(nat))
    }

    fn translates(&self, change: &str) -> String {
        let first = 20_000 + self.forgotten % 20 * PORTS;
        let ports = format!("{first}-{}", first + PORTS - 1);
        format!(
            "iptables -w -t nat {change} POSTROUTING -o out -p udp -j MASQUERADE --to-ports {ports}"
        )
    }

    /// The same program on the client's machine.
    #[must_use]
    pub fn inside(&self, program: Program) -> Program {
        program.led_by(self.client.way_in())
    }

    /// The same program on the server's machine.
    #[must_use]
    pub fn outside(&self, program: Program) -> Program {
        program.led_by(self.server.way_in())
    }

    /// The router starts anew and knows no connection: each comes out from another port from now on.
    ///
    /// # Errors
    /// A program does not do what it should.
    pub fn forget(&mut self) -> Result<()> {
        let before = self.translates("-D");
        self.forgotten += 1;
        // What goes out by an interface is forgotten with it.
        let anew = "ip link set out down && ip link set out up";
        self.router.run(&format!("{before} && {} && {anew}", self.translates("-A")))
    }

    /// The router gets another address outside, as home lines do at night.
    ///
    /// # Errors
    /// A program does not do what it should.
    pub fn change_address(&self) -> Result<()> {
        let [old, new] = OUTSIDE;
        self.router.run(&format!("ip addr del {old} dev out && ip addr add {new} dev out"))
    }

    /// Larger packets than this vanish on the way, and nobody is told.
    ///
    /// # Errors
    /// A program does not do what it should.
    pub fn swallow_above(&self, bytes: u32) -> Result<()> {
        let mute = "iptables -w -A OUTPUT -p icmp -j DROP";
        // What comes in by it is as narrow.
        self.router.run(&format!("{mute} && ip link set in mtu {bytes}"))
    }

    /// Packets towards the client that were swallowed so far.
    ///
    /// # Errors
    /// A program does not do what it should.
    pub fn swallowed(&self) -> Result<u64> {
        let [nsenter, words @ ..] = self.router.way_in();
        let mut command = Command::new(nsenter);
        command.args(words).args(["cat", "/proc/net/snmp"]).stdin(Stdio::null());
        let output = command.output().map_err(KitError::io("start nsenter"))?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        // Names in one line and their numbers in the next.
        let mut lines = told.lines().filter(|line| line.starts_with("Ip:"));
        let (names, numbers) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
        let mut both = names.split_whitespace().zip(numbers.split_whitespace());
        let fails = both.find(|(name, _)| *name == "FragFails");
        let count = fails.and_then(|(_, number)| number.parse().ok());
        match count {
            Some(count) => Ok(count),
            None => Err(KitError::Unexpected { what: "the router counts nothing".into(), told }),
        }
    }
}

#[expect(clippy::print_stdout, reason = "what was not tested is said")]
fn skipped<T>(why: &str) -> Option<T> {
    println!("SKIPPED: {why}");
    None
}
