//! Steps at which a test lets the process die, to see what it leaves. Nothing in a program.

#[cfg(not(test))]
pub(crate) fn here() {}

/// Aborts at the step that `CCC_TEST_DIE_AT` asks for.
#[cfg(test)]
pub(crate) fn here() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static STEP: AtomicU32 = AtomicU32::new(0);
    let step = STEP.fetch_add(1, Ordering::Relaxed);
    let asked = std::env::var("CCC_TEST_DIE_AT").ok().and_then(|at| at.parse().ok());
    if asked == Some(step) {
        std::process::abort();
    }
}
