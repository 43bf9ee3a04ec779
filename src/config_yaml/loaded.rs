//! What LiteLLM's own loading says of a file, as findings at the places that it speaks of.

use super::{
    codes::Code,
    config::{Config, Place, reference},
    finding::{Finding, Severity},
    project::Project,
    served::{blamed, drift, first, scalar},
};
use crate::masking::{masked, names_secret, redact};

/// Longest part of what LiteLLM says that is shown.
const LONGEST: usize = 300;
/// Shortest value that is hidden wherever it comes again: shorter ones are in harmless words too.
const SECRET: usize = 6;

/// What came of loading a file.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Whether LiteLLM would start.
    pub starts: bool,
    /// The deployments that it would serve: the name of each, and its model.
    pub served: &'a [(String, String)],
    /// What it logged, and why it would not start.
    pub lines: &'a [String],
    /// Python of the file's that was not run.
    pub code: &'a [String],
    /// Where it would have connected to, and programs that it would have run.
    pub outside: &'a [String],
}

/// What LiteLLM says of a file beside what was found there already.
pub fn loaded(project: &Project, said: &Said<'_>, found: &[Finding]) -> Vec<Finding> {
    let config = Config::new(project, &|_| None);
    let secrets = secrets(&config);
    let shown = |text: &str| {
        let text = masked(&redact(text, &secrets));
        text.chars().take(LONGEST).collect::<String>()
    };
    if let Some(name) = said.code.first() {
        let place = scalar(&config, name).or_else(|| scalar(&config, name.trim_end_matches(".py")));
        let place = place.map_or_else(|| (0, first(project)), |place| (place.file, config.span(place)));
        let message = format!(
            "LiteLLM would run Python that this file names (`{}`), so its own loading was left out: run `litellm-ls check --deep --allow-code` where you trust the file.",
            shown(name)
        );
        return vec![Finding::new(Code::NotLoaded, Severity::Warning, place, message)];
    }
    let is_told = |file: usize, range: &std::ops::Range<usize>| {
        found.iter().any(|old| {
            old.file == file
                && old.severity <= Severity::Warning
                // Nothing loads a file without one, so that is not why.
                && old.code != Code::MasterKeyMissing
                && old.range.start < range.end
                && range.start < old.range.end
        })
    };
    if !said.starts && !said.outside.is_empty() {
        let message = format!(
            "LiteLLM reaches out to `{}` as it loads this file, which a check does not let it: what comes behind that was not looked at.",
            shown(&said.outside[0])
        );
        return vec![Finding::new(Code::NotLoaded, Severity::Information, (0, first(project)), message)];
    }
    let mut more: Vec<Finding> = blamed(project, said.lines, !said.starts)
        .into_iter()
        // What stops it may be told already, in better words.
        .filter(|one| !is_told(one.file, &one.range))
        .map(|one| Finding { message: shown(&one.message), ..one })
        .collect();
    if !said.starts {
        return more;
    }
    let reasons: Vec<String> = said
        .lines
        .iter()
        .enumerate()
        .filter_map(|(number, line)| {
            let (_, reason) = line.split_once("Error creating deployment: ")?;
            // pydantic names the field in the next lines.
            let next = said.lines[number + 1..].iter().take(2).map(|line| line.trim());
            let next = next.take_while(|_| reason.contains("validation error"));
            Some(std::iter::once(reason).chain(next).collect::<Vec<_>>().join(" "))
        })
        .collect();
    let names: Vec<String> = said.served.iter().map(|(name, _)| name.clone()).collect();
    let left = drift(project, &names, said.served).left;
    for (number, one) in left.iter().enumerate() {
        let covered = |finding: &Finding| finding.severity == Severity::Error && one.is_explained_by(finding);
        if found.iter().chain(&more).any(covered) {
            continue;
        }
        // They are made in order, and each that fails says why.
        let why = reasons.get(number).filter(|_| reasons.len() == left.len());
        let why = why.map_or_else(|| "its log does not say why".to_owned(), |why| shown(why));
        let message = format!("LiteLLM leaves `{}` out: {why}", shown(&one.name));
        more.push(Finding::new(Code::NotServed, Severity::Error, (one.file, one.range.clone()), message));
    }
    more
}

/// Values that are said to be secret by their keys.
fn secrets(config: &Config<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (file, source) in config.project().sources().iter().enumerate() {
        for node in source.tree.ids() {
            let pairs = config.entries(Place { file, node });
            let secret =
                pairs.filter(|pair| names_secret(pair.name)).filter_map(|pair| config.text(pair.value));
            let is_own = |text: &&str| text.len() >= SECRET && reference(text).is_none();
            found.extend(secret.filter(is_own).map(str::to_owned));
        }
    }
    found.sort_unstable();
    found.dedup();
    // The longer first, so that none is cut by a shorter one within it.
    found.sort_by_key(|text| std::cmp::Reverse(text.len()));
    found
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config_yaml::Disk;

    const TEXT: &str = "\
model_list:
  - model_name: fast
    litellm_params: {model: openai/gpt-4o, api_key: hunter2hunter2}
  - model_name: smart
    litellm_params: {model: openai/gpt-4.1, rpm: lots}
litellm_settings:
  callbacks: [hooks.handler]
";

    fn told(said: &Said<'_>) -> Vec<(Code, &'static str, String)> {
        let project = Project::read(Path::new("/nowhere/config.yaml"), TEXT, &Disk);
        let found = loaded(&project, said, &[]);
        found.into_iter().map(|one| (one.code, &TEXT[one.range], one.message)).collect()
    }

    const NOTHING: Said<'_> = Said { starts: true, served: &[], lines: &[], code: &[], outside: &[] };

    #[test]
    fn a_deployment_that_is_left_out_is_told_with_its_reason_and_no_secret() {
        let of = |name: &str, model: &str| (name.to_owned(), model.to_owned());
        let served = [of("fast", "openai/gpt-4o")];
        let lines = [
            "Error creating deployment: 1 validation error for LiteLLM_Params".to_owned(),
            "rpm".to_owned(),
            "  Input should be a valid integer [input_value='hunter2hunter2']".to_owned(),
        ];
        let found = told(&Said { served: &served, lines: &lines, ..NOTHING });
        assert_eq!(found.len(), 1, "{found:?}");
        let (code, place, message) = &found[0];
        assert_eq!((*code, *place), (Code::NotServed, "smart"));
        assert!(message.contains("rpm") && !message.contains("hunter2"), "{message}");
        let all = [of("fast", "openai/gpt-4o"), of("smart", "openai/gpt-4.1")];
        assert_eq!(told(&Said { served: &all, ..NOTHING }), []);
    }

    #[test]
    fn code_that_was_not_run_and_what_lies_outside_are_told_alone() {
        let code = ["hooks.handler".to_owned()];
        let found = told(&Said { starts: false, code: &code, ..NOTHING });
        assert!(
            found.len() == 1 && found[0].1 == "hooks.handler" && found[0].2.contains("--allow-code"),
            "{found:?}"
        );
        let lines = ["ConnectionError: no".to_owned()];
        let outside = ["('redis', 6379)".to_owned()];
        let found = told(&Said { starts: false, lines: &lines, outside: &outside, ..NOTHING });
        assert!(
            found.len() == 1 && found[0].0 == Code::NotLoaded && found[0].2.contains("redis"),
            "{found:?}"
        );
        let found = told(&Said { starts: false, lines: &lines, ..NOTHING });
        assert!(found.len() == 1 && found[0].0 == Code::NotStarted, "{found:?}");
    }
}
