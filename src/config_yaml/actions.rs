//! What can be done with a file beside mending what is certain: secrets into `.env`, a fallback, figures from the price
//! list.

use super::{
    codes::Code,
    config::{Config, Deployment, reference},
    cost::costs,
    dotenv::{Assignment, DotEnv},
    edits::{Edit, Edits},
    files::Surroundings,
    finding::Finding,
    own_key::MASTER_KEY,
    path,
    project::Project,
    quotes::plain_or_quoted,
    tables::tables,
    yaml::Span,
};

/// How many groups are proposed as a fallback.
const TARGETS: usize = 3;

/// Something that can be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What it does, as a menu says it.
    pub title: String,
    /// The finding that it mends, as a number of those that were given.
    pub mends: Option<usize>,
    /// What it changes, which may be nothing but `.env`.
    pub edits: Edits,
    /// What `.env` beside the first file must set along with them.
    pub variable: Option<Assignment>,
}

/// What can be done about bytes of a file. `findings` are those there; `key` makes a new master key.
pub fn actions(
    project: &Project,
    around: &Surroundings<'_>,
    dotenv: &DotEnv,
    (file, range): (usize, Span),
    findings: &[Finding],
    key: &dyn Fn() -> Option<String>,
) -> Vec<Action> {
    let config = Config::new(project, around.variable);
    let offer = Offer { config: &config, around, dotenv, file };
    let mut found = Vec::new();
    for (number, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.file == file) {
        let one = match finding.code {
            Code::PlaintextSecret => offer.secret(finding),
            Code::MasterKeyMissing | Code::MasterKeyPublic => offer.master_key(finding, key),
            _ => None,
        };
        found.extend(one.map(|action| Action { mends: Some(number), ..action }));
    }
    let here = config.deployments.iter().find(|deployment| {
        let span = config.span(deployment.item);
        deployment.item.file == file && span.start <= range.start && range.start <= span.end
    });
    if let Some(deployment) = here {
        found.extend(offer.figures(deployment));
        found.extend(offer.fallbacks(deployment));
    }
    found
}

struct Offer<'a> {
    config: &'a Config<'a>,
    around: &'a Surroundings<'a>,
    dotenv: &'a DotEnv,
    file: usize,
}

impl Offer<'_> {
    fn replace(&self, range: Span, text: String) -> Edit {
        Edit { file: self.file, range, text }
    }

    /// A secret out of the file.
    fn secret(&self, finding: &Finding) -> Option<Action> {
        let tree = &self.config.project().sources()[self.file].tree;
        let hit = path::at(tree, finding.range.start).filter(|hit| !hit.is_key)?;
        let value = tree.scalar(hit.node)?;
        // What an anchor gives to others is changed where it stands.
        let range = tree.span(tree.target(hit.node));
        let name = self.free_name(&self.usual_name(&hit, finding.range.start), value)?;
        let variable = match self.around.variable {
            look if look(&name).is_some() => None,
            _ => Some(Assignment::new(&name, value)?),
        };
        let title = match variable {
            Some(_) => format!("Move it to `.env`, as {name}; save both files"),
            None => format!("Write `os.environ/{name}`, which is set to it"),
        };
        let edits = vec![self.replace(range, format!("os.environ/{name}"))];
        Some(Action { title, mends: None, edits: Edits::new(edits), variable })
    }

    /// The variable that the provider reads for a key, or one named like the key.
    fn usual_name(&self, hit: &path::Hit<'_>, at: usize) -> String {
        let own = match hit.key {
            "master_key" => Some(MASTER_KEY),
            "database_url" => Some("DATABASE_URL"),
            "api_key" => self.config.deployments.iter().find_map(|deployment| {
                let span = self.config.span(deployment.item);
                let is_here = deployment.item.file == self.file && span.contains(&at);
                let provider = deployment.origin.known().filter(|_| is_here)?;
                tables().provider(provider)?.key_variables().next()
            }),
            _ => None,
        };
        own.map_or_else(
            || {
                let around = hit.path.last().filter(|_| !hit.key.contains('_') || hit.key == "api_key");
                let words = around.into_iter().chain([&hit.key]).filter(|word| **word != "[]");
                let name = words.copied().collect::<Vec<_>>().join("_").to_ascii_uppercase();
                name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
            },
            str::to_owned,
        )
    }

    /// A name that is not set yet, or set to this value.
    fn free_name(&self, usual: &str, value: &str) -> Option<String> {
        std::iter::once(usual.to_owned())
            .chain(more_names(usual))
            .find(|name| (self.around.variable)(name).is_none_or(|set| set == value))
    }

    /// A new master key in `.env`.
    fn master_key(&self, finding: &Finding, key: &dyn Fn() -> Option<String>) -> Option<Action> {
        let given = self.config.section("general_settings");
        let given = given.and_then(|section| self.config.pair(section, "master_key"));
        let used = given.as_ref().and_then(|pair| self.config.text(pair.value)).and_then(reference);
        // What is exported wins over `.env`, so that another name is needed where it is. So it is where `.env` has a secret
        // that is not of this file: it may be others'.
        let is_free = |name: &String| match self.dotenv.get(name) {
            None => (self.around.variable)(name).is_none(),
            Some(set) => set.is_empty() || used == Some(name),
        };
        let names = [MASTER_KEY, "LITELLM_PROXY_MASTER_KEY"].map(str::to_owned);
        let name = &names.into_iter().chain(more_names(MASTER_KEY)).find(is_free)?;
        let right = format!("os.environ/{name}");
        let edits = match given {
            Some(_) if used == Some(name) => Vec::new(),
            Some(pair) if self.config.span(pair.value).is_empty() => {
                let end = self.config.span(pair.key).end;
                let text = self.config.tree(pair.key).text();
                let colon = end + text[end..].find(':')? + 1;
                vec![Edit { file: pair.key.file, range: colon..colon, text: format!(" {right}") }]
            }
            Some(pair) => {
                vec![Edit { file: pair.value.file, range: self.config.span(pair.value), text: right }]
            }
            None => vec![self.config.in_section("general_settings", &format!("master_key: {right}"))?],
        };
        let _ = finding;
        let variable = Some(Assignment::new(name, &key()?)?);
        let save = if edits.is_empty() { "save it" } else { "save both files" };
        Some(Action {
            title: format!("Generate a master key into `.env`, as {name}; {save}"),
            mends: None,
            edits: Edits::new(edits),
            variable,
        })
    }

    /// What the price list has and the deployment does not say.
    fn figures(&self, deployment: &Deployment<'_>) -> Option<Action> {
        let config = self.config;
        let (model, provider) = (deployment.model?.0, deployment.origin.known()?);
        let base = deployment.info.and_then(|info| config.text(config.given(info, "base_model")?));
        let found =
            base.and_then(|base| costs().find(base, provider)).or_else(|| costs().find(model, provider))?;
        let number =
            |value: Option<f64>| value.map(|value| format!("{value:?}").trim_end_matches(".0").to_owned());
        let all = [
            ("mode", Some(found.mode.to_owned()).filter(|mode| !mode.is_empty())),
            ("max_input_tokens", number(found.input)),
            ("max_output_tokens", number(found.output)),
            ("input_cost_per_token", number(found.input_cost)),
            ("output_cost_per_token", number(found.output_cost)),
        ];
        let has = |name: &str| deployment.info.is_some_and(|info| config.get(info, name).is_some());
        let lines: Vec<String> = all
            .into_iter()
            .filter(|(name, _)| !has(name))
            .filter_map(|(name, value)| Some(format!("{name}: {}", value?)))
            .collect();
        let edit = match config.pair(deployment.item, "model_info") {
            _ if lines.is_empty() => None,
            Some(pair) => config.added(&pair, &lines.join("\n")),
            None => {
                let params = config.pair(deployment.item, "litellm_params")?;
                config.after(&params, &format!("model_info:\n  {}", lines.join("\n  ")))
            }
        }?;
        let title = format!("Write limits and prices of `{}` into `model_info`", found.id);
        Some(Action { title, mends: None, edits: Edits::new(vec![edit]), variable: None })
    }

    /// Other groups of the file that may take over.
    fn fallbacks(&self, deployment: &Deployment<'_>) -> Vec<Action> {
        let config = self.config;
        let Some((name, _)) = deployment.name.filter(|(name, _)| !name.contains('*')) else {
            return Vec::new();
        };
        let section = ["router_settings", "litellm_settings"]
            .into_iter()
            .find(|section| config.setting(section, "fallbacks").is_some());
        let list = section.and_then(|section| config.setting(section, "fallbacks")).map(|pair| pair.value);
        let rules = list.and_then(|list| config.items(list)).unwrap_or_default();
        let rule = rules.iter().find_map(|rule| config.pair(*rule, name));
        let targets = rule.and_then(|rule| config.items(rule.value)).unwrap_or_default();
        let mut seen: Vec<&str> = targets.iter().filter_map(|place| config.text(*place)).collect();
        seen.push(name);
        let mut found = Vec::new();
        for (other, _) in config.deployments.iter().filter_map(|deployment| deployment.name) {
            if found.len() == TARGETS {
                break;
            }
            if other.contains('*') || seen.contains(&other) {
                continue;
            }
            seen.push(other);
            let (from, to) = (plain_or_quoted(name), plain_or_quoted(other));
            let edit = match (rule, list) {
                (Some(rule), _) => config.item_added(rule.value, &to),
                (None, Some(list)) => config.item_added(list, &format!("{from}: [{to}]")),
                (None, None) => {
                    config.in_section("router_settings", &format!("fallbacks:\n  - {from}: [{to}]"))
                }
            };
            found.extend(edit.map(|edit| Action {
                title: format!("Fall back from `{name}` to `{other}`"),
                mends: None,
                edits: Edits::new(vec![edit]),
                variable: None,
            }));
        }
        found
    }
}

/// Names of variables for one that is taken.
fn more_names(usual: &str) -> impl Iterator<Item = String> {
    (2..100).map(move |number| format!("{usual}_{number}"))
}
