//! What is publicly known of the world, as dated data with sources.

pub mod alternatives;
pub mod countries;
pub mod operators;
pub mod regimes;
pub mod scenarios;
