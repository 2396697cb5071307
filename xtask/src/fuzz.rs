//! `cargo xtask fuzz`: every fuzz target, for a bounded time, with the stable toolchain. Owns the
//! compiler's flags and the first inputs; the targets are a workspace of their own in `fuzz/`. A
//! machine that cannot build them is told so, and nothing runs there.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::step::step;
use crate::workspace::{cargo, executable, root};

/// What makes the compiler count edges and comparisons for the fuzzing library.
const FLAGS: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    --cfg fuzzing";

/// Each target, the longest input worth trying, and where its first inputs come from besides
/// `fuzz/corpus/<target>`.
const TARGETS: [(&str, usize, Seeds); 10] = [
    ("engine", 1024, Seeds::Folder("crates/vt/tests/recordings")),
    ("foreign", 1024, Seeds::Corpus),
    ("frames", 1024, Seeds::Folder("crates/vt/tests/recordings")),
    ("invitations", 512, Seeds::Corpus),
    ("journal", 2048, Seeds::Corpus),
    ("keeper", 1024, Seeds::KeeperFrames("crates/keeper/src/protocol/golden.txt")),
    ("lines", 1024, Seeds::Corpus),
    ("pairing", 1024, Seeds::Corpus),
    ("shells", 2048, Seeds::Corpus),
    ("wire", 4096, Seeds::Hex("proto/vectors")),
];

/// Where more inputs to start from are found, below the root.
#[derive(Clone, Copy, Debug)]
enum Seeds {
    /// Nowhere: the target's own folder has them.
    Corpus,
    /// Files as they are.
    Folder(&'static str),
    /// Files of hexadecimal digits.
    Hex(&'static str),
    /// One file: in each line a name, a colon and hexadecimal digits.
    KeeperFrames(&'static str),
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct FuzzArgs {
    /// How long each target runs
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// Only this target
    #[arg(long)]
    target: Option<String>,
}

impl FuzzArgs {
    /// A short run of all, for every change.
    pub(crate) const fn short() -> Self {
        Self { seconds: 5, target: None }
    }
}

pub(crate) fn run(args: &FuzzArgs) -> Result<()> {
    let wanted = |name: &str| args.target.as_deref().is_none_or(|only| only == name);
    ensure!(
        TARGETS.iter().any(|(name, ..)| wanted(name)),
        "there is no such target; there are {}",
        TARGETS.map(|(name, ..)| name).join(", ")
    );
    if let Err(missing) = able() {
        println!("SKIPPED, nothing was fuzzed: {missing:#}");
        return Ok(());
    }
    for (name, longest, seeds) in TARGETS.iter().filter(|(name, ..)| wanted(name)) {
        let program = build(name)?;
        step(&format!("fuzz {name}"), || fuzz(&program, name, *longest, *seeds, args.seconds))?;
    }
    Ok(())
}

/// Whether this machine can build the targets: the fuzzing library is C++, and the flags are for a
/// compiler that is built with the coverage pass.
fn able() -> Result<()> {
    let folder = tempfile::tempdir().context("make a folder for a trial")?;
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let mut cpp = Command::new(&compiler);
    cpp.args(["-x", "c++", "-std=c++17", "-", "-o"]).arg(folder.path().join("trial"));
    trial(cpp, "#include <atomic>\n#include <string>\nint main() { return 0; }\n").with_context(
        || format!("no C++ compiler that links ({}); install g++", compiler.display()),
    )?;
    let mut rust = Command::new(rustc());
    rust.args(FLAGS.split_whitespace()).args(["--crate-type", "lib", "--emit", "obj", "-", "-o"]);
    rust.arg(folder.path().join("trial.o"));
    trial(rust, "pub fn trial() {}\n").context("this rustc does not take the coverage flags")
}

/// Has a compiler translate a source.
fn trial(mut compiler: Command, source: &str) -> Result<()> {
    let mut child = compiler
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("start it")?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(source.as_bytes()).context("give it a source")?;
    }
    let output = child.wait_with_output().context("wait for it")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

fn build(name: &str) -> Result<PathBuf> {
    let mut command = cargo();
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    command
        .current_dir(root().join("fuzz"))
        .args(["build", "--release", "--locked", "--bin", name, "--message-format", "json"])
        // With a target named, the flags are not for build scripts and macros.
        .args(["--target", &host()?])
        .env("CARGO_TARGET_DIR", target_folder())
        .env("RUSTFLAGS", format!("{flags} {FLAGS}"));
    executable(command, name)
}

fn target_folder() -> PathBuf {
    let set = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    set.unwrap_or_else(|| root().join("target")).join("fuzz")
}

fn rustc() -> OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// The machine that the compiler builds for when it is not told.
fn host() -> Result<String> {
    let output = Command::new(rustc()).arg("-vV").output().context("run rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(ToOwned::to_owned).context("rustc does not say what it builds for")
}

fn fuzz(program: &Path, name: &str, longest: usize, seeds: Seeds, seconds: u32) -> Result<()> {
    let corpus = tempfile::tempdir().context("make a folder for inputs")?;
    let count = sow(name, seeds, corpus.path(), longest)?;
    let artifacts = target_folder().join("artifacts").join(name);
    fs::create_dir_all(&artifacts).context("make a folder for what is found")?;
    let output = Command::new(program)
        .arg(corpus.path())
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={longest}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1"])
        .output()
        .context("run the target")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        said.lines().rev().take(40).collect::<Vec<_>>().iter().rev().for_each(|l| println!("{l}"));
    }
    let input = said.lines().find_map(|line| line.split_once("Test unit written to ")).map_or_else(
        || format!("none was written; look into {}", artifacts.display()),
        |(_, path)| path.to_owned(),
    );
    ensure!(output.status.success(), "it found something; the input is {input}");
    let stat = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(&format!("stat::{name}:")));
        line.unwrap_or("?").trim().to_owned()
    };
    let edges = said.lines().rev().find_map(|line| line.split_once("cov: ")?.1.split(' ').next());
    println!(
        "{count} first inputs, {} runs ({} in a second), {} new inputs, {} edges",
        stat("number_of_executed_units"),
        stat("average_exec_per_sec"),
        stat("new_units_added"),
        edges.unwrap_or("?"),
    );
    Ok(())
}

/// Lays out the inputs to start from, long ones in pieces; gives how many.
fn sow(name: &str, seeds: Seeds, corpus: &Path, longest: usize) -> Result<usize> {
    let root = root();
    let mut inputs = read_folder(&root.join("fuzz/corpus").join(name))?;
    match seeds {
        Seeds::Corpus => {}
        Seeds::Folder(folder) => inputs.extend(read_folder(&root.join(folder))?),
        Seeds::Hex(folder) => {
            for text in read_folder(&root.join(folder))? {
                inputs.push(from_hex(&String::from_utf8_lossy(&text)));
            }
        }
        Seeds::KeeperFrames(file) => {
            let text =
                fs::read_to_string(root.join(file)).with_context(|| format!("read {file}"))?;
            for (_, digits) in text.lines().filter_map(|line| line.rsplit_once(": ")) {
                // The target's first byte: as many descriptors as the frame says.
                inputs.push([vec![0], from_hex(digits)].concat());
            }
        }
    }
    let pieces = inputs.iter().flat_map(|input| input.chunks(longest));
    let mut count = 0;
    for piece in pieces {
        fs::write(corpus.join(count.to_string()), piece).context("write an input")?;
        count += 1;
    }
    Ok(count)
}

/// The files below a folder, of all its folders.
fn read_folder(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("list {}", folder.display()))? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => folders.push(entry.path()),
                false => files.push((entry.path(), fs::read(entry.path())?)),
            }
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, bytes)| bytes).collect())
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, from_hex, read_folder, sow};
    use crate::workspace::root;

    #[test]
    fn digits_become_bytes() {
        assert_eq!(from_hex("00 ff\n1A"), [0, 0xff, 0x1a]);
    }

    #[test]
    fn the_manifest_has_exactly_the_promised_targets() {
        let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
        let promised = TARGETS.map(|(name, ..)| {
            format!("[[bin]]\nname = \"{name}\"\npath = \"targets/{name}.rs\"\n")
        });
        for lines in &promised {
            assert!(manifest.contains(lines), "{lines}");
        }
        assert_eq!(manifest.matches("[[bin]]").count(), promised.len());
        assert_eq!(read_folder(&root().join("fuzz/targets")).unwrap().len(), promised.len());
    }

    #[test]
    fn every_target_has_first_inputs_of_its_own() {
        for (name, longest, seeds) in TARGETS {
            let corpus = tempfile::tempdir().unwrap();
            let own = read_folder(&root().join("fuzz/corpus").join(name)).unwrap();
            assert!(!own.is_empty(), "{name}");
            assert!(sow(name, seeds, corpus.path(), longest).unwrap() >= own.len(), "{name}");
        }
    }
}
