//! What may come next: keys by section, and values by key.

use std::collections::HashMap;

use super::{
    config::Config,
    cost::{Model, costs, without_provider},
    files::Surroundings,
    lines::line_start,
    newest::{is_aside, rank},
    own_key::MASTER_KEY,
    path::{self, Writing},
    project::{Project, Source},
    quotes::{plain_or_quoted, quoted},
    release::Release,
    resolver::Names,
    safe::beside,
    show, snippets,
    symbols::{self, Kind},
    tables::{Key, Provider, tables},
    yaml::Span,
};

/// What a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A key of a map.
    Key,
    /// A word out of few.
    Word,
    /// A provider.
    Provider,
    /// A model.
    Model,
    /// The name of a variable.
    Variable,
    /// A name of this configuration.
    Name,
    /// A whole deployment.
    Snippet,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is called, and what it is found by.
    pub label: String,
    /// A few words beside it.
    pub detail: String,
    /// More, in Markdown. Blank where there is no more.
    pub documentation: String,
    /// What it is.
    pub kind: ItemKind,
    /// The text that takes the place of what is written.
    pub text: String,
    /// The same with places to be filled in, as LSP writes them. Absent where there are none.
    pub snippet: Option<String>,
    /// Whether it is better not chosen.
    pub deprecated: bool,
    /// The bytes that it takes the place of.
    pub range: Span,
}

/// How many are proposed at once; more is found by writing on.
const MOST: usize = 300;

/// What may be written at a place, the likeliest first.
pub fn suggest(project: &Project, around: &Surroundings<'_>, file: usize, offset: usize) -> Vec<Item> {
    let Some(source) = project.sources().get(file) else { return Vec::new() };
    // Between CR and LF a line has ended: what is put in there would be a part of it.
    let is_amid = offset > 0 && source.text().as_bytes().get(offset - 1..=offset) == Some(b"\r\n");
    let offset = offset - usize::from(is_amid);
    let Some(writing) = path::writing(source.text(), offset) else { return Vec::new() };
    let config = Config::new(project, around.variable);
    let suggest = Suggest { config: &config, around, writing: &writing, source, text: source.text(), offset };
    let mut items = match writing.key {
        None => suggest.keys(),
        Some(key) => suggest.values(key),
    };
    suggest.keep_fitting(&mut items);
    items.truncate(MOST);
    items
}

struct Suggest<'a> {
    config: &'a Config<'a>,
    around: &'a Surroundings<'a>,
    writing: &'a Writing<'a>,
    source: &'a Source,
    text: &'a str,
    offset: usize,
}

impl Suggest<'_> {
    fn item(&self, label: &str, kind: ItemKind) -> Item {
        let range = self.writing.start..self.writing.end;
        Item {
            label: label.to_owned(),
            detail: String::new(),
            documentation: String::new(),
            kind,
            text: label.to_owned(),
            snippet: None,
            deprecated: false,
            range,
        }
    }

    /// Leaves out what would change more of the file than the word that it is chosen for.
    fn keep_fitting(&self, items: &mut Vec<Item>) {
        // Some name that no file has: what is read as one is read as another.
        const NAME: &str = "litellm-ls";
        let word = self.writing.start..self.writing.end;
        // A colon and a dash are none without a blank behind them.
        let blank = if self.text[..word.start].ends_with([':', '-']) { " " } else { "" };
        let mut known = HashMap::new();
        items.retain_mut(|item| {
            let name = item.text.trim_end_matches([':', ' ']);
            let quote = if name.ends_with('"') { "\"" } else { "" };
            let tried = match item.kind {
                ItemKind::Snippet => item.text.clone(),
                _ => format!("{quote}{NAME}{quote}{}", &item.text[name.len()..]),
            };
            item.text.insert_str(0, blank);
            let tried = format!("{blank}{tried}");
            let keys = known.entry(tried).or_insert_with_key(|tried| beside(self.source, &word, tried));
            keys.as_ref().is_some_and(|keys| !keys.contains(&item.label))
        });
    }

    fn keys(&self) -> Vec<Item> {
        if self.writing.path == ["model_list"] {
            return self.deployments(true);
        }
        let Some(section) = path::section(&self.writing.path) else { return self.rules() };
        // `model:gpt`: a key without the blank behind its colon, whose value would go with it.
        let word = &self.text[self.writing.start..self.writing.end];
        if word.contains(':') && !word.starts_with(['"', '\'']) {
            return Vec::new();
        }
        let provider = self.provider();
        let fields: Vec<_> =
            provider.filter(|_| section == "litellm_params").into_iter().flat_map(Provider::fields).collect();
        let known = tables().keys(section).iter().filter(|key| {
            let written = self.writing.siblings.contains(&key.name) && key.name != self.writing.word;
            !written && !key.is("internal") && !key.is("passed")
        });
        let mut ranked: Vec<(usize, Item)> = known
            .enumerate()
            .map(|(place, key)| {
                let field = fields.iter().position(|field| field.name == key.name);
                let needed = field.is_some_and(|at| fields[at].required) || key.is("required");
                let rank = match (key.is("deprecated"), needed, field) {
                    (true, ..) => 2_000_000 + place,
                    (_, true, _) => place,
                    (_, _, Some(at)) => 1000 + at,
                    (_, _, None) => 10_000 + place,
                };
                (rank, self.key_item(section, key))
            })
            .collect();
        // What only its provider reads is in no table of keys.
        let unlisted = fields.iter().filter(|field| tables().key(section, field.name).is_none());
        let unlisted = unlisted.filter(|field| !self.writing.siblings.contains(&field.name));
        ranked.extend(unlisted.enumerate().map(|(place, field)| {
            let rank = if field.required { 500 + place } else { 2000 + place };
            let text = self.key(&self.in_quotes(field.name), ": ");
            (rank, Item { text, ..self.item(field.name, ItemKind::Key) })
        }));
        ranked.sort_by_key(|(rank, _)| *rank);
        let mut items: Vec<Item> = ranked.into_iter().map(|(_, item)| item).collect();
        if section == "deployment" && self.writing.siblings.is_empty() && self.is_behind_dash() {
            items.extend(self.deployments(false));
        }
        if self.is_below_list_begun() {
            items.splice(0..0, self.deployments(true));
        }
        items
    }

    /// Whether the line above is a `model_list:` that is begun: its items may stand at the edge as well, and editors that
    /// indent nothing put the cursor there.
    fn is_below_list_begun(&self) -> bool {
        let above = &self.text[..line_start(self.text, self.writing.start)];
        let mut above = above.lines().rev().map(str::trim_end);
        let above = above.find(|line| !line.is_empty() && !line.trim_start().starts_with('#'));
        self.writing.path.is_empty() && self.line_before().is_empty() && above == Some("model_list:")
    }

    /// Whether nothing but a dash stands before what is written.
    fn is_behind_dash(&self) -> bool {
        self.line_before().trim() == "-"
    }

    /// What stands on the line before what is written.
    fn line_before(&self) -> &str {
        &self.text[line_start(self.text, self.writing.start)..self.writing.start]
    }

    /// Whole deployments.
    fn deployments(&self, dash: bool) -> Vec<Item> {
        let line = self.line_before();
        let indent = " ".repeat(line.len() - line.trim_start_matches(' ').len());
        snippets::deployments(dash)
            .map(|(label, snippet)| Item {
                detail: "a deployment to be filled in".to_owned(),
                text: snippets::plain(&snippet).replace('\n', &format!("\n{indent}")),
                snippet: Some(snippet),
                ..self.item(&label, ItemKind::Snippet)
            })
            .collect()
    }

    /// A key and what is behind it. One that is there already keeps its colon.
    fn key(&self, key: &str, behind: &str) -> String {
        let has_colon = self.text[self.writing.end..].trim_start_matches(' ').starts_with(':');
        format!("{key}{}", if has_colon { "" } else { behind })
    }

    /// A word in quotes where it takes the place of one in quotes.
    fn in_quotes(&self, name: &str) -> String {
        let written = &self.text[self.writing.start..self.writing.end];
        if written.starts_with('"') { quoted(name) } else { name.to_owned() }
    }

    fn key_item(&self, section: &str, key: &Key) -> Item {
        let behind = if key.takes("map") || key.takes("list") { ":" } else { ": " };
        Item {
            detail: key.kind.replace('|', " or "),
            documentation: show::key(section, key),
            text: self.key(&self.in_quotes(key.name), behind),
            deprecated: key.is("deprecated"),
            ..self.item(key.name, ItemKind::Key)
        }
    }

    /// Keys that are names: the groups that fallbacks and policies are for.
    fn rules(&self) -> Vec<Item> {
        let of_groups = match self.writing.path.as_slice() {
            [_, key, "[]"] => key.ends_with("fallbacks"),
            [_, key] => matches!(
                *key,
                "model_group_retry_policy" | "model_group_affinity_config" | "model_group_settings"
            ),
            _ => false,
        };
        if !of_groups {
            return Vec::new();
        }
        let mut items = self.groups();
        items.iter_mut().for_each(|item| item.text = self.key(&item.text, ": "));
        items
    }

    fn values(&self, key: &str) -> Vec<Item> {
        let word = self.writing.word.trim_start_matches(['"', '\'']);
        let path = self.writing.path.as_slice();
        let in_list = key == "[]";
        if word.starts_with("os.e") || word.starts_with("os.environ/") {
            return self.variables();
        }
        let holder = if in_list {
            path.iter().rev().find(|name| **name != "[]").copied().unwrap_or_default()
        } else {
            key
        };
        let around: &[&str] = if in_list { path.split_last().map_or(&[], |(_, rest)| rest) } else { path };
        let is_target = matches!(path, [_, list, "[]", ..] if list.ends_with("fallbacks"))
            || matches!(
                holder,
                "default_fallbacks" | "background_health_check_model_groups" | "public_model_groups"
            )
            || holder.ends_with("_embedding_model")
            || matches!(path, ["router_settings", "model_group_alias", ..])
            || holder == "models" && path.contains(&"routing_groups");
        match holder {
            _ if is_target => return self.groups(),
            "access_groups" if path.first() == Some(&"model_list") => return self.access_groups(),
            "models" if path.get(1).is_some_and(|key| symbols::grants_models(key)) => {
                return [self.groups(), self.access_groups()].concat();
            }
            "model" if path::section(path) == Some("litellm_params") => return self.models(word),
            "custom_llm_provider" => return self.providers(""),
            "base_model" => {
                return self.listed(self.provider().map_or("openai", |provider| provider.id), word);
            }
            "litellm_credential_name" => return self.credentials(),
            "guardrail" => return self.words("guardrail"),
            "mode" if path.first() == Some(&"guardrails") => return self.words("mode"),
            _ => {}
        }
        let callbacks = self.callbacks(holder);
        if !callbacks.is_empty() {
            return callbacks;
        }
        let parent =
            if in_list { around.split_last().map_or(&[] as &[&str], |(_, rest)| rest) } else { around };
        let section = path::section(parent).or_else(|| path::section(path));
        let Some(found) = section.and_then(|section| tables().key(section, holder)) else {
            return Vec::new();
        };
        let mut items: Vec<Item> = found.allowed().map(|word| self.item(word, ItemKind::Word)).collect();
        if items.is_empty() && found.takes("boolean") {
            items.extend(["true", "false"].map(|word| self.item(word, ItemKind::Word)));
        }
        if found.is("secret") || matches!(holder, "api_base" | "master_key") {
            items.extend(self.variables());
        }
        items
    }

    /// The provider of the deployment around.
    fn provider(&self) -> Option<&'static Provider> {
        let near = self.config.deployments.iter().filter(|deployment| {
            let span = self.config.span(deployment.item);
            span.start <= self.offset
        });
        let found = near.max_by_key(|deployment| self.config.span(deployment.item).start)?;
        tables().provider(found.origin.known()?)
    }

    /// The usual variable of the provider first, then those that are set.
    fn variables(&self) -> Vec<Item> {
        let usual: Vec<&str> = self.provider().into_iter().flat_map(Provider::variables).collect();
        let of_key = match self.writing.key {
            Some("master_key") => vec![MASTER_KEY],
            Some("database_url") => vec!["DATABASE_URL"],
            _ => usual,
        };
        let looks = |name: &&str| {
            ["KEY", "TOKEN", "SECRET", "PASS", "URL", "BASE", "HOST", "PORT", "ID", "REGION"]
                .iter()
                .any(|part| name.contains(part))
        };
        let set = self.around.names.iter().map(String::as_str).filter(looks);
        let mut names: Vec<&str> = of_key.iter().copied().chain(set).collect();
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(*name));
        let item = |name: &str| {
            let is_set = (self.around.variable)(name).is_some();
            Item {
                detail: if is_set { "set" } else { "not set" }.to_owned(),
                ..self.item(&format!("os.environ/{name}"), ItemKind::Variable)
            }
        };
        names.into_iter().map(item).collect()
    }

    fn models(&self, word: &str) -> Vec<Item> {
        match word.split_once('/') {
            Some((provider, _)) if tables().provider(provider).is_some() => self.listed(provider, word),
            _ => self.providers("/"),
        }
    }

    /// Providers by how many models the price list has of them.
    fn providers(&self, behind: &str) -> Vec<Item> {
        let mut all: Vec<(usize, &Provider)> =
            tables().providers().map(|one| (costs().of(one.id).count(), one)).collect();
        let first = [
            "openai",
            "anthropic",
            "azure",
            "gemini",
            "bedrock",
            "vertex_ai",
            "openrouter",
            "ollama_chat",
            "mistral",
            "groq",
            "deepseek",
            "xai",
        ];
        let rank = |id: &str| first.iter().position(|known| *known == id).unwrap_or(first.len());
        all.sort_by_key(|(count, one)| (rank(one.id), usize::MAX - count, one.id));
        let item = |(_, one): (usize, &Provider)| Item {
            detail: one.name.to_owned(),
            ..self.item(&format!("{}{behind}", one.id), ItemKind::Provider)
        };
        all.into_iter().map(item).collect()
    }

    /// The models of a provider that begin with what is written, the newest first; what has retired comes last.
    fn listed(&self, provider: &str, word: &str) -> Vec<Item> {
        let today = self.around.today.as_str();
        let start = word.trim_start_matches(['"', '\'']);
        let mut found: Vec<(bool, bool, String, &Model)> = costs()
            .of(provider)
            .map(|model| {
                let whole = if model.id.contains('/') {
                    model.id.to_owned()
                } else {
                    format!("{provider}/{}", model.id)
                };
                let retired = model.deprecation_date.is_some_and(|date| date < today);
                (retired, model.mode != "chat", whole, model)
            })
            .filter(|(_, _, whole, _)| {
                whole.starts_with(start)
                    || start.is_empty()
                    || !start.contains('/')
                    || start.ends_with('/') && whole.starts_with(start)
            })
            .collect();
        found.sort_by_cached_key(|(retired, is_other, whole, _)| {
            let name = without_provider(whole, provider);
            (*retired, *is_other, is_aside(name), rank(name))
        });
        found.dedup_by(|one, other| one.2 == other.2);
        let item = |(deprecated, _, whole, model): (bool, bool, String, &Model)| Item {
            detail: [show::figures(model), show::abilities(model)]
                .iter()
                .filter(|text| !text.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(" · "),
            documentation: show::model(model),
            deprecated,
            text: plain_or_quoted(&whole),
            ..self.item(&whole, ItemKind::Model)
        };
        found.into_iter().map(item).collect()
    }

    /// A name of this file, in quotes where it would not be read as it is.
    fn name(&self, name: &str) -> Item {
        Item { text: plain_or_quoted(name), ..self.item(name, ItemKind::Name) }
    }

    fn groups(&self) -> Vec<Item> {
        let names = Names::of(self.config, Release::KNOWN);
        let mut all: Vec<&str> = names.all().collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|name| self.name(name)).collect()
    }

    fn access_groups(&self) -> Vec<Item> {
        let all = symbols::occurrences(self.config);
        let mut names: Vec<&str> =
            all.iter().filter(|one| one.kind == Kind::AccessGroup).map(|one| one.name).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| self.name(name)).collect()
    }

    fn credentials(&self) -> Vec<Item> {
        let items = self.config.list("credential_list").into_iter();
        let names = items.filter_map(|item| self.config.text(self.config.get(item, "credential_name")?));
        names.map(|name| self.name(name)).collect()
    }

    /// The names with which something is done below a key; those that the release does not have yet are left out.
    fn callbacks(&self, list: &str) -> Vec<Item> {
        let release = self.around.release_for(self.config.project().sources()[0].text());
        let names = tables().callbacks(list, release).into_iter();
        names.map(|name| self.item(name, ItemKind::Word)).collect()
    }

    fn words(&self, kind: &str) -> Vec<Item> {
        let mut words: Vec<&str> = tables().words(kind).map(|(word, _)| word).collect();
        words.sort_unstable();
        words.into_iter().map(|word| self.item(word, ItemKind::Word)).collect()
    }
}
