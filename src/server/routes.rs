//! The table of methods: every one on one screen, for both doors and for the commands.

use litellm_ls_protocol::{
    CheckFile, Complete, Configure, CountTokens, Discover, Edit, Fit, ListModels, ListProfiles, ListPrompts,
    MarkModel, ProxyLogs, ProxyStatus, RemoveProfile, Request, RestartProxy, StartProxy, Status, StopProxy,
    UsageReport,
};

use super::{Peer, handlers, shown::Shown};
use crate::provider::Result;

/// What answers one method. Its state is taken before its first await, in the order of arrival.
pub(super) trait Handler<R: Request>: Clone + Send + Sync + 'static {
    /// Answers.
    fn handle(
        &self,
        peer: Peer,
        params: R::Params,
    ) -> impl Future<Output = Result<R::Result>> + Send + 'static;
}

impl<R, F, Fut> Handler<R> for F
where
    R: Request,
    F: Fn(Peer, R::Params) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<R::Result>> + Send + 'static,
{
    fn handle(
        &self,
        peer: Peer,
        params: R::Params,
    ) -> impl Future<Output = Result<R::Result>> + Send + 'static {
        self(peer, params)
    }
}

/// A dispatcher that takes routes.
pub(super) trait Routes: Sized {
    /// Adds the route of one method.
    fn on<R: Request<Result: Shown>>(self, handler: impl Handler<R>) -> Self;
}

/// Every method, with what answers it.
pub(super) fn routes<T: Routes>(table: T) -> T {
    table
        .on::<Discover>(handlers::discover)
        .on::<Configure>(handlers::configure)
        .on::<Status>(handlers::status)
        .on::<ListModels>(handlers::list_models)
        .on::<MarkModel>(handlers::mark_model)
        .on::<Complete>(handlers::complete)
        .on::<Edit>(handlers::edit)
        .on::<ListPrompts>(handlers::list_prompts)
        .on::<CountTokens>(handlers::count_tokens)
        .on::<Fit>(handlers::fit)
        .on::<CheckFile>(handlers::check_file)
        .on::<UsageReport>(handlers::usage)
        .on::<ListProfiles>(handlers::list_profiles)
        .on::<RemoveProfile>(handlers::remove_profile)
        .on::<StartProxy>(handlers::start_proxy)
        .on::<StopProxy>(handlers::stop_proxy)
        .on::<RestartProxy>(handlers::restart_proxy)
        .on::<ProxyStatus>(handlers::proxy_status)
        .on::<ProxyLogs>(handlers::proxy_logs)
}
