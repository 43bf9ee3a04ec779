//! All integration tests, in one crate so that there is one link.

mod clients;
mod support;
mod support_works;
