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

/// A seed from the operating system's randomness, for [`engine::Engine::new`].
#[must_use]
pub fn fresh_seed() -> [u8; 32] {
    use rand_chacha::rand_core::{RngCore, SeedableRng};
    let mut seed = [0; 32];
    rand_chacha::ChaCha20Rng::from_os_rng().fill_bytes(&mut seed);
    seed
}
