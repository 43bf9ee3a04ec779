//! The user's own prompts, as the settings file has them, and those that come with the server.

use std::collections::BTreeMap;

use litellm_ls_protocol::{Problem, Prompt, PromptOutput};
use serde_json::Value;

/// Most prompts of a file; menus show all of them.
const MOST: usize = 50;
/// Longest template, in bytes.
const LONGEST: usize = 20_000;

/// The prompt for messages of commits.
const COMMIT: &str = "Write a commit message for these staged changes: a title of at most 72 characters in the \
    imperative, and only where it adds something a blank line and a short body that says why. Answer with the message \
    alone. {input}\n\n{selection}";

/// The prompts of a settings file, and what is wrong with it. A prompt with a fault is left out.
pub(in crate::provider) fn read(said: &BTreeMap<String, Value>) -> (Vec<Prompt>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut prompts = Vec::new();
    for (name, value) in said {
        match prompt(name, value) {
            Ok(_) if prompts.len() == MOST => {
                problems.push(Problem::new(
                    format!("prompts.{name}"),
                    format!("these are more than {MOST} prompts"),
                    "take some out",
                ));
            }
            Ok(prompt) => prompts.push(prompt),
            Err(problem) => problems.push(problem),
        }
    }
    (prompts, problems)
}

/// All prompts: the user's own, then the built-in ones that they do not replace.
pub(in crate::provider) fn with_built_in(own: &[Prompt]) -> Vec<Prompt> {
    let commit = Prompt {
        name: "commit".into(),
        title: "write a commit message".into(),
        template: COMMIT.into(),
        built_in: true,
        ..Prompt::default()
    };
    let missing = Some(commit).filter(|commit| own.iter().all(|own| own.name != commit.name));
    own.iter().cloned().chain(missing).collect()
}

fn prompt(name: &str, value: &Value) -> Result<Prompt, Problem> {
    let wrong = |member: &str, reason: &str, remedy: &str| {
        let path =
            if member.is_empty() { format!("prompts.{name}") } else { format!("prompts.{name}.{member}") };
        Problem::new(path, reason, remedy)
    };
    let Value::Object(members) = value else {
        return Err(wrong("", "a prompt is a table", "write [prompts.NAME] and its template below it"));
    };
    let mut prompt = Prompt { name: name.to_owned(), title: name.to_owned(), ..Prompt::default() };
    for (member, value) in members {
        let text = value.as_str().filter(|text| !text.trim().is_empty()).ok_or_else(|| {
            wrong(member, "expected a string with text in it", "give one, or take the line out")
        });
        match member.as_str() {
            "title" => prompt.title = text?.to_owned(),
            "template" => prompt.template = text?.to_owned(),
            "model" => prompt.model = Some(text?.to_owned()),
            "output" => {
                prompt.output = match text? {
                    "diff" => PromptOutput::Diff,
                    "replace" => PromptOutput::Replace,
                    "insert" => PromptOutput::Insert,
                    "page" => PromptOutput::Page,
                    _ => {
                        return Err(wrong(
                            member,
                            "there is no such output",
                            "use diff, replace, insert or page",
                        ));
                    }
                }
            }
            _ => {
                return Err(wrong(
                    member,
                    "a prompt has no such member",
                    "use title, template, model and output",
                ));
            }
        }
    }
    if prompt.template.is_empty() {
        return Err(wrong("template", "the prompt has no template", "give the question as `template`"));
    }
    if prompt.template.len() > LONGEST {
        return Err(wrong("template", "the template is longer than 20,000 bytes", "make it shorter"));
    }
    Ok(prompt)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_one(value: Value) -> Result<Prompt, String> {
        let (mut prompts, problems) = read(&BTreeMap::from([("p".to_owned(), value)]));
        assert_eq!(prompts.len() + problems.len(), 1);
        prompts.pop().ok_or_else(|| problems[0].path.clone())
    }

    #[test]
    fn prompts_are_read_and_faults_named() {
        let plain = read_one(json!({"template": "Hi {selection}"})).unwrap();
        assert_eq!((plain.title.as_str(), plain.output, plain.built_in), ("p", PromptOutput::Page, false));
        for (word, output) in [
            ("diff", PromptOutput::Diff),
            ("replace", PromptOutput::Replace),
            ("insert", PromptOutput::Insert),
            ("page", PromptOutput::Page),
        ] {
            let whole = json!({"template": "t", "title": "T", "model": "m", "output": word});
            let whole = read_one(whole).unwrap();
            assert_eq!(
                (whole.title.as_str(), whole.model.as_deref(), whole.output),
                ("T", Some("m"), output)
            );
        }
        for (value, path) in [
            (json!("x"), "prompts.p"),
            (json!({}), "prompts.p.template"),
            (json!({"template": " "}), "prompts.p.template"),
            (json!({"template": "x".repeat(LONGEST + 1)}), "prompts.p.template"),
            (json!({"template": "t", "title": 3}), "prompts.p.title"),
            (json!({"template": "t", "output": "beep"}), "prompts.p.output"),
            (json!({"template": "t", "run": "rm"}), "prompts.p.run"),
        ] {
            assert_eq!(read_one(value), Err(path.to_owned()));
        }
        let many = (0..=MOST).map(|number| (number.to_string(), json!({"template": "t"}))).collect();
        let (prompts, problems) = read(&many);
        assert_eq!((prompts.len(), problems.len()), (MOST, 1));
    }

    #[test]
    fn a_built_in_prompt_can_be_replaced() {
        let own = Prompt { name: "commit".into(), template: "mine".into(), ..Prompt::default() };
        assert_eq!(with_built_in(std::slice::from_ref(&own)), [own]);
        let built_in = with_built_in(&[]);
        assert!(built_in[0].built_in && built_in[0].template.contains("{selection}"));
    }
}
