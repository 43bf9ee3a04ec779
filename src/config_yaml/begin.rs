//! A file that does not exist yet: which vendors and models it can have, and its text.

use std::{collections::HashSet, path::Path};

use super::{
    cost::{Model, costs, per_million, without_provider},
    detect::is_config,
    newest::{is_aside, rank},
    place::reference,
    providers::{meant, of_bare},
    quotes::plain_or_quoted,
    show,
    tables::{Provider, tables},
};
use crate::{figures::tokens, newness::Newness};

/// Those that people look for, in this order; any other may be named.
const USUAL: [&str; 15] = [
    "openai",
    "anthropic",
    "gemini",
    "azure",
    "bedrock",
    "vertex_ai",
    "mistral",
    "groq",
    "deepseek",
    "xai",
    "openrouter",
    "ollama_chat",
    "lm_studio",
    "hosted_vllm",
    COMPATIBLE,
];

/// Any server that speaks OpenAI's API, such as llama.cpp's: a vendor of ours alone, whose models LiteLLM knows as
/// `openai/…` with an address.
const COMPATIBLE: &str = "openai_compatible";
/// Where llama.cpp's answers.
const COMPATIBLE_BASE: &str = "http://localhost:8080/v1";

/// What a deployment of a vendor needs beside `model` and `api_key`.
const FIELDS: &[(&str, &[(&str, &str)])] = &[
    ("azure", &[("api_base", "os.environ/AZURE_API_BASE")]),
    ("bedrock", &[("aws_region_name", "os.environ/AWS_REGION_NAME")]),
    ("hosted_vllm", &[("api_base", "http://localhost:8000/v1")]),
    ("lm_studio", &[("api_base", "http://localhost:1234/v1")]),
    ("ollama", &[("api_base", "http://localhost:11434")]),
    ("ollama_chat", &[("api_base", "http://localhost:11434")]),
    (
        "vertex_ai",
        &[
            ("vertex_project", "os.environ/VERTEXAI_PROJECT"),
            ("vertex_location", "os.environ/VERTEXAI_LOCATION"),
        ],
    ),
];

/// A vendor that a new file can have models of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// As LiteLLM names it, such as `openai`, or `openai_compatible`.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// The variables that LiteLLM reads its key from, the usual one first. Empty where it takes none.
    pub key_variables: Vec<&'static str>,
    /// Other variables that a deployment of it refers to.
    pub variables: Vec<&'static str>,
    /// Where it answers, if that is usually on this machine.
    pub api_base: Option<&'static str>,
}

/// A model that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// As `litellm_params.model` has it, such as `openai/gpt-5`.
    pub model: String,
    /// Its context and prices, for people. Blank where they are not known.
    pub figures: String,
}

/// A deployment to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewModel {
    /// As `litellm_params.model` has it: with its vendor in front.
    pub model: String,
    /// The variable that holds the vendor's key. Absent where it takes none.
    pub key_variable: Option<String>,
    /// Where its vendor answers, if that is not the usual place.
    pub api_base: Option<String>,
}

impl NewModel {
    /// Whether a server of one's own answers in the place of OpenAI.
    fn is_own(&self, vendor: &str) -> bool {
        vendor == "openai" && self.api_base.is_some() && self.key_variable.is_none()
    }
}

impl Vendor {
    fn of(provider: &Provider) -> Option<Self> {
        let takes_key = match provider.auth {
            "api_key" => true,
            "none" | "aws" | "gcp" => false,
            // They are signed in to by a browser, or by files of their own.
            _ => return None,
        };
        let id = tables().provider(provider.id)?.id;
        let key_variables = provider.key_variables().filter(|_| takes_key).collect();
        let variables = fields(id).filter_map(|(_, value)| reference(value)).collect();
        let api_base =
            fields(id).map(|(_, value)| *value).find(|value| value.starts_with("http://localhost:"));
        Some(Self { id, name: provider.name, key_variables, variables, api_base })
    }

    fn compatible() -> Self {
        Self {
            id: COMPATIBLE,
            name: "another server that speaks OpenAI's API",
            key_variables: Vec::new(),
            variables: Vec::new(),
            api_base: Some(COMPATIBLE_BASE),
        }
    }
}

fn fields(vendor: &str) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    FIELDS.iter().filter(move |(id, _)| *id == vendor).flat_map(|(_, fields)| fields.iter())
}

/// The vendors that people look for.
pub fn vendors() -> Vec<Vendor> {
    USUAL.iter().filter_map(|id| vendor(id).ok()).collect()
}

/// A vendor by its id.
///
/// # Errors
/// Why a new file can't have it, in a sentence that says what to do.
pub fn vendor(id: &str) -> Result<Vendor, String> {
    match tables().provider(id) {
        None if id == COMPATIBLE => Ok(Vendor::compatible()),
        Some(provider) => Vendor::of(provider).ok_or_else(|| {
            format!(
                "{} is signed in to by other means than a key: write its models by hand, as {} says",
                provider.name, provider.documentation
            )
        }),
        None => {
            let near = crate::near::nearest(id, tables().providers().map(|provider| provider.id));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Err(format!("LiteLLM knows no vendor `{id}`: choose one such as {}{near}", USUAL.join(", ")))
        }
    }
}

/// A model with its vendor in front, as LiteLLM needs it, and the vendor that was meant.
///
/// # Errors
/// Where LiteLLM would not know where it goes.
pub fn routed(model: &str) -> Result<(String, Vendor), String> {
    if let Some((COMPATIBLE, rest)) = model.split_once('/')
        && !rest.is_empty()
    {
        return Ok((format!("openai/{rest}"), Vendor::compatible()));
    }
    if let Some((id, rest)) = model.split_once('/')
        && tables().provider(id).is_some()
        && !rest.is_empty()
    {
        return Ok((model.to_owned(), vendor(id)?));
    }
    if let Some(id) = of_bare(model) {
        return Ok((format!("{id}/{model}"), vendor(&id)?));
    }
    let near = meant(model, false);
    let near = near.first().map_or("openai/gpt-5", String::as_str);
    Err(format!("LiteLLM knows no vendor of `{model}`: write VENDOR/MODEL, such as {near}"))
}

/// The models of a vendor that people talk with, the newest first as far as their names tell. What retires before a day is
/// left out.
pub fn offers(vendor: &str, lasts_until: &str) -> Vec<Offer> {
    let mut found: Vec<(String, &Model)> = costs()
        .of(vendor)
        .filter(|model| model.mode == "chat" && model.deprecation_date.is_none_or(|date| date > lasts_until))
        .map(|model| (without_provider(model.id, vendor).to_owned(), model))
        .filter(|(name, _)| !is_aside(name))
        // Regions and tiers of the same model.
        .filter(|(name, _)| !matches!(vendor, "azure" | "bedrock" | "vertex_ai") || !name.contains('/'))
        .collect();
    if found.iter().any(|(_, model)| model.supports_function_calling) {
        found.retain(|(_, model)| model.supports_function_calling);
    }
    let names: HashSet<String> = found.iter().map(|(name, _)| name.clone()).collect();
    found.retain(|(name, _)| Newness::of(name).undated.is_none_or(|undated| !names.contains(&undated)));
    found.sort_by_cached_key(|(name, _)| rank(name));
    found.dedup_by(|one, other| one.0 == other.0);
    found
        .into_iter()
        .map(|(name, model)| Offer { model: format!("{vendor}/{name}"), figures: show::figures(model) })
        .collect()
}

/// The text of a new file with these models. ASCII alone, for on Windows LiteLLM reads it in the system's encoding.
pub fn begin(path: &Path, models: &[NewModel]) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let is_word = file.chars().all(is_plain) && !file.starts_with('-') && !file.is_empty();
    let file = if is_word { file } else { "config.yaml".into() };
    let mut text = format!(
        "# LiteLLM's configuration.\n\
         #   check it   litellm-ls check {file}\n\
         #   start it   litellm-ls proxy start --config {file}\n\
         # What else it can say: https://docs.litellm.ai/docs/proxy/config_settings\n\n\
         # What clients can ask for: `model_name` is what they say, `model` where\n\
         # LiteLLM asks. Several of one name share the load.\n\
         model_list:\n"
    );
    let names = names(models);
    let mut last = "";
    for (model, name) in models.iter().zip(&names) {
        let (vendor, _) = model.model.split_once('/').unwrap_or((&model.model, ""));
        // What LiteLLM's page on servers of one's own says holds for each that speaks OpenAI's API.
        let of = if model.is_own(vendor) { "custom_openai" } else { vendor };
        if let Some(provider) = tables().provider(of).filter(|_| of != last) {
            text += &format!("  # {}: {}\n", ascii(provider.name), provider.documentation);
        }
        last = of;
        text += &deployment(model, vendor, name);
    }
    text += "\nlitellm_settings:\n  \
        # Leave out what a vendor does not take, rather than refuse the request.\n  drop_params: true\n\n";
    text += &router(&names);
    text += "general_settings:\n  \
        # The key that clients send. Make one: sk- and many random letters.\n  \
        master_key: os.environ/LITELLM_MASTER_KEY\n  \
        # Keys of their own for clients, budgets and what was spent need PostgreSQL.\n  \
        # database_url: os.environ/DATABASE_URL\n";
    if is_config(path, &text) { text } else { format!("# litellm-config\n{text}") }
}

fn ascii(text: &str) -> String {
    text.chars().filter(char::is_ascii).collect()
}

/// What clients call the models: the shortest name that no other has.
fn names(models: &[NewModel]) -> Vec<String> {
    let mut seen = HashSet::new();
    let name = |model: &NewModel| {
        let all = &model.model;
        let bare = all.rsplit('/').next().unwrap_or(all);
        let chosen = [bare, all].into_iter().find(|name| !name.contains('*') && !seen.contains(*name));
        let chosen = chosen.unwrap_or(all).to_owned();
        seen.insert(chosen.clone());
        chosen
    };
    models.iter().map(name).collect()
}

fn deployment(model: &NewModel, vendor: &str, name: &str) -> String {
    let mut text = format!("  - model_name: {}\n    litellm_params:\n", plain_or_quoted(name));
    let found = costs().find(&model.model, vendor);
    if vendor == "azure" {
        text += "      # Behind `azure/` stands the name of your deployment.\n";
    }
    text += &format!("      model: {}", plain_or_quoted(&model.model));
    text += &found.map(figures).unwrap_or_default();
    text.push('\n');
    if let Some(variable) = &model.key_variable {
        text += &format!("      api_key: os.environ/{variable}\n");
    }
    let base = model.api_base.as_deref();
    let is_own = model.is_own(vendor);
    // Without a word LiteLLM takes the key of OpenAI, and without that none of its models answers.
    if is_own {
        text += "      # It asks for no key, and OpenAI's is none of its business.\n      api_key: none\n";
    }
    for (key, value) in fields(vendor).filter(|(key, _)| *key != "api_base" || base.is_none()) {
        text += &format!("      {key}: {value}\n");
    }
    if let Some(base) = base {
        text += &format!("      api_base: {}\n", plain_or_quoted(base));
    }
    if is_own {
        text += "    # Nobody else knows what it costs.\n    model_info:\n      input_cost_per_token: 0\n      output_cost_per_token: 0\n";
    }
    if vendor == "azure"
        && let Some(found) = found
    {
        text += "    # Limits and prices come by it, whatever the deployment is called.\n";
        text += &format!("    model_info:\n      base_model: {}\n", plain_or_quoted(found.id));
    }
    text
}

/// Context and prices as a comment behind a value.
fn figures(model: &Model) -> String {
    let context = model.input.map(|input| format!("context {}", tokens(input as i64)));
    let prices = model.input_cost.zip(model.output_cost);
    let prices = prices.map(|(input, output)| {
        format!("{} / {} per million tokens", per_million(input), per_million(output))
    });
    let all: Vec<String> = [context, prices].into_iter().flatten().collect();
    if all.is_empty() { String::new() } else { format!(" # {}", all.join(", ")) }
}

fn router(names: &[String]) -> String {
    let (first, second) = match names {
        [first, .., last] => (first, last),
        _ => return String::new(),
    };
    format!(
        "# router_settings:\n\
         #   num_retries: 2\n\
         #   # Where a model fails, ask another.\n\
         #   fallbacks:\n\
         #     - {}: [{}]\n\n",
        plain_or_quoted(first),
        plain_or_quoted(second)
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config_yaml::{Disk, Project, Surroundings, check};

    fn found(path: &str, text: &str) -> Vec<String> {
        let names = BTreeSet::new();
        let around = Surroundings {
            variable: &|name| {
                text.contains(&format!("os.environ/{name}")).then(|| "sk-of-the-tests-1234567890".to_owned())
            },
            names: &names,
            files: &Disk,
            today: "2026-11-22".to_owned(),
            release: None,
        };
        let project = Project::read(Path::new(path), text, &Disk);
        check(&project, &around).into_iter().map(|finding| finding.message).collect()
    }

    fn new(model: &str) -> NewModel {
        let vendor = routed(model).unwrap().1;
        let key_variable = vendor.key_variables.first().map(|name| (*name).to_owned());
        NewModel { model: model.to_owned(), key_variable, api_base: None }
    }

    /// What runs on this machine or another of one's own: LiteLLM is told where, and no key goes there.
    #[test]
    fn nothing_is_found_in_a_new_file_of_servers_of_ones_own() {
        let mut all = Vec::new();
        for vendor in vendors().into_iter().filter(|vendor| vendor.api_base.is_some()) {
            let (model, of) = routed(&format!("{}/qwen3:8b", vendor.id)).unwrap();
            assert_eq!(of, vendor);
            let usual = vendor.api_base.unwrap();
            for base in [usual, &usual.replace("localhost", "gpu.example")] {
                let new =
                    NewModel { model: model.clone(), key_variable: None, api_base: Some(base.to_owned()) };
                let text = begin(Path::new("config.yaml"), std::slice::from_ref(&new));
                assert_eq!(found("/nowhere/config.yaml", &text), Vec::<String>::new(), "{text}");
                let keys = text.lines().filter(|line| line.contains("api_key: ")).collect::<Vec<_>>();
                let own: &[&str] = if vendor.id == COMPATIBLE { &["      api_key: none"] } else { &[] };
                assert!(text.contains(&format!("      api_base: {base}\n")) && keys == own, "{text}");
            }
            all.push(vendor.id);
        }
        assert_eq!(all, ["ollama_chat", "lm_studio", "hosted_vllm", COMPATIBLE]);
    }

    /// Each vendor alone, with what is offered first or with any name, and all of them together.
    #[test]
    fn nothing_is_found_in_a_new_file_of_any_vendor() {
        let mut all = Vec::new();
        let (mut seen, mut wrong) = (0, Vec::new());
        for provider in tables().providers() {
            let Ok(vendor) = vendor(provider.id) else { continue };
            let offers = offers(vendor.id, "2027-01-31");
            let models: Vec<NewModel> = offers.iter().take(3).map(|offer| new(&offer.model)).collect();
            if USUAL.contains(&vendor.id) {
                all.extend(models.iter().take(1).cloned());
            }
            if models.is_empty() {
                continue;
            }
            seen += 1;
            let text = begin(Path::new("config.yaml"), &models);
            assert!(text.is_ascii(), "{text}");
            let told = found("/nowhere/config.yaml", &text);
            if !told.is_empty() {
                wrong.push((vendor.id, told));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(seen > 30, "{seen}");
        let text = begin(Path::new("proxy.yaml"), &all);
        assert!(text.starts_with("# litellm-config\n"), "{text}");
        assert_eq!(found("/nowhere/proxy.yaml", &text), Vec::<String>::new(), "{text}");
        // What stands there as a comment is right too.
        let (before, rest) = text.split_once("# router_settings").unwrap();
        let (router, behind) = rest.split_once("\n\n").unwrap();
        let whole = format!("{before}router_settings{}\n\n{behind}", router.replace("\n# ", "\n"));
        assert!(whole.contains("\n    - "), "{whole}");
        assert_eq!(found("/nowhere/proxy.yaml", &whole), Vec::<String>::new(), "{whole}");
    }

    #[test]
    fn the_newest_are_offered_first() {
        for id in ["openai", "anthropic", "gemini", "mistral", "xai"] {
            let offers = offers(id, "2027-01-31");
            let versions: Vec<u32> = offers.iter().map(|offer| Newness::of(&offer.model).version).collect();
            assert!(offers.len() > 3 && versions.is_sorted_by(|a, b| a >= b), "{offers:#?}");
            assert!(offers.iter().all(|offer| !offer.figures.is_empty()), "{offers:#?}");
        }
    }

    #[test]
    fn a_model_is_led_to_its_vendor_or_refused_with_what_to_write() {
        assert_eq!(routed("openai/any").unwrap().0, "openai/any");
        assert_eq!(routed("claude-sonnet-4-6").unwrap().0, "anthropic/claude-sonnet-4-6");
        assert!(routed("nothing-known").unwrap_err().contains("VENDOR/MODEL"));
        assert!(vendor("opnai").unwrap_err().contains("did you mean `openai`"));
        assert!(vendor("github_copilot").is_err());
    }

    #[test]
    fn two_of_one_name_are_told_apart() {
        let models = [new("openai/gpt-oss-120b"), new("groq/openai/gpt-oss-120b")];
        assert_eq!(names(&models), ["gpt-oss-120b", "groq/openai/gpt-oss-120b"]);
    }
}
