//! The command line.

pub mod proxy;
