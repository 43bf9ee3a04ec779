//! Whole deployments to be filled in, one for each kind of provider.

use super::tables::tables;

/// Keys and values of `litellm_params` beside `model` and the usual key.
type Fields = &'static [(&'static str, &'static str)];

/// What is proposed: how it is called, the provider, and its fields.
const KINDS: &[(&str, &str, Fields)] = &[
    ("OpenAI", "openai", &[]),
    ("Anthropic", "anthropic", &[]),
    ("Azure OpenAI", "azure", &[("api_base", "os.environ/AZURE_API_BASE")]),
    ("Google AI Studio", "gemini", &[]),
    ("Vertex AI", "vertex_ai", &[("vertex_project", "${3:project}"), ("vertex_location", "${4:location}")]),
    ("Amazon Bedrock", "bedrock", &[("aws_region_name", "${3:region}")]),
    ("OpenRouter", "openrouter", &[]),
    ("Ollama", "ollama_chat", &[("api_base", "${3:http://localhost:11434}")]),
    ("LM Studio", "lm_studio", &[("api_base", "${3:http://localhost:1234/v1}")]),
    ("vLLM", "hosted_vllm", &[("api_base", "${3:http://localhost:8000/v1}")]),
    (
        "a server that speaks like OpenAI",
        "openai",
        &[("api_base", "${3:http://localhost:8000/v1}"), ("api_key", "${4:none}")],
    ),
];

/// The snippets: what each is called, and its lines. Those behind the first are indented from the line that they begin
/// on, which has a dash or gets one.
pub(crate) fn deployments(dash: bool) -> impl Iterator<Item = (String, String)> {
    KINDS.iter().map(move |(name, id, fields)| {
        let mut lines = String::from(if dash { "- " } else { "" });
        lines += &format!("model_name: ${{1:name}}\n  litellm_params:\n    model: {id}/${{2:model}}");
        let key = tables().provider(id).filter(|provider| provider.auth == "api_key");
        let key = key.and_then(|provider| provider.key_variables().next());
        if let Some(key) = key.filter(|_| fields.iter().all(|(name, _)| *name != "api_key")) {
            lines += &format!("\n    api_key: os.environ/{key}");
        }
        for (name, value) in *fields {
            lines += &format!("\n    {name}: {value}");
        }
        (format!("deployment: {name}"), lines)
    })
}

/// The same without places to be filled in: what they propose stands there.
pub(crate) fn plain(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some((before, behind)) = rest.split_once("${") {
        text += before;
        let (place, behind) = behind.split_once('}').unwrap_or((behind, ""));
        text += place.split_once(':').map_or("", |(_, proposed)| proposed);
        rest = behind;
    }
    text + rest
}
