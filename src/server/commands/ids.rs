//! What the commands are called.

use litellm_ls_protocol::{METHODS, MethodKind};

use crate::assist::{TASKS, task_row};

/// What every id begins with, so that none collides with an extension's own.
pub(super) const PREFIX: &str = "litellm-ls.";

/// Commands beside the twins of the methods.
pub(in crate::server) const USE_MODEL: &str = "useModel";
pub(in crate::server) const INSERT_ANSWER: &str = "insertAnswer";
pub(in crate::server) const SHOW_ANSWER: &str = "showAnswer";
/// What a code action runs behind its edit that makes a `.env`.
pub(in crate::server) const PROTECT: &str = "protectEnv";
/// What stands above a config.yaml, and above a deployment of one that is served.
pub(in crate::server) const CHECK_DEEP: &str = "checkDeep";
pub(in crate::server) const TEST_DEPLOYMENT: &str = "testDeployment";
pub(in crate::server) const CANCEL: &str = "cancel";
/// The command for prompts.
pub(in crate::server) const PROMPT: &str = "prompt";

/// The ids that `initialize` announces.
pub(in crate::server) fn ids() -> Vec<String> {
    let requests = METHODS.iter().filter(|method| method.kind == MethodKind::Request);
    let twins = requests.map(|method| twin(method.method));
    let own = [USE_MODEL, CANCEL, INSERT_ANSWER, SHOW_ANSWER, PROTECT, CHECK_DEEP, TEST_DEPLOYMENT];
    let own = own.into_iter().chain(about_texts());
    twins.chain(own.map(str::to_owned)).map(|name| id(&name)).collect()
}

/// The id of a command.
pub(in crate::server) fn id(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// The name of a method's twin: without `provider/`, and with a dot for any other slash.
pub(super) fn twin(method: &str) -> String {
    let (first, last) = method.split_once('/').unwrap_or_default();
    if first == "provider" { last.to_owned() } else { format!("{first}.{last}") }
}

/// The commands that ask a model about a text.
pub(super) fn about_texts() -> impl Iterator<Item = &'static str> {
    TASKS.into_iter().filter_map(|task| task_row(task).command).chain([PROMPT])
}
