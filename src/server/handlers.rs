//! One file a method.

mod complete;
mod configure;
mod list_models;
mod list_profiles;
mod remove_profile;
mod status;

pub(super) use complete::complete;
pub(super) use configure::configure;
pub(super) use list_models::list_models;
pub(super) use list_profiles::list_profiles;
pub(super) use remove_profile::remove_profile;
pub(super) use status::status;
