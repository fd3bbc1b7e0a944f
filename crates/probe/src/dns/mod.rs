//! A bulk DNS core: messages, an engine that asks many questions of few or many servers
//! at once, plans of what to ask about a domain, and results that survive a kill.

pub mod answer;
pub mod drive;
pub mod engine;
pub mod lookups;
pub mod message;
pub mod name;
pub mod order;
pub mod rdata;
pub mod resolve;
pub mod socket;
mod stream;
pub mod window;

/// A seed from the operating system's randomness, for [`engine::Engine::new`] and for
/// [`crate::measure::ask::Asker::new`].
///
/// # Errors
/// What the system says where it gives none: without a seed whoever guesses the numbers of
/// queries could answer in a server's place.
pub fn fresh_seed() -> Result<[u8; 32], String> {
    use rand_chacha::rand_core::TryRngCore;
    let mut seed = [0; 32];
    let filled = rand_chacha::rand_core::OsRng.try_fill_bytes(&mut seed);
    filled.map(|()| seed).map_err(|e| e.to_string())
}
