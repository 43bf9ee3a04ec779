//! What the systems have each in its own way: users, folders of one's own, processes that stay.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::{
    detach, end, held, leave_terminal, log_to, make_own_folder, program, release, take_many_files, user,
};
#[cfg(windows)]
pub(super) use windows::{
    detach, end, held, leave_terminal, log_to, make_own_folder, program, release, take_many_files, user,
};
