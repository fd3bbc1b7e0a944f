//! Stack for recursion over decision diagrams, whose depth is the number of
//! their levels: shallow ones run where they are, deep ones on a thread with a
//! stack that fits, of which the system only provides what is touched.

/// Levels that any caller's stack has room for.
const SHALLOW: usize = 1_000;
/// More than one level takes, optimized or not.
const BYTES_PER_LEVEL: usize = 1_024;

/// Runs something that recurses as deep as there are levels; nothing where the
/// system has no room for so many.
pub fn with_room<T: Send>(levels: usize, work: impl FnOnce() -> T + Send) -> Option<T> {
    if levels <= SHALLOW {
        return Some(work());
    }
    let size = (levels + SHALLOW) * BYTES_PER_LEVEL;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(size);
        let running = thread.spawn_scoped(scope, work).ok()?;
        match running.join() {
            Ok(result) => Some(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
