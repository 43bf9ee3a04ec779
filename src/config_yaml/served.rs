//! What a running proxy serves of its file, and what LiteLLM printed about it.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    codes::Code,
    config::{Config, Deployment, Place, is_late},
    cost::costs,
    finding::{Finding, Severity},
    project::Project,
    release::Release,
    resolver::Names,
};
use crate::masking::masked;

/// A deployment of a file that a proxy does not serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its name.
    pub name: String,
    /// The file, as a number of [`Project::sources`].
    pub file: usize,
    /// Where the name stands.
    pub range: Range<usize>,
    /// All of the deployment; with those that can't be told apart from it, for they have the same name and model.
    alike: Vec<(usize, Range<usize>)>,
}

impl Left {
    /// Whether a finding may say why it is left out.
    pub fn is_explained_by(&self, finding: &Finding) -> bool {
        self.alike.iter().any(|(file, range)| finding.file == *file && range.contains(&finding.range.start))
    }
}

/// The difference between a file and what a proxy that was started with it serves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// In the file, and not served.
    pub left: Vec<Left>,
    /// Served, and not in the file.
    pub unlisted: Vec<String>,
}

/// Compares a file with the names that a proxy lists, and with the name and the model of each of its deployments; where it
/// does not tell those, a name that is served stands for all that have it. Patterns stand for names that nobody can list.
pub fn drift(project: &Project, names: &[String], deployments: &[(String, String)]) -> Drift {
    let config = Config::new(project, &|_| None);
    let mut groups: Vec<(&str, Vec<&Deployment<'_>>)> = Vec::new();
    let mut places = HashMap::new();
    for deployment in &config.deployments {
        let Some((name, _)) = deployment.name else { continue };
        if !name.contains('*') && !is_late(name) {
            let place = *places.entry(name).or_insert_with(|| {
                groups.push((name, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(deployment);
        }
    }
    let listed: HashSet<&str> = names.iter().map(String::as_str).collect();
    let mut served: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, model) in deployments {
        served.entry(name).or_default().push(model);
    }
    let mut drift = Drift::default();
    for (name, group) in groups {
        let mut left: Vec<&Deployment<'_>> = Vec::new();
        if let Some(models) = served.get_mut(name) {
            // LiteLLM may have changed a model; as many as it serves are there.
            let missing = group.len().saturating_sub(models.len());
            left = group
                .iter()
                .copied()
                .filter(|one| {
                    let place =
                        models.iter().position(|model| one.model.is_some_and(|(own, _)| own == *model));
                    place.map(|place| models.swap_remove(place)).is_none()
                })
                .collect();
            left.drain(..left.len().saturating_sub(missing));
        } else if !listed.contains(name) {
            left.extend(group.first());
        }
        for one in left {
            let Some((_, place)) = one.name else { continue };
            let is_alike = |other: &&&Deployment<'_>| {
                other.item == one.item
                    || other.model.map(|(model, _)| model) == one.model.map(|(model, _)| model)
            };
            let span = |other: &&Deployment<'_>| (other.item.file, config.span(other.item));
            drift.left.push(Left {
                name: name.to_owned(),
                file: place.file,
                range: config.span(place),
                alike: group.iter().filter(is_alike).map(span).collect(),
            });
        }
    }
    let known = Names::of(&config, Release::KNOWN);
    drift.unlisted = names.iter().filter(|name| !known.resolves(name)).cloned().collect();
    drift
}

/// A deployment that can be tried by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Testable {
    /// Its name.
    pub name: String,
    /// Its model, as LiteLLM names it.
    pub model: String,
    /// How many of the same name and model stand before it.
    pub number: usize,
    /// The file, as a number of [`Project::sources`].
    pub file: usize,
    /// Where the name stands.
    pub range: Range<usize>,
}

/// The deployments that answer a chat, each of which a running proxy can be asked for.
pub fn testable(project: &Project) -> Vec<Testable> {
    let config = Config::new(project, &|_| None);
    let mut numbers: HashMap<(&str, &str), usize> = HashMap::new();
    let mut found = Vec::new();
    for deployment in &config.deployments {
        let (Some((name, place)), Some((model, _))) = (deployment.name, deployment.model) else { continue };
        if [name, model].iter().any(|text| text.contains('*') || is_late(text)) {
            continue;
        }
        let number = numbers.entry((name, model)).or_default();
        let said = deployment.info.and_then(|info| config.text(config.get(info, "mode")?));
        let priced = || deployment.routed().and_then(|routed| costs().find(routed.model, routed.provider));
        let mode = said.or_else(|| Some(priced()?.mode));
        if matches!(mode, None | Some("" | "chat" | "responses")) {
            let (name, model) = (name.to_owned(), model.to_owned());
            found.push(Testable {
                name,
                model,
                number: *number,
                file: place.file,
                range: config.span(place),
            });
        }
        *number += 1;
    }
    found
}

/// What LiteLLM printed while it started, as findings at the places that it speaks of. Where it ended, the reason that it
/// gave is one of them.
pub fn blamed(project: &Project, lines: &[String], ended: bool) -> Vec<Finding> {
    let config = Config::new(project, &|_| None);
    let mut found = Vec::new();
    for line in lines {
        let blame = RULES.iter().find_map(|(mark, until, code, said)| {
            let (_, rest) = line.split_once(mark)?;
            let word = rest.split(*until).next()?.trim_matches(['\'', '"', '`', ' ', ',']);
            let place = scalar(&config, word)?;
            Some((place, *code, said.replace("{}", &masked(word))))
        });
        found.extend(blame.map(|(place, code, said)| (config.span(place), place.file, code, said)));
    }
    if ended && let Some(reason) = reason(lines) {
        let (file, range) = place_of(&config, lines, reason).unwrap_or_else(|| (0, first(project)));
        found.push((range, file, Code::NotStarted, format!("LiteLLM did not start: {}", masked(reason))));
    }
    let mut seen = HashSet::new();
    let found = found.into_iter().filter(|(range, file, code, _)| seen.insert((range.clone(), *file, *code)));
    let finding = |(range, file, code, message): (Range<usize>, usize, Code, String)| {
        Finding::new(code, Severity::Error, (file, range), message)
    };
    found.map(finding).collect()
}

/// What stands before a word in a line of LiteLLM's, what ends it, which finding that is, and what it does
/// (litellm 1.101.3, 1.109.1).
const RULES: &[(&str, &[char], Code, &str)] = &[
    (
        "You passed model=",
        &['\n', ' '],
        Code::UnknownProvider,
        "LiteLLM knows no provider of `{}`, and left this deployment out.",
    ),
    (
        "Unsupported provider - ",
        &['\n', ' '],
        Code::UnknownProvider,
        "LiteLLM knows no provider `{}`, and left this deployment out.",
    ),
    ("Ignoring top-level config key(s): ", &[',', ' '], Code::WrongSection, "LiteLLM ignored `{}` here."),
    ("Skipping blocked environment variable key: ", &[' '], Code::EnvBlocked, "LiteLLM did not set `{}`."),
    (
        "Skipping guardrail '",
        &['\''],
        Code::GuardrailInvalid,
        "LiteLLM started without the guardrail `{}`: its configuration is invalid.",
    ),
    ("Config include '", &['\''], Code::IncludeProblem, "LiteLLM could not include `{}`."),
    ("Key '", &['\''], Code::UnknownKey, "LiteLLM's router ignored `{}`: it takes no such argument."),
];

/// The last exception of a traceback, or what uvicorn says of one.
fn reason(lines: &[String]) -> Option<&str> {
    let is_exception = |line: &&String| {
        let kind = line.split(':').next().unwrap_or_default();
        let name = kind.rsplit('.').next().unwrap_or_default();
        let is_word = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c));
        is_word && (name.ends_with("Error") || name.ends_with("Exception") || name.ends_with("Exit"))
    };
    lines.iter().rev().find(is_exception).map(|line| line.trim())
}

/// Where a reason points: at a line of a file that it names, else at a word that it quotes.
fn place_of(config: &Config<'_>, lines: &[String], reason: &str) -> Option<(usize, Range<usize>)> {
    // `  in "…/config.yaml", line 4, column 1`
    for line in lines.iter().rev() {
        let Some((before, after)) = line.split_once("\", line ") else { continue };
        let sources = config.project().sources();
        let file = sources.iter().position(|source| before.ends_with(&*source.path.to_string_lossy()));
        let number =
            after.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse::<usize>().ok());
        if let (Some(file), Some(number)) = (file, number) {
            return Some((file, line_of(sources[file].text(), number.saturating_sub(1))));
        }
    }
    let quoted = reason.split(['\'', '"', '`']).skip(1).step_by(2);
    let place = quoted.filter(|word| word.len() > 1).find_map(|word| scalar(config, word))?;
    Some((place.file, config.span(place)))
}

/// The first value or key that is this text.
pub(crate) fn scalar(config: &Config<'_>, text: &str) -> Option<Place> {
    let sources = config.project().sources().iter().enumerate();
    let places = sources.flat_map(|(file, source)| source.tree.ids().map(move |node| Place { file, node }));
    places.into_iter().find(|place| config.text(*place) == Some(text))
}

/// The text of a line, without what surrounds it.
fn line_of(text: &str, number: usize) -> Range<usize> {
    let lines = super::Lines::of(text);
    let (start, line) = (lines.start(number), lines.text(number));
    let indent = line.len() - line.trim_start().len();
    start + indent..start + line.trim_end().len().max(indent)
}

/// The first line that says something.
pub(crate) fn first(project: &Project) -> Range<usize> {
    let text = project.sources()[0].text();
    let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    line_of(text, text.lines().position(says).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config_yaml::Disk;

    const TEXT: &str = "\
# for tests
model_list:
  - model_name: fast
    litellm_params: {model: opena/gpt-4o}
  - model_name: fast
    litellm_params: {model: openai/gpt-4o}
  - model_name: smart
    litellm_params: {model: openai/gpt-4.1}
  - model_name: any/*
    litellm_params: {model: openai/*}
router_settings:
  routing_strategy: nonsense
  num_retrys: 2
  model_group_alias: {quick: fast}
";

    fn project() -> Project {
        Project::read(Path::new("/nowhere/config.yaml"), TEXT, &Disk)
    }

    #[test]
    fn what_is_not_served_is_told_once_with_its_place() {
        let served = ["smart", "quick", "any/x", "old"].map(str::to_owned);
        let drift = drift(&project(), &served, &[]);
        let left: Vec<_> =
            drift.left.iter().map(|left| (left.name.as_str(), &TEXT[left.range.clone()])).collect();
        assert_eq!(left, [("fast", "fast")]);
        assert!(TEXT[drift.left[0].alike[0].1.clone()].contains("opena/gpt-4o"));
        assert_eq!(drift.unlisted, ["old"]);
    }

    /// One of two that share a name is missed by its model, and where both have one model, by their number.
    #[test]
    fn one_deployment_of_a_group_is_missed() {
        let text = TEXT.replace("{model: openai/gpt-4.1}", "{model: openai/gpt-4o}").replace("smart", "fast");
        let project = Project::read(Path::new("/nowhere/config.yaml"), &text, &Disk);
        let own = |model: &str| ("fast".to_owned(), model.to_owned());
        let (bad, good, odd) = (own("opena/gpt-4o"), own("openai/gpt-4o"), own("what-litellm-made-of-it"));
        for (served, left) in [
            (vec![bad.clone(), good.clone(), good.clone()], vec![]),
            (vec![good.clone(), good.clone()], vec![1]),
            (vec![bad.clone(), good.clone()], vec![2]),
            (vec![bad], vec![2, 2]),
            (vec![odd.clone(), odd.clone(), odd.clone()], vec![]),
            (vec![good.clone(), good, odd], vec![]),
        ] {
            let drift = drift(&project, &["fast".to_owned()], &served);
            let alike: Vec<usize> = drift.left.iter().map(|left| left.alike.len()).collect();
            assert_eq!(alike, left, "{served:?}");
        }
    }

    #[test]
    fn what_chats_can_be_tested_by_itself() {
        let text = "model_list:
  - {model_name: a, litellm_params: {model: openai/gpt-4.1}}
  - {model_name: a, litellm_params: {model: openai/gpt-4.1}}
  - {model_name: a, litellm_params: {model: azure/mine}, model_info: {mode: embedding}}
  - {model_name: b, litellm_params: {model: openai/text-embedding-3-small}}
  - {model_name: openai/*, litellm_params: {model: openai/*}}
  - {model_name: c, litellm_params: {model: azure/mine}}
";
        let project = Project::read(Path::new("/nowhere/config.yaml"), text, &Disk);
        let found = testable(&project);
        let found: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.model.as_str(), one.number)).collect();
        assert_eq!(found, [("a", "openai/gpt-4.1", 0), ("a", "openai/gpt-4.1", 1), ("c", "azure/mine", 0)]);
    }

    #[test]
    fn each_line_of_the_log_is_blamed_on_its_place() {
        for (lines, ended, place, code) in [
            (
                &[
                    "12:00:00 - LiteLLM Router:ERROR: router.py:1 - Error creating deployment: litellm.BadRequestError: LLM Provider NOT provided. You passed model=opena/gpt-4o",
                ][..],
                false,
                "opena/gpt-4o",
                Code::UnknownProvider,
            ),
            (
                &[
                    "LiteLLM Proxy:WARNING: Key 'num_retrys' is not a valid argument for Router.__init__(). Ignoring this key.",
                ],
                false,
                "num_retrys",
                Code::UnknownKey,
            ),
            (
                &[
                    "Traceback (most recent call last):",
                    "ValueError: Invalid routing_strategy 'nonsense'. Valid ones: simple-shuffle",
                ],
                true,
                "nonsense",
                Code::NotStarted,
            ),
            (
                &[
                    "Traceback (most recent call last):",
                    "  in \"/nowhere/config.yaml\", line 7, column 3",
                    "yaml.scanner.ScannerError: mapping values",
                ],
                true,
                "- model_name: smart",
                Code::NotStarted,
            ),
            (&["RuntimeError: api_key=sk-abcdefghijklmnop is odd"], true, "model_list:", Code::NotStarted),
        ] {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            let found = blamed(&project(), &lines, ended);
            let told: Vec<_> = found.iter().map(|one| (&TEXT[one.range.clone()], one.code)).collect();
            assert_eq!(told, [(place, code)], "{lines:?}");
            assert!(!found[0].message.contains("abcdefgh"), "{}", found[0].message);
        }
        assert_eq!(blamed(&project(), &["INFO: Started server process".to_owned()], false), []);
    }
}
