//! How a login shell is made to read our marks: by arguments and variables alone, no file of the user's
//! is touched. Owns the way into each shell; the scripts take back what led to them.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Variable;

/// Says to a script that it was meant. For zsh it is the folder of the scripts.
const MEANT: &[u8] = b"CCC_SHELL";
/// What fish looks through when XDG_DATA_DIRS is not set.
const DATA_DIRS: &[u8] = b"/usr/local/share:/usr/share";

/// Makes a login shell read its script below `scripts`; a shell that is not known stays as it is.
pub(super) fn lead(
    shell: &Path,
    scripts: &Path,
    argv: &mut Vec<Vec<u8>>,
    environment: &mut Vec<Variable>,
) {
    let folder = |name: &str| scripts.join(name).into_os_string().into_encoded_bytes();
    let mut variables = Variables(environment);
    match shell.file_name().map(OsStrExt::as_bytes) {
        Some(b"bash") => {
            // The keeper gives a login shell no arguments, so that bash is told to be one; its script gives
            // it the name of one.
            *argv = [b"bash".as_slice(), b"--login", b"--posix"].map(<[u8]>::to_vec).to_vec();
            variables.keep(b"ENV", b"CCC_SHELL_ENV");
            variables.set(b"ENV", folder("bash/ccc.bash"));
            // In this mode bash would choose another file for the history.
            let home = variables.find(b"HOME").map(<[u8]>::to_vec);
            if let (None, Some(home)) = (variables.find(b"HISTFILE"), home) {
                variables.set(b"HISTFILE", [&home, b"/.bash_history".as_slice()].concat());
                variables.set(b"CCC_SHELL_HISTFILE", b"1".to_vec());
            }
            variables.set(MEANT, b"1".to_vec());
        }
        Some(b"zsh") => {
            variables.keep(b"ZDOTDIR", b"CCC_SHELL_ZDOTDIR");
            variables.set(b"ZDOTDIR", folder("zsh"));
            variables.set(MEANT, folder("zsh"));
        }
        // A list of folders cannot name one with a colon in its path.
        Some(b"fish") if !scripts.as_os_str().as_bytes().contains(&b':') => {
            let present = variables.find(b"XDG_DATA_DIRS").filter(|dirs| !dirs.is_empty());
            let before = present.map_or_else(Vec::new, |dirs| [b"x", dirs].concat());
            let dirs = present.unwrap_or(DATA_DIRS);
            let led = [scripts.as_os_str().as_bytes(), b":", dirs].concat();
            variables.set(b"CCC_SHELL_DATA_DIRS", before);
            variables.set(b"XDG_DATA_DIRS", led);
            variables.set(MEANT, b"1".to_vec());
        }
        _ => {}
    }
}

struct Variables<'a>(&'a mut Vec<Variable>);

impl Variables<'_> {
    fn find(&self, name: &[u8]) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    fn set(&mut self, name: &[u8], value: Vec<u8>) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_vec(), value));
    }

    /// Keeps what a variable was, if it was, for the script to give back.
    fn keep(&mut self, name: &[u8], under: &[u8]) {
        if let Some(value) = self.find(name).map(<[u8]>::to_vec) {
            self.set(under, value);
        }
    }
}
