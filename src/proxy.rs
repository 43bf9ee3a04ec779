//! Looks after one LiteLLM process on this machine: installs it, starts it, says whether it runs, stops it.
//!
//! Everything lies in one folder, the [`Home`]: the virtual environment, the log, the key, and the [`Record`]
//! of the process that runs. The process belongs to nobody: it outlives whoever started it, until [`stop`].
//! Install, start and stop take turns by a lock file; [`running`] and [`status`] take none and never wait for it.

mod error;
mod health;
mod home;
mod install;
mod listener;
mod log;
mod process;
mod python;
mod record;
mod requirements;
mod source;
mod start;
mod status;
mod stop;

pub use error::{Error, Result};
pub use home::Home;
pub use install::{INSTALL_SIZE, InstallProgress, install, installed};
pub use listener::Listener;
pub use record::{Record, recorded, running};
pub(crate) use requirements::VERSION;
pub use source::{Source, Warning, usual_variables};
pub use start::{StartProgress, Started, start};
pub use status::{Status, status};
pub use stop::stop;
