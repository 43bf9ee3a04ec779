//! Which files a configuration takes credentials from: service accounts, tokens, private keys.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    checks::names_secret,
    detect::{is_config, may_be_config},
    dotenv::DotEnv,
    files::{Files, LONGEST},
    place::reference,
    plaintext::speaks,
    project::Project,
    yaml::{self, Kind, Resolved, Tree},
};

/// How many a configuration may name; nobody has more.
const MOST: usize = 256;
/// Longest name of a file, in bytes.
const LONGEST_NAME: usize = 4096;
/// What stands before the names of files in values.
const BEFORE: [&str; 3] = ["oidc/file/", "file://", "file:"];
/// What names of keys and variables have in them whose values are files of secrets, where they end as those of files.
const SECRETS: [&str; 8] = ["auth", "cert", "cred", "key", "password", "pem", "secret", "token"];
const ENDS: [&str; 4] = ["file", "path", "filename", "filepath"];

/// A file that a configuration takes credentials from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CredentialFile {
    /// The folder of the configuration.
    pub folder: PathBuf,
    /// The file as it is named there: LiteLLM looks for it from the folder on that it is started in.
    pub named: PathBuf,
}

impl CredentialFile {
    /// Where it is, where LiteLLM is started beside the configuration.
    pub fn path(&self) -> PathBuf {
        self.folder.join(&self.named)
    }

    /// Whether a path leads there by its words, in whatever folder LiteLLM is started.
    pub fn is_named(&self, path: &str) -> bool {
        Path::new(path).ends_with(&self.named)
    }
}

/// The files that a text names, where it is of a configuration or a part of one.
pub fn credential_files(path: &Path, text: &str) -> Vec<CredentialFile> {
    if text.len() as u64 > LONGEST || !may_be_config(path) || !(speaks(text) || is_config(path, text)) {
        return Vec::new();
    }
    let mut found = Found::of(path);
    found.tree(&yaml::parse(text), &DotEnv::default());
    found.files.into_iter().collect()
}

/// The files that a configuration names, with what it includes and `.env` beside it; and what was read for that.
pub fn credential_files_at(path: &Path, files: &dyn Files) -> (Vec<CredentialFile>, Vec<PathBuf>) {
    let mut read = vec![path.to_owned()];
    let Some(text) = files.read(path).filter(|text| is_config(path, text)) else { return (Vec::new(), read) };
    let (project, dotenv) = (Project::read(path, &text, files), DotEnv::beside(path, files));
    let mut found = Found::of(path);
    for source in project.sources() {
        found.tree(&source.tree, &dotenv);
    }
    for name in dotenv.names() {
        found.pair(name, dotenv.get(name).unwrap_or_default(), &DotEnv::default());
    }
    read.extend(project.asked().iter().cloned());
    read.push(path.with_file_name(super::DOTENV));
    (found.files.into_iter().collect(), read)
}

struct Found<'a> {
    folder: &'a Path,
    files: BTreeSet<CredentialFile>,
}

impl<'a> Found<'a> {
    fn of(path: &'a Path) -> Self {
        Self { folder: path.parent().unwrap_or(Path::new("")), files: BTreeSet::new() }
    }

    fn tree(&mut self, tree: &Tree, dotenv: &DotEnv) {
        for node in tree.ids() {
            let Kind::Map { entries, .. } = &tree.node(node).kind else { continue };
            for entry in entries {
                let is_text = tree.resolved(entry.value) == Some(Resolved::Text);
                if let Some((name, value)) = tree.scalar(entry.key).zip(tree.scalar(entry.value))
                    && is_text
                {
                    self.pair(name, value, dotenv);
                }
            }
        }
    }

    fn pair(&mut self, name: &str, value: &str, dotenv: &DotEnv) {
        if !names_credential_file(name) || self.files.len() == MOST {
            return;
        }
        let value = match reference(value.trim()) {
            Some(variable) => dotenv.get(variable).unwrap_or_default(),
            None => value,
        };
        let value = BEFORE.iter().find_map(|mark| value.strip_prefix(mark)).unwrap_or(value).trim();
        let is_name = !value.is_empty() && value.len() <= LONGEST_NAME && !value.contains(['\n', '{', '*']);
        let is_path = names_file(name) || value.contains(['/', '\\', '.']);
        if !is_name || !is_path {
            return;
        }
        let value = value.replace('\\', "/");
        // What stands above is not known by its words.
        let mut named = value.as_str();
        while let Some(rest) = named.strip_prefix("./").or_else(|| named.strip_prefix("../")) {
            named = rest.trim_start_matches('/');
        }
        if Path::new(named).file_name().is_some() {
            let folder = match value.starts_with("../") {
                true => super::project::plain(&self.folder.join(&value[..value.len() - named.len()])),
                false => self.folder.to_owned(),
            };
            self.files.insert(CredentialFile { folder, named: named.into() });
        }
    }
}

/// Whether the value of a key or a variable may be the name of a file of credentials.
fn names_credential_file(name: &str) -> bool {
    names_file(name) || names_secret(name)
}

/// Whether it can be nothing else.
fn names_file(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let of_secret =
        SECRETS.iter().any(|word| lower.contains(word)) && ENDS.iter().any(|end| lower.ends_with(end));
    let of_entry = ["credential_name", "credential_info"].iter().any(|end| lower.ends_with(end));
    of_secret
        || lower.contains("credential") && !of_entry
        || lower.contains("service_account")
        || lower.ends_with("ssl_certificate")
        || lower.ends_with("ssl_key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let files = credential_files(Path::new("/w/deploy/config.yaml"), text);
        files.iter().map(|file| file.path().to_string_lossy().replace('\\', "/")).collect()
    }

    #[test]
    fn every_key_that_names_a_file_of_credentials_is_known() {
        for key in [
            "vertex_credentials",
            "vertex_ai_credentials",
            "chatgpt_auth_file",
            "anthropic_identity_token_file",
            "openai_identity_token_file",
            "gcs_path_service_account",
            "aws_web_identity_token",
            "aws_web_identity_token_file",
            "aws_shared_credentials_file",
            "azure_federated_token_file",
            "oci_key_file",
            "snowflake_private_key_file",
            "ssl_certificate",
            "client_key_path",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
        ] {
            for (value, path) in [
                ("gcp.json", "/w/deploy/gcp.json"),
                ("./keys/gcp.json", "/w/deploy/keys/gcp.json"),
                ("../gcp.json", "/w/gcp.json"),
                ("keys\\gcp.json", "/w/deploy/keys/gcp.json"),
                ("\"/etc/x/gcp.json\"", "/etc/x/gcp.json"),
                ("oidc/file/gcp.json", "/w/deploy/gcp.json"),
                ("&file gcp.json # ours", "/w/deploy/gcp.json"),
            ] {
                for text in [
                    format!("model_list:\n- litellm_params:\n    {key}: {value}\n"),
                    format!("litellm_params: {{\n  {key}: {value}\n}}\n"),
                    format!("\u{feff}environment_variables:\r\n  {key}: {value}\r\n"),
                ] {
                    assert_eq!(named(&text), [path], "{text}");
                }
            }
        }
    }

    #[test]
    fn what_names_no_file_is_none() {
        for pair in [
            "vertex_credentials: os.environ/GOOGLE",
            "vertex_credentials: '{\"type\": \"service_account\"}'",
            "vertex_credentials: true",
            "vertex_credentials: 1.5",
            "vertex_credentials:",
            "vertex_credentials: ../",
            "api_key: sk-0123456789",
            "litellm_credential_name: a/b.json",
            "auto_router_config_path: routes.json",
            "model: openai/gpt-4.1",
            "api_base: http://x/y.json",
        ] {
            assert_eq!(named(&format!("model_list:\n- litellm_params:\n    {pair}\n")), [""; 0], "{pair}");
        }
        assert_eq!(named("kind: Pod\nvertex_credentials: gcp.json\n"), [""; 0], "nothing of LiteLLM's");
    }
}
