//! One process for all of a user's editors. What an editor starts is a shim: it carries bytes between the editor and the
//! one process, which it starts where there is none.
//!
//! Who may be whose: the socket lies in a folder that only its owner can enter, and each side looks whose process is at
//! the other end before it says anything. What came with the editor's process, variables and the working folder, goes
//! over in the first line, and holds for that editor alone.

mod ask;
mod carry;
mod hello;
mod join;
mod journal;
mod life;
mod log;
mod place;
mod process;
mod sessions;
mod socket;
mod way;

/// The command that is the process.
pub const COMMAND: &str = "shared-process";

pub use ask::{Running, Stopped, sessions, stop};
pub use join::join;
pub use life::{IDLE, serve};
pub use log::turn_over;
pub use place::Place;
pub use sessions::Session;
