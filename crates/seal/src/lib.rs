//! What makes a decision checkable by anyone, offline, for years.
//!
//! A decision becomes a credential ([`credential`]) signed by a key whose history
//! is dated ([`did`]); its present status stands in lists ([`status`]); it is
//! entered in an append-only log ([`log`]); [`verify`] checks all of these and
//! says what is proven and what is not. One folder or file for each published
//! specification. Apart from [`log::store`] and [`log::seen`], which keep a log, and
//! what a witness saw of it, as static files, and [`file`], nothing here reads a file, a
//! clock, a network or a source of randomness: they come in as arguments. Signatures and
//! hashes are those of `ed25519-dalek`, `p256` and `sha2`.

pub mod address;
mod assessed;
pub mod badge;
mod claims;
pub mod counted;
pub mod credential;
pub mod data_model;
pub mod decision;
pub mod did;
pub mod file;
pub mod json;
pub mod jws;
pub mod key;
pub mod log;
pub mod open_badge;
pub mod oscal;
pub mod proof;
mod refusal;
pub mod register;
pub mod signer;
pub mod status;
pub mod time;
mod toml_file;
pub mod verify;

pub use refusal::{Refusal, Result};
