//! Looks after one LiteLLM process on this machine: installs it, starts it, says whether it runs, stops it.
//!
//! Everything lies in one folder, the [`Home`]: the virtual environment, the log, the key, and the [`Record`]
//! of the process that runs. It outlives whoever started it, until [`stop`], or ends with them, as they ask for.
//! Install, start and stop take turns by a lock file; [`running`] and [`status`] take none and never wait for it.

mod error;
mod health;
mod home;
mod install;
mod installation;
mod launch;
mod listener;
mod load;
mod log;
mod options;
mod process;
mod python;
mod record;
mod requirements;
mod secrets;
mod source;
mod start;
mod status;
mod stop;
mod uninstall;

pub use error::{Error, Result};
pub use health::Deployment;
pub use home::Home;
pub use install::{INSTALL_SIZE, InstallProgress, install, installed};
pub use installation::{Choice, Installation, find};
pub use launch::KEY_VARIABLE;
pub use listener::Listener;
pub use load::{Loaded, load};
pub use log::{Logged, logged};
pub use options::{Options, StartProgress};
pub use record::{Record, recorded, running};
pub(crate) use requirements::VERSION;
pub use source::{Source, Warning, usual_variables};
pub(crate) use start::new_key;
pub use start::{Hold, Started, start};
pub use status::{Served, Status, served, status};
pub use stop::stop;
pub use uninstall::uninstall;
