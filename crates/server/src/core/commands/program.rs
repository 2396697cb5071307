//! The program that a command line runs, for the name of a tab. Owns what is passed over before it. A guess
//! for eyes: nothing is decided by it.

/// Programs that run another one, which is the one of interest.
const CARRIERS: [&str; 10] =
    ["sudo", "doas", "env", "command", "exec", "time", "nohup", "nice", "ionice", "setsid"];
/// The longest name that is given.
const LONGEST: usize = 24;

/// The name of the program that a command line begins with: without assignments, without what only carries
/// it, without its directory. Empty when there is none.
#[must_use]
pub fn program_of(line: &str) -> String {
    let mut words = line.split_whitespace().filter(|word| !is_assignment(word)).peekable();
    let mut program = words.next().unwrap_or_default();
    while CARRIERS.contains(&name(program)) {
        let mut carried = words.by_ref().skip_while(|word| word.starts_with('-'));
        match carried.next() {
            Some(word) => program = word,
            None => break,
        }
    }
    name(program).chars().filter(|char| !char.is_control()).take(LONGEST).collect()
}

/// Without quotes and directories.
fn name(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'', '(', ')', ';', '\\']);
    word.rsplit('/').find(|part| !part.is_empty()).unwrap_or(word)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::program_of;

    #[test]
    fn what_carries_a_program_is_passed_over() {
        for (line, program) in [
            ("vim src/main.rs", "vim"),
            ("/usr/bin/htop", "htop"),
            ("RUST_LOG=debug cargo test", "cargo"),
            ("sudo -E apt update", "apt"),
            ("time nice make -j8", "make"),
            ("env A=1 ./run.sh", "run.sh"),
            ("(cd /tmp; ls)", "cd"),
            ("\"my program\" x", "my"),
            ("sudo -s", "sudo"),
            ("for i in 1 2; do ls; done", "for"),
            ("한글-프로그램 x", "한글-프로그램"),
            ("   ", ""),
            ("/", "/"),
            ("\x1b[31mls", "[31mls"),
        ] {
            assert_eq!(program_of(line), program, "{line:?}");
        }
        assert_eq!(program_of(&"x".repeat(1000)).len(), 24);
    }
}
