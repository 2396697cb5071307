//! `cargo xtask gen`: completions and manual pages, as the binary itself prints them. Owns which
//! files there are and where they lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::workspace::{Profile, build_ccc, root};

/// Each shell, and the file name under which its users install the script.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "ccc.bash"),
    ("elvish", "ccc.elv"),
    ("fish", "ccc.fish"),
    ("powershell", "_ccc.ps1"),
    ("zsh", "_ccc"),
];

/// Folders in which every file is generated.
const FOLDERS: [&str; 2] = ["completions", "man"];

type Files = BTreeMap<PathBuf, Vec<u8>>;

pub(crate) fn run(check: bool) -> Result<()> {
    let wanted = wanted(&build_ccc(Profile::Dev)?)?;
    let present = present(&root())?;
    if !check {
        return write(&wanted, &present);
    }
    let stale: Vec<String> = wanted
        .keys()
        .chain(present.keys())
        .filter(|path| wanted.get(*path) != present.get(*path))
        .map(|path| path.display().to_string())
        .collect();
    ensure!(stale.is_empty(), "stale: {}; run `cargo xtask gen`", stale.join(", "));
    Ok(())
}

/// What the binary prints now, by path below the root.
fn wanted(ccc: &Path) -> Result<Files> {
    let mut files = Files::new();
    for (shell, name) in COMPLETIONS {
        let output = Command::new(ccc).args(["completions", shell]).output();
        let output = output.context("run ccc completions")?;
        ensure!(output.status.success(), "ccc completions {shell} failed");
        files.insert(Path::new("completions").join(name), output.stdout);
    }
    let folder = tempfile::tempdir().context("make a folder for the manual")?;
    let output = Command::new(ccc).args(["man", "--dir"]).arg(folder.path()).output();
    let output = output.context("run ccc man")?;
    if !output.status.success() {
        bail!("ccc man failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    for (name, bytes) in read_folder(folder.path())? {
        files.insert(Path::new("man").join(name), bytes);
    }
    Ok(files)
}

/// What lies in the generated folders.
fn present(root: &Path) -> Result<Files> {
    let mut files = Files::new();
    for folder in FOLDERS {
        if root.join(folder).exists() {
            let below = read_folder(&root.join(folder))?;
            files.extend(
                below.into_iter().map(|(name, bytes)| (Path::new(folder).join(name), bytes)),
            );
        }
    }
    Ok(files)
}

fn read_folder(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let entries = fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let bytes = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        files.insert(path.file_name().unwrap_or_default().into(), bytes);
    }
    Ok(files)
}

fn write(wanted: &Files, present: &Files) -> Result<()> {
    let root = root();
    for folder in FOLDERS {
        fs::create_dir_all(root.join(folder)).with_context(|| format!("make {folder}"))?;
    }
    for path in present.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(root.join(path)).with_context(|| format!("remove {}", path.display()))?;
        println!("removed {}", path.display());
    }
    for (path, bytes) in wanted.iter().filter(|(path, bytes)| present.get(*path) != Some(bytes)) {
        fs::write(root.join(path), bytes).with_context(|| format!("write {}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}
