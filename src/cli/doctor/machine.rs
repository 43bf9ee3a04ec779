//! This program, the settings file and the keyring.

use std::time::Duration;

use litellm_ls_protocol::Outcome;

use super::{
    finding::{Finding, path},
    programs::{NAME, Programs, VERSION, age},
};
use crate::{
    environment::Environment,
    provider::Settings,
    store::{self, KeyringError},
};

/// How long a keyring may take to say that it has no key of a name that nobody uses.
const KEYRING_LIMIT: Duration = Duration::from_secs(3);
/// Such a name.
const NOBODY: &str = "litellm-ls doctor";

/// This program, and what its name leads to in a shell.
pub(super) async fn program(programs: &mut Programs) -> [Finding; 2] {
    let here = Finding::new(
        "program",
        "program",
        Outcome::Ok,
        match &programs.own {
            Some(own) => format!("{NAME} {VERSION}, {}", path(own)),
            None => format!("{NAME} {VERSION}"),
        },
    );
    let here = match &programs.own {
        Some(own) => here.of_program(own, Some(VERSION)),
        None => here,
    };
    let on_path = |outcome, message| Finding::new("path", "on the PATH", outcome, message);
    let Some(first) = programs.on_path(NAME) else {
        let message = format!("there is no {NAME}, so a shell does not find it");
        let remedy = format!("put {} on the PATH", programs.own_folder());
        return [here, on_path(Outcome::Skipped, message).with_remedy(remedy)];
    };
    let shown = path(&first);
    let found = match programs.version(&first).await {
        Ok(version) => match age(&version) {
            None => on_path(Outcome::Ok, format!("{shown} {version}")),
            Some(age) => {
                on_path(Outcome::Warning, format!("{shown} {version} comes first, {age} than this program"))
                    .with_remedy(programs.before(&first))
            }
        }
        .of_program(&first, Some(&version)),
        Err(_) => {
            on_path(Outcome::Warning, format!("{shown} comes first, and does not say that it is {NAME}"))
                .of_program(&first, None)
                .with_remedy(format!("run {shown} --version and mend what it says, or remove it"))
        }
    };
    [here, found]
}

/// The settings file: where it is, and whether it can be used.
pub(super) fn settings(environment: &Environment, settings: &Settings) -> Finding {
    let finding = |outcome, message| Finding::new("settings", "settings at", outcome, message);
    let Some(file) = environment.settings_file() else {
        return finding(Outcome::Warning, "this machine has no place for a settings file".to_owned())
            .with_remedy("set HOME, or LITELLM_LS_SETTINGS to a file".to_owned());
    };
    let shown = path(file.path());
    let problems = settings.problems().count();
    if problems > 0 {
        let found = match problems {
            1 => format!("1 problem in the settings file {shown}"),
            problems => format!("{problems} problems in the settings file {shown}"),
        };
        return finding(Outcome::Warning, found).with_remedy(
            "run `litellm-ls config show`, which names each, and `litellm-ls config edit`".to_owned(),
        );
    }
    if !file.path().exists() {
        return finding(
            Outcome::Skipped,
            format!("{shown} is not there yet: `litellm-ls config set` makes it"),
        );
    }
    let count = settings.list().profiles.iter().filter(|profile| profile.persisted).count();
    let profiles = if count == 1 { "profile" } else { "profiles" };
    finding(Outcome::Ok, format!("{shown}, {count} {profiles}"))
}

/// Whether keys can be kept in the keyring of the platform. It matters where a profile has its key there.
pub(super) async fn keyring(settings: &Settings) -> Finding {
    let finding = |outcome, message| Finding::new("keyring", "keyring", outcome, message);
    // On a thread that nobody waits for: it may ask its user to unlock it.
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = tell.send(store::read_key(NOBODY).err());
    });
    let answer = tokio::time::timeout(KEYRING_LIMIT, told).await;
    let reason = match answer {
        Ok(Ok(None | Some(KeyringError::NoKey))) => {
            return finding(
                Outcome::Ok,
                "can be used: `litellm-ls config store-key NAME` keeps a key".to_owned(),
            );
        }
        Ok(Ok(Some(error))) => error.to_string(),
        Ok(Err(_)) | Err(_) => "the keyring does not answer".to_owned(),
    };
    let reason = crate::cli::output::shown(&reason);
    let is_used = settings.list().profiles.iter().any(|profile| {
        let origin = profile.api_key.as_ref().and_then(|key| key.origin.as_deref());
        origin.is_some_and(|origin| origin.starts_with("keyring:"))
    });
    match is_used {
        true => finding(Outcome::Warning, format!("a profile has its key there, and {reason}")).with_remedy(
            "give the key as env:NAME, file:PATH or cmd:COMMAND, or unlock the keyring".to_owned(),
        ),
        false => {
            finding(Outcome::Skipped, "none here: give keys as env:NAME, file:PATH or cmd:COMMAND".to_owned())
        }
    }
}
