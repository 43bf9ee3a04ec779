//! x
pub mod cli;
pub mod proxy;
