//! References to environment variables.

use std::collections::HashSet;

use super::context::{Check, did_you_mean};
use crate::config_yaml::{
    codes::Code::{EnvBlocked, EnvOnlyInConfig, EnvSyntax, EnvUnset},
    config::{Place, reference},
    tables::tables,
    yaml::{Kind, NodeId, Tree},
};

/// Sections whose texts are LiteLLM's own and are not looked at: templates and notes.
const FOREIGN: [&str; 3] = ["prompts", "policies", "mcp_servers"];
/// Keys whose texts may be anything.
const PROSE: [&str; 4] = ["description", "mock_response", "litellm_system_prompt", "system_prompt"];
/// Pointers that LiteLLM leaves as they are.
const KEPT: [&str; 2] = ["anthropic_issuer_signing_key_ref", "anthropic_keycloak_client_secret_ref"];

/// Where a scalar stands: what its rules depend on.
#[derive(Clone, Copy)]
struct Spot<'a> {
    /// The outermost key.
    top: &'a str,
    /// The nearest key around it.
    key: &'a str,
    /// Whether it is an item of a list.
    in_list: bool,
    /// Whether a list or a text there may hold references all the same.
    lenient: bool,
}

pub(super) fn check(check: &mut Check<'_>) {
    let usual = usual(check);
    for (file, source) in check.config.project().sources().iter().enumerate() {
        let Some(root) = source.tree.root() else { continue };
        let spot = Spot { top: "", key: "", in_list: false, lenient: false };
        let mut walk = Walk { check, file, tree: &source.tree, usual: &usual };
        walk.node(root, spot, 0);
    }
    environments(check);
    blocked(check);
}

/// Nodes whose variable is the provider's own: LiteLLM finds it later, whoever sets it.
fn usual(check: &Check<'_>) -> HashSet<Place> {
    let mut found = HashSet::new();
    for deployment in &check.config.deployments {
        let provider = deployment.origin.known().and_then(|name| tables().provider(name));
        let (Some(provider), Some(params)) = (provider, deployment.params) else { continue };
        for pair in check.config.entries(params) {
            let name = check.config.text(pair.value).and_then(reference);
            if name.is_some_and(|name| provider.variables().any(|variable| variable == name)) {
                found.insert(pair.value);
            }
        }
    }
    found
}

struct Walk<'c, 'a, 't> {
    check: &'c mut Check<'a>,
    file: usize,
    tree: &'t Tree,
    usual: &'c HashSet<Place>,
}

impl Walk<'_, '_, '_> {
    /// Every node once: aliases are looked at where they are defined.
    fn node(&mut self, id: NodeId, spot: Spot<'_>, depth: usize) {
        match &self.tree.node(id).kind {
            Kind::Map { entries, .. } => {
                for entry in entries {
                    let name = self.tree.scalar(entry.key).unwrap_or_default();
                    let top = if depth == 0 { name } else { spot.top };
                    let lenient = spot.lenient
                        || (name == "alert_to_webhook_url" && top == "general_settings")
                        || (name == "headers" && spot.key == "pass_through_endpoints");
                    let key = if depth > 0
                        && spot.in_list
                        && spot.key == "pass_through_endpoints"
                        && name != "headers"
                    {
                        spot.key
                    } else {
                        name
                    };
                    let of_list = self.tree.items(entry.value).is_some();
                    let key = if spot.in_list && of_list { name } else { key };
                    self.node(entry.value, Spot { top, key, in_list: false, lenient }, depth + 1);
                }
            }
            Kind::List { items } => {
                for item in items {
                    self.node(*item, Spot { in_list: true, ..spot }, depth + 1);
                }
            }
            Kind::Scalar { .. } => self.scalar(id, spot),
            Kind::Absent | Kind::Alias(_) => {}
        }
    }

    fn scalar(&mut self, id: NodeId, spot: Spot<'_>) {
        let Some(text) = self.tree.scalar(id) else { return };
        // Most texts hold none of these.
        let may_refer =
            text.contains(['$', '%']) || ["env", "ENV", "{{", "_KEY"].iter().any(|mark| text.contains(mark));
        if !may_refer || KEPT.contains(&spot.key) {
            return;
        }
        let place = Place { file: self.file, node: id };
        if let Some(name) = reference(text).filter(|name| is_name(name)) {
            if !spot.in_list || spot.lenient {
                self.variable(place, name, spot);
            } else if spot.top != "include" && !is_holder(spot.top) {
                let message = format!(
                    "LiteLLM leaves `{text}` in a list as it stands: only a whole value of a key is replaced."
                );
                self.check.error(EnvSyntax, place, message);
            }
            return;
        }
        if spot.lenient
            && let Some(name) = inner_reference(text)
        {
            return self.variable(place, name, spot);
        }
        // Notes are of several lines.
        let is_prose = PROSE.contains(&spot.key) || text.trim_end().contains('\n') || text.len() > 2000;
        if FOREIGN.contains(&spot.top) || is_prose || spot.lenient {
            return;
        }
        if let Some((said, name)) = misnamed(text) {
            let right = format!("os.environ/{name}");
            let message = format!(
                "No variable is called `{said}`, and LiteLLM uses null, without a word; write `{right}`."
            );
            self.check.warn(EnvUnset, place, message).replace(&right);
            return;
        }
        let Some((written, name)) = foreign_reference(text).or_else(|| self.bare(text, spot)) else { return };
        let whole = written == text.trim();
        let right = format!("os.environ/{name}");
        let how = if whole {
            format!("write `{right}`")
        } else {
            "only a whole value can be a reference: put the whole text into a variable".to_owned()
        };
        let message = format!("LiteLLM does not replace `{written}` and sends it as it stands; {how}.");
        let finding = self.check.error(EnvSyntax, place, message);
        if whole {
            finding.replace(&right);
        }
    }

    fn variable(&mut self, place: Place, name: &str, spot: Spot<'_>) {
        if (self.check.around.variable)(name).is_some() || self.in_vault(name) {
            return;
        }
        let is_master = spot.top == "general_settings" && spot.key == "master_key";
        // That there is no such key is a rule of its own.
        if is_master {
            return;
        }
        if self.check.is_set_in_file(name) {
            if !self.usual.contains(&place) && spot.top != "environment_variables" {
                let message = format!(
                    "`environment_variables` sets {name} after LiteLLM has replaced references, so this one is null. Set {name} in the environment."
                );
                self.check.warn(EnvOnlyInConfig, place, message);
            }
            return;
        }
        let near = self.check.nearest(name, self.check.around.names.iter().map(String::as_str));
        let outcome = match spot.key {
            "api_base" | "base_url" => {
                "LiteLLM uses null: requests, and the key, go to the provider's own address"
            }
            _ => "LiteLLM uses null, without a word",
        };
        let message =
            format!("{name} is not set, in the environment or in `.env`; {outcome}.{}", did_you_mean(near));
        let near = near.map(|near| format!("os.environ/{near}"));
        self.check.warn(EnvUnset, place, message).replace_by(near.as_deref());
    }

    /// The name of a variable alone, where a key is wanted.
    fn bare<'x>(&self, text: &'x str, spot: Spot<'_>) -> Option<(&'x str, &'x str)> {
        let name = text.trim().trim_start_matches('<').trim_end_matches('>');
        let is_known = || {
            self.check.is_set(name)
                || tables().providers().any(|one| one.variables().any(|known| known == name))
        };
        let is_key = tables().key("litellm_params", spot.key).is_some_and(|key| key.is("secret"));
        (is_key && is_upper(name) && is_known()).then_some((text.trim(), name))
    }

    /// Whether a secret manager answers for that name.
    fn in_vault(&self, name: &str) -> bool {
        let config = self.check.config;
        if config.setting("general_settings", "key_management_system").is_none() {
            return false;
        }
        let settings = config.setting("general_settings", "key_management_settings");
        let hosted = settings.and_then(|pair| config.items(config.get(pair.value, "hosted_keys")?));
        hosted.is_none_or(|names| names.iter().any(|place| config.text(*place) == Some(name)))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'))
}

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()
}

/// The variable of a reference within a text, such as `Bearer os.environ/TOKEN`.
fn inner_reference(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("os.environ/")?;
    let name = &rest[..name_length(rest)];
    (!name.is_empty()).then_some(name)
}

/// Ways of naming the environment that LiteLLM does not know, before a name in capitals.
const SLIPS: [&str; 12] = [
    "os.environ:",
    "os.environ\\",
    "os.environ ",
    "os.environment/",
    "os.enviroment/",
    "os.env/",
    "os.getenv/",
    "os/environ/",
    "environ/",
    "env/",
    "env:",
    "env.",
];

/// Whether an outermost key holds what is used elsewhere by its anchors.
fn is_holder(top: &str) -> bool {
    top.starts_with(['_', '.']) || top.starts_with("x-")
}

/// Whether that is how variables are named.
fn is_upper(name: &str) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    name.len() > 2 && name.bytes().all(upper)
}

/// The name in a reference with more than a name, such as `os.environ/ NAME`, and the one that is meant.
fn misnamed(text: &str) -> Option<(&str, &str)> {
    let said = text.strip_prefix("os.environ/")?;
    let name = said.trim_matches([' ', '$', '{', '}', '/']);
    (name != said && is_upper(name)).then_some((said, name))
}

/// The variable of a whole value that begins with such a slip, or is marked as templates and Windows do.
fn slip(text: &str) -> Option<&str> {
    const MARKS: [(&str, &str); 2] = [("{{", "}}"), ("%", "%")];
    let marked = MARKS.iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let in_capitals = || {
        text.split_at_checked("os.environ/".len())
            .filter(|(start, _)| start.eq_ignore_ascii_case("os.environ/"))
    };
    let after = SLIPS.iter().find_map(|start| text.strip_prefix(start));
    let marked = marked.map(|name| name.trim().trim_start_matches("env."));
    let name = after.or(marked).or_else(|| in_capitals().map(|(_, name)| name))?;
    let name = name.trim_start_matches(['/', ' ']).trim_end();
    is_upper(name).then_some(name)
}

/// A reference in the language of others: what is written, and the variable that is meant.
fn foreign_reference(text: &str) -> Option<(&str, &str)> {
    if let Some(start) = text.find("${") {
        let inner = &text[start + 2..];
        let name = &inner[..name_length(inner)];
        let end = inner.find('}')?;
        let rest = &inner[name.len()..end];
        let plain = !name.is_empty() && (rest.is_empty() || rest.starts_with(':'));
        return plain.then(|| (&text[start..start + 2 + end + 1], name));
    }
    if let Some(name) = slip(text.trim()) {
        return Some((text.trim(), name));
    }
    let called =
        ["os.environ.get(", "os.getenv("].iter().find_map(|call| Some((text.find(call)?, call.len())));
    if let Some((start, length)) = called {
        let inner = text[start + length..].trim_start_matches(['"', '\'']);
        let name = &inner[..name_length(inner)];
        let end = inner.find(')').map_or(inner.len(), |end| end + 1);
        return (!name.is_empty()).then_some((&text[start..text.len() - inner.len() + end], name));
    }
    if let Some(start) = text.find("os.environ") {
        let inner = &text[start + "os.environ".len()..];
        let (skip, close): (usize, &str) = if inner.starts_with(['.', '/']) {
            (1, "")
        } else if inner.starts_with("['") {
            (2, "']")
        } else if inner.starts_with("[\"") {
            (2, "\"]")
        } else if inner.starts_with('[') {
            (1, "]")
        } else {
            return None;
        };
        let inner = &inner[skip..];
        let name = &inner[..name_length(inner)];
        if name.is_empty() {
            return None;
        }
        let closed = inner[name.len()..].strip_prefix(close)?;
        return Some((&text[start..text.len() - closed.len()], name));
    }
    let name = text.strip_prefix('$')?;
    (is_upper(name) && !name.starts_with(|c: char| c.is_ascii_digit())).then_some((text, name))
}

/// A deployment for some environments only, where nothing says which this is.
fn environments(check: &mut Check<'_>) {
    if check.is_set("LITELLM_ENVIRONMENT") {
        return;
    }
    let infos: Vec<Place> =
        check.config.deployments.iter().filter_map(|deployment| deployment.info).collect();
    for info in infos {
        let Some(value) = check.config.given(info, "supported_environments") else { continue };
        if check.config.is_on(value) {
            let message =
                "LITELLM_ENVIRONMENT is not set, so LiteLLM drops this deployment, with a line in its log.";
            check.warn(EnvUnset, value, message.to_owned());
        }
    }
}

fn blocked(check: &mut Check<'_>) {
    let Some(section) = check.config.section("environment_variables") else { return };
    for pair in check.config.entries(section) {
        let by_prefix = ["LD_", "DYLD_", "PYTHON"].iter().any(|start| pair.name.starts_with(start));
        if by_prefix || tables().word("blocked", pair.name).is_some() {
            let message = format!(
                "LiteLLM sets no {} from a file, and skips it; set it where the proxy is started.",
                pair.name
            );
            check.warn(EnvBlocked, pair.key, message);
        }
    }
}
