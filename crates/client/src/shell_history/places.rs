//! Where histories lie. Owns which variables say so; whether anything is there is seen by whoever opens it.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::proto::HistorySource;

/// Where a history lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub source: HistorySource,
    pub path: PathBuf,
}

/// Where all of them lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EveryPlace {
    /// Those that can be read.
    pub shells: Vec<Place>,
    /// The database of Atuin, which its own program reads.
    pub atuin: Option<PathBuf>,
}

/// The usual place of one history: what `HISTFILE` says for bash and zsh, else where it lies unless somebody moved
/// it. `None` without a home, and for Atuin, whose database is not read here.
#[must_use]
pub fn usual_place(
    source: HistorySource,
    variable: impl Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
) -> Option<Place> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let below = |name: &str| home.as_ref().map(|home| home.join(name));
    let path = match source {
        HistorySource::BASH => set("HISTFILE").or_else(|| below(".bash_history")),
        HistorySource::ZSH => set("HISTFILE").or_else(|| below(".zsh_history")),
        HistorySource::FISH => data(&variable, home).map(|data| data.join("fish/fish_history")),
        _ => None,
    };
    path.map(|path| Place { source, path })
}

/// The usual places of all. `HISTFILE` counts for the shell that `SHELL` names.
#[must_use]
pub fn every_place(
    variable: impl Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
) -> EveryPlace {
    let shell = variable("SHELL").map(PathBuf::from);
    let shell = shell.as_ref().and_then(|shell| shell.file_name()?.to_str());
    let sources =
        [("bash", HistorySource::BASH), ("zsh", HistorySource::ZSH), ("fish", HistorySource::FISH)];
    let places = sources.into_iter().filter_map(|(name, source)| {
        let variable =
            |wanted: &str| variable(wanted).filter(|_| wanted != "HISTFILE" || shell == Some(name));
        usual_place(source, variable, home.clone())
    });
    EveryPlace {
        shells: places.collect(),
        atuin: data(&variable, home).map(|data| data.join("atuin/history.db")),
    }
}

/// The folder for data. The XDG rules say to ignore a relative path.
fn data(variable: &impl Fn(&str) -> Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    let set = variable("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    set.or_else(|| Some(home?.join(".local/share")))
}
