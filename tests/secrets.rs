//! What is typed while a terminal does not echo reaches no disk: real programs ask for secrets in a real client,
//! and then every file of the home is looked through, in every form that a program may have written.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::{Duration, Instant};

use ccc_testkit::{Result, Sandbox, Size, Terminal, hunt, installed};
use rustix::fs::OFlags;
use rustix::termios::{LocalModes, tcgetattr};

const SOON: Duration = Duration::from_secs(60);
const SIZE: Size = Size { cols: 100, rows: 30 };

/// A shell whose commands are remembered, with a client on it.
struct Asked {
    sandbox: Sandbox,
    terminal: Terminal,
}

impl Asked {
    fn new() -> Result<Option<Self>> {
        if !installed("bash") {
            return Ok(None);
        }
        let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
        sandbox.configure("shell = \"/bin/bash\"\n")?;
        let rc = "PS1='$ '\nHISTFILE=~/.bash_history\nPROMPT_COMMAND='history -a'\n";
        fs::write(sandbox.user_home().join(".bash_profile"), rc).expect("a file of the sandbox");
        sandbox.ok(&["new", "-d", "-n", "work"])?;
        let terminal = sandbox.attach(SIZE, &["work"])?;
        terminal.wait_text("$", SOON)?;
        Ok(Some(Self { sandbox, terminal }))
    }

    fn line(&self, text: &str) -> Result<()> {
        self.terminal.write(text.as_bytes())?;
        self.terminal.write(b"\r")
    }

    /// Runs a command that asks with this prompt, types the secret, and waits for what shows that it was read.
    fn ask(&self, command: &str, prompt: &str, secret: &str, answer: &str) -> Result<()> {
        self.line("clear")?;
        self.terminal.wait_for("a clear screen", SOON, |screen| {
            screen.contents().lines().next().is_some_and(|line| line.trim_end() == "$")
        })?;
        self.line(command)?;
        self.terminal.wait_text(prompt, SOON)?;
        self.wait_silence()?;
        self.line(secret)?;
        self.terminal.wait_text(answer, SOON)
    }

    /// Waits until the terminal of the pane takes lines and does not echo. A shell at its prompt does not let the
    /// terminal echo either, but takes keys one by one.
    #[track_caller]
    fn wait_silence(&self) -> Result<()> {
        let panes = self.sandbox.json(&["pane", "ls", "work", "--json"])?;
        let pid = panes["panes"][0]["pid"].as_u64().expect("a shell");
        let tty = OpenOptions::new()
            .read(true)
            .custom_flags((OFlags::NOCTTY | OFlags::NONBLOCK).bits().cast_signed())
            .open(format!("/proc/{pid}/fd/0"))
            .expect("the pane's terminal");
        let until = Instant::now() + SOON;
        let silent = || {
            let modes = tcgetattr(&tty).expect("a terminal").local_modes;
            modes.contains(LocalModes::ICANON) && !modes.contains(LocalModes::ECHO)
        };
        while !silent() {
            assert!(Instant::now() < until, "the terminal goes on echoing");
            std::thread::yield_now();
        }
        Ok(())
    }

    /// Nothing of the secrets is kept, found or exported, while what was shown is.
    #[track_caller]
    fn check(self, secrets: &[&str], shown: &str) -> Result<()> {
        let Self { sandbox, terminal } = self;
        assert!(sandbox.ok(&["search", shown])?.contains(shown));
        for secret in secrets {
            assert_eq!(sandbox.run(&["search", secret])?.code, Some(1), "{secret} is found");
            let history = sandbox.ok(&["history", "--json", "-n", "0"])?;
            assert!(!history.contains(secret), "{history}");
            for form in ["--txt", "--raw", "--cast"] {
                let exported = sandbox.ok(&["export", form, "work"])?;
                assert!(exported.contains(shown), "{exported}");
                assert!(!exported.contains(secret), "{exported}");
            }
        }
        drop(terminal);
        // Everything that waits to be written is.
        sandbox.ok(&["serve", "--stop"])?;
        let found = hunt(sandbox.home(), shown);
        assert!(found.iter().any(|hit| hit.file.starts_with(sandbox.state().join("panes"))));
        for secret in secrets {
            assert_eq!(hunt(sandbox.home(), secret), [], "{secret}");
        }
        sandbox.end()
    }
}

#[test]
fn what_shells_and_programs_read_without_echo_is_nowhere() -> Result<()> {
    let Some(asked) = Asked::new()? else { return Ok(()) };
    let mut secrets = vec!["quiet-shell-8fd20c"];
    asked.line("echo shown-marker-$((600+66))")?;
    asked.terminal.wait_text("shown-marker-666", SOON)?;
    let read = "read -rsp 'Secret: ' x; echo; echo \"shell read ${#x}\"";
    asked.ask(read, "Secret: ", "quiet-shell-8fd20c", "shell read 18")?;
    if installed("python3") {
        let script = "import getpass; x = getpass.getpass('Ask: '); print('python read', len(x))";
        let command = format!("python3 -c \"{script}\"");
        asked.ask(&command, "Ask: ", "quiet-getpass-77ab01", "python read 20")?;
        secrets.push("quiet-getpass-77ab01");
    }
    asked.check(&secrets, "shown-marker-666")
}

#[test]
fn passphrases_that_ssh_asks_for_are_nowhere() -> Result<()> {
    if !installed("ssh-keygen") || !installed("ssh-agent") {
        return Ok(());
    }
    let Some(asked) = Asked::new()? else { return Ok(()) };
    let secret = "quiet-passphrase-d41c99";
    let make = ["-q", "-t", "ed25519", "-N", secret, "-C", "shown-comment-31", "-f", "key"];
    let made = asked.sandbox.run_program(&asked.sandbox.program("ssh-keygen").args(make), b"")?;
    assert_eq!(made.code, Some(0), "{made:?}");
    asked.ask("ssh-keygen -y -f key", "Enter passphrase", secret, "shown-comment-31")?;
    let add = "ssh-agent sh -c 'ssh-add key && ssh-add -l | wc -l | sed s/^/keys:/'";
    asked.ask(add, "Enter passphrase", secret, "keys:1")?;
    asked.check(&[secret], "shown-comment-31")
}

#[test]
fn a_password_for_sudo_is_nowhere() -> Result<()> {
    if !installed("sudo") {
        return Ok(());
    }
    if rustix::process::geteuid().is_root() {
        println!("SKIPPED: sudo asks root for no password");
        return Ok(());
    }
    let Some(asked) = Asked::new()? else { return Ok(()) };
    let command = "sudo -k; sudo -p 'sudo asks: ' echo shown-by-sudo || echo shown-refusal-52";
    // It is the wrong one, so that it is asked for again; the end of the input ends that.
    asked.line(command)?;
    asked.terminal.wait_text("sudo asks: ", SOON)?;
    asked.wait_silence()?;
    asked.line("quiet-sudo-2b7e15")?;
    asked.terminal.wait_text("try again", SOON)?;
    asked.wait_silence()?;
    asked.terminal.write(b"\x03")?;
    asked.line("echo shown-after-$((50+2))")?;
    asked.terminal.wait_text("shown-after-52", SOON)?;
    asked.check(&["quiet-sudo-2b7e15"], "shown-after-52")
}

#[test]
fn what_is_typed_while_it_echoes_is_found() -> Result<()> {
    // Without this the others would hold of a hunt that finds nothing.
    let Some(asked) = Asked::new()? else { return Ok(()) };
    // The line itself must not look like the question: what is typed before that is echoed by nobody.
    asked.line("read -rp 'Wo''rd: ' x; echo; echo \"shell read ${#x}\"")?;
    asked.terminal.wait_text("Word:", SOON)?;
    asked.line("loud-word-19c4e7")?;
    asked.terminal.wait_text("shell read 16", SOON)?;
    assert!(asked.sandbox.ok(&["search", "loud-word-19c4e7"])?.contains("loud-word"));
    asked.sandbox.ok(&["serve", "--stop"])?;
    assert!(!hunt(asked.sandbox.home(), "loud-word-19c4e7").is_empty());
    asked.sandbox.end()
}
