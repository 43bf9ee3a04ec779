//! One file a method.

mod complete;
mod configure;
mod list_models;
mod status;

pub(super) use complete::complete;
pub(super) use configure::configure;
pub(super) use list_models::list_models;
pub(super) use status::status;
