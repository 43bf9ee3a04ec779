//! The tools a model may call, as OpenAI writes them.

use litellm_ls_protocol::{Compatibility, Message, Role, Tool};
use serde_json::{Map, Value, json};

/// The tools with their schemas untouched (D25), or as Roo sends them (R25): strict, unless they are of an MCP server.
pub(super) fn wire(tools: &[Tool], compatibility: Compatibility) -> Vec<Value> {
    tools
        .iter()
        .map(|tool| {
            let mut function = Map::new();
            function.insert("name".into(), json!(tool.name));
            if let Some(description) = &tool.description {
                function.insert("description".into(), json!(description));
            }
            let mut parameters = tool.parameters.clone();
            let mut strict = tool.strict;
            if compatibility == Compatibility::Roo {
                let of_mcp = tool.name.starts_with("mcp--");
                strict = Some(!of_mcp);
                parameters = if of_mcp { parameters } else { parameters.map(strict_schema) };
            }
            if let Some(parameters) = parameters {
                function.insert("parameters".into(), parameters);
            }
            if let Some(strict) = strict {
                function.insert("strict".into(), json!(strict));
            }
            json!({"type": "function", "function": function})
        })
        .collect()
}

/// Whether a history holds tool calls or their results.
pub(super) fn called_in(messages: &[Message]) -> bool {
    messages.iter().any(|message| !message.tool_calls.is_empty() || message.role == Role::Tool)
}

/// A tool that is never called: Anthropic and Bedrock refuse a history with tool calls but no tools (A27).
pub(super) fn stand_in() -> Value {
    json!({"type": "function", "function": {
        "name": "no_tool",
        "description": "Never call this. It stands for tools that are no longer offered.",
        "parameters": {"type": "object", "properties": {}},
    }})
}

/// An object schema as OpenAI's strict mode wants it: all properties required, no others, none of them nullable.
/// Nested objects and arrays of objects likewise; all else stays as it is.
fn strict_schema(mut schema: Value) -> Value {
    let Some(object) = schema.as_object_mut().filter(|object| object.get("type") == Some(&json!("object")))
    else {
        return schema;
    };
    object.insert("additionalProperties".into(), json!(false));
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        for property in properties.values_mut() {
            drop_null(property);
            match property["type"].as_str() {
                Some("object") => *property = strict_schema(property.take()),
                Some("array") if property["items"]["type"] == "object" => {
                    property["items"] = strict_schema(property["items"].take());
                }
                _ => {}
            }
        }
        let names = properties.keys().cloned().collect::<Vec<_>>();
        object.insert("required".into(), json!(names));
    }
    schema
}

fn drop_null(property: &mut Value) {
    if let Some(Value::Array(types)) = property.get_mut("type") {
        let nullable = types.len();
        types.retain(|kind| kind != "null");
        if types.len() != nullable && types.len() == 1 {
            property["type"] = property["type"][0].take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roo_makes_nested_schemas_strict() {
        let schema = json!({"type": "object", "additionalProperties": true, "properties": {
            "any": {"type": ["string", "number", "null"]},
            "list": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": ["object", "null"]}}}},
            "texts": {"type": "array", "items": {"type": ["string", "null"]}},
            "free": true,
        }});
        let strict = json!({"type": "object", "additionalProperties": false, "required": ["any", "list", "texts", "free"],
        "properties": {
            "any": {"type": ["string", "number"]},
            "list": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["a"],
                "properties": {"a": {"type": "object", "additionalProperties": false}},
            }},
            "texts": {"type": "array", "items": {"type": ["string", "null"]}},
            "free": true,
        }});
        assert_eq!(strict_schema(schema), strict);
        assert_eq!(strict_schema(json!({"type": "string"})), json!({"type": "string"}));
        assert_eq!(strict_schema(json!(true)), json!(true));
    }
}
