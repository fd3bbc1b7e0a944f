//! The commands of the seal, run as people run them: a fictional label from its keys to
//! its certificates, and everything that must not pass for one.

mod bad_input;
mod ended;
mod issue;
mod keys;
mod label;
mod life;
mod lists;
mod named;
mod rekey;
mod replay;
mod served;
mod witness;
