//! Opening the database so that damage means "set aside and rebuild". Owns the fence, the health
//! check and the names of what was set aside.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The form of what is stored. Another one is rebuilt, never read.
const FORM: &[u8] = b"3";
/// Where the form stands, in the default tree.
const FORM_KEY: &[u8] = b"form";
/// Written and read back at each opening.
const PROBE_KEY: &[u8] = b"probe";
/// Bytes of sled's cache; its own default is a gigabyte.
const CACHE: u64 = 8 * 1024 * 1024;
/// How many damaged ones are kept for a look.
const SET_ASIDE: u32 = 3;

/// Why there is no index. Always the environment's doing: damage is mended here.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder cannot be used.
    #[error("{} cannot be used", path.display())]
    Folder { path: PathBuf, source: io::Error },
    /// The database refuses also when it is begun anew.
    #[error("the index in {} does not open: {why}", path.display())]
    Unusable { path: PathBuf, why: String },
    /// A read or write failed later on. Opening it again mends it.
    #[error("the index failed: {0}")]
    Failed(#[from] sled::Error),
}

/// An open index.
#[derive(Clone, Debug)]
pub struct Index {
    pub(crate) db: sled::Db,
    /// Counts what was put in, for what is looked at now and then.
    pub(crate) puts: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

/// An index and what opening it found.
#[derive(Debug)]
pub struct Opened {
    pub index: Index,
    /// It is empty, or of another form: fold the logs again.
    pub rebuild: bool,
    /// Where a damaged one was moved to.
    pub set_aside: Option<PathBuf>,
}

impl Index {
    /// Opens the index in a folder, whose parent exists. A damaged one is set aside.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn open(folder: &Path) -> Result<Opened, IndexError> {
        match fenced(folder) {
            Ok(index) => index.checked(folder, None),
            // Somebody has it open: that is no damage, and theirs to close.
            Err(why) if why.contains("could not acquire lock") => {
                Err(IndexError::Unusable { path: folder.into(), why })
            }
            Err(_damage) => {
                let aside = set_aside(folder)?;
                let index = fenced(folder)
                    .map_err(|why| IndexError::Unusable { path: folder.into(), why })?;
                index.checked(folder, Some(aside))
            }
        }
    }

    fn checked(self, folder: &Path, set_aside: Option<PathBuf>) -> Result<Opened, IndexError> {
        let form = self.db.get(FORM_KEY)?;
        if form.as_deref() == Some(FORM) {
            return Ok(Opened { index: self, rebuild: false, set_aside });
        }
        // An older or newer form is no damage: its trees are emptied in place.
        for name in self.db.tree_names() {
            if name != b"__sled__default" {
                self.db.drop_tree(&name)?;
            }
        }
        self.db.clear()?;
        self.db.insert(FORM_KEY, FORM)?;
        self.flush(folder)?;
        Ok(Opened { index: self, rebuild: true, set_aside })
    }

    /// Brings everything to the disk. sled's own flush leaves out what a power cut takes, so the
    /// file is synced as well.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn flush(&self, folder: &Path) -> Result<(), IndexError> {
        self.db.flush()?;
        let path = folder.join("db");
        std::fs::File::open(&path)
            .and_then(|file| file.sync_all())
            .map_err(|source| IndexError::Folder { path, source })
    }
}

/// Opens and probes; a panic and an error are the same here.
fn fenced(folder: &Path) -> Result<Index, String> {
    let open = || -> Result<Index, sled::Error> {
        let db =
            sled::Config::new().path(folder).cache_capacity(CACHE).flush_every_ms(None).open()?;
        db.insert(PROBE_KEY, FORM)?;
        db.flush()?;
        // Reading everything once finds pages that are damaged before a listing does.
        for name in db.tree_names() {
            for entry in db.open_tree(name)?.iter() {
                entry?;
            }
        }
        Ok(Index { db, puts: Default::default() })
    };
    match catch_unwind(AssertUnwindSafe(open)) {
        Ok(Ok(index)) => Ok(index),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_panic) => Err("the database panicked".into()),
    }
}

/// Moves a damaged folder out of the way; the oldest of those before gives way.
fn set_aside(folder: &Path) -> Result<PathBuf, IndexError> {
    let fault = |path: &Path| {
        let path = path.to_owned();
        move |source| IndexError::Folder { path, source }
    };
    let name = |number: u32| folder.with_extension(format!("damaged-{number}"));
    let free = (1..=SET_ASIDE).map(name).find(|path| !path.exists());
    let target = match free {
        Some(path) => path,
        None => {
            let last = name(SET_ASIDE);
            std::fs::remove_dir_all(&last).map_err(fault(&last))?;
            last
        }
    };
    std::fs::rename(folder, &target).map_err(fault(folder))?;
    Ok(target)
}
