//! Which parameters a vendor does not take, by the members of its error first, then in the words of all vendors.

use std::{collections::HashSet, sync::LazyLock};

use regex_lite::Regex;

use super::members::Members;

/// Codes and types that mean nothing else.
const CODES: &[&str] = &[
    "unsupported_parameter",
    "unknown_parameter",
    "unsupported_value",
    "unexpected_parameter",
    "unrecognized_parameter",
    "parameter_not_supported",
    "unsupportedparamserror",
    "extra_forbidden",
    "value_error.extra",
    "unexpected_keyword_argument",
    "unsupportedparameter",
    "unknownparameter",
];

/// Words that mean nothing else, in lower case. What follows from [`SENTENCES`] need not be here.
const WORDS: &[&str] = &[
    "unsupportedparamserror",
    "does not support parameter",
    "does not support thinking",
    "unsupported parameter",
    "unsupported_parameter",
    "unsupported value",
    "unknown parameter",
    "unrecognized request argument",
    "unrecognized parameter",
    "extra inputs are not permitted",
    "extra fields not permitted",
    "not supported with this model",
    "不支持的参数",
    "不支持该参数",
    "未知参数",
];

/// A name, which may be a path, in the quotation marks that vendors put it in.
const NAME: &str = r#"["'`\[({]*([A-Za-z_][\w.]*(?:\[\d+\][\w.]*)*)"#;
/// The end of a quoted name.
const END: &str = r#"["'`]"#;

/// What says of a parameter that it is not taken, in lower case; the name stands at the end of the first, in the midst
/// of the others.
static SENTENCES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let thing = "(?:parameter|argument|field|property|keyword argument|option)";
    [
        // `thinking.display: Extra inputs are not permitted`; Fireworks names the field behind.
        format!(r"{NAME}{END}?: extra (?:inputs are|fields) not permitted"),
        format!(r"extra (?:inputs are|fields) not permitted, field: {NAME}"),
        format!(r"(?:unsupported|unknown|unrecognized|unexpected|extraneous|extra) (?:request )?{thing}s?(?: supplied)?:? ?{NAME}"),
        format!(r"unsupported value: ?{NAME}{END}"),
        // Google, and Bedrock.
        format!(r"unknown name {NAME}{END}"),
        format!(r"extraneous key {NAME}\]"),
        format!(r"additional properties are not allowed ?{NAME}"),
        format!(r"{thing}s? (?:is |are )?not (?:supported|allowed|permitted)[^:.]*: ?{NAME}"),
        format!(r"does(?: not|n't) support (?:the )?(?:parameters?|settings?|arguments?|fields?):? ?{NAME}"),
        format!(r"does(?: not|n't) support (?:the )?{END}{NAME}{END}"),
        format!(r"does(?: not|n't) support (?:the )?{NAME} (?:parameter|argument|field|option|setting)"),
        format!(r"does(?: not|n't) support {NAME}="),
        format!(r"(?:setting|parameter|argument|property|field|option) {NAME}{END}? (?:is|are) (?:not |un|no longer )(?:supported|allowed|permitted|available|recognized)"),
        format!(r"{END}[\w.]+{END} and {NAME}{END} cannot both be (?:specified|set|used)"),
        format!(r"{END}{NAME}{END} (?:is|are) (?:deprecated|unsupported|(?:not|no longer) (?:supported|permitted|allowed))"),
        format!(r"(?:不支持(?:的|该)?参数|未知参数)[:： ]*{NAME}"),
    ]
    .iter()
    .filter_map(|sentence| Regex::new(sentence).ok())
    .collect()
});

/// The one that is called otherwise in words: Ollama's, Bedrock's, OpenRouter's and vLLM's.
static TOOLS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let what = r"(?:tools?\b|function[ -]call)";
    Regex::new(&format!(
        r"(?:does(?: not|n't)|\bno [a-z ]{{1,40}} that) support (?:the )?{what}|tool choice requires"
    ))
    .ok()
});

/// Things that are refused in the same words and are no parameters.
const NO_PARAMETERS: &[&str] =
    &["model ", "role ", "endpoint ", "route ", "region ", "provider ", "type ", "language "];

/// Whether an error says that a parameter is not taken, by its members or in its text, which is in lower case.
pub(super) fn is_told(members: &Members, text: &str) -> bool {
    members.has_code(CODES) || WORDS.iter().any(|words| text.contains(words)) || said(text).next().is_some()
}

/// The parameters at fault, best known first, as paths without the body that they are in.
pub(super) fn parameters(members: &Members, text: &str) -> Vec<String> {
    // What an error calls `param` may also be the kind of check that failed.
    let params = members.params.iter().filter(|param| !matches!(&***param, "body" | "validation_error"));
    let params: Vec<String> = params.map(|name| name.trim_start_matches("body.").to_owned()).collect();
    let names = [params, listed(text), said(text).collect()].into_iter().find(|names| !names.is_empty());
    let mut names = names.unwrap_or_default();
    let mut known = HashSet::new();
    names.retain(|name| known.insert(name.clone()));
    names
}

/// What the sentences name, in their own spelling.
fn said(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_ascii_lowercase();
    let names: Vec<String> = SENTENCES
        .iter()
        .filter_map(|sentence| {
            let name = sentence.captures(&lower)?.get(1)?;
            let before = lower[..name.start()].trim_end_matches(['"', '\'', '`', '[', '(', '{']);
            let is_none = NO_PARAMETERS.iter().any(|thing| before.ends_with(thing));
            let name = text[name.range()].trim_start_matches("body.").trim_end_matches('.');
            (!is_none && !name.is_empty()).then(|| name.to_owned())
        })
        .take(1)
        .collect();
    // `Stream options can only be defined when stream is set` (vLLM).
    let options = lower.contains("stream options can only").then(|| OURS.to_owned());
    let is_of_tools = names.is_empty() && TOOLS.as_ref().is_some_and(|tools| tools.is_match(&lower));
    names.into_iter().chain(options).chain(is_of_tools.then(|| "tools".to_owned()))
}

/// The names of a list: `openai does not support parameters: ['seed', 'top_p'], for model=…` (litellm 1.101.3).
fn listed(text: &str) -> Vec<String> {
    let list = ["parameters: [", "parameters: {", "parameters ["].iter().find_map(|words| {
        let list = text.split_once(words)?.1;
        list.split_once([']', '}']).map(|(list, _)| list)
    });
    list.map_or_else(Vec::new, |list| list.split('\'').skip(1).step_by(2).map(str::to_owned).collect())
}

/// The parameter that is sent in every stream without anybody asking for it.
pub(super) const OURS: &str = "stream_options";

/// Whether a text complains of [`OURS`]. Where it stands as a key with a value, the question is repeated.
pub(super) fn complains_of_ours(text: &str) -> bool {
    [OURS, "include_usage", "stream options"].iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            let rest = text[at + name.len()..].trim_start_matches('\\');
            let quoted = rest.strip_prefix(['"', '\'']);
            !quoted.is_some_and(|rest| rest.trim_start().starts_with(':'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_is_no_complaint() {
        for text in [
            "Unknown parameter: 'stream_options'.",
            r#"Unknown name \"stream_options\": no field"#,
            "stream_options: no",
        ] {
            // The name of Google's stands in quotation marks before a colon too, but then no value follows.
            assert!(complains_of_ours(text) || text.contains("Unknown name"), "{text}");
        }
        assert!(!complains_of_ours(r"no: {'stream_options': {'include_usage': True}, 'x': 1}"));
        assert!(!complains_of_ours(r#"no: {\"stream_options\": {\"include_usage\": true}}"#));
    }
}
