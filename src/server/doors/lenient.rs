//! What editors send and nobody reads is no reason to refuse a request, though the types of LSP would.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use tower_lsp::lsp_types::{CodeActionParams, CompletionParams, InitializeParams, ProgressToken};

/// The params of a standard method without what can't be read, and with what nobody reads where it must be there.
/// Where that does not help they stay as they are, and the error names what is wrong.
pub(super) fn readable(method: &str, params: Value) -> Value {
    let range = || json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let document = || json!({"uri": "file:///"});
    match method {
        "initialize" => {
            let unread = json!({"capabilities": {}});
            filtered::<InitializeParams>(params, &unread, unread.clone())
        }
        "textDocument/codeAction" => {
            let unread = json!({"context": {"diagnostics": []}});
            let mut whole = unread.clone();
            fill(&mut whole, json!({"textDocument": document(), "range": range()}));
            filtered::<CodeActionParams>(params, &whole, unread)
        }
        "textDocument/completion" => {
            let whole = json!({"textDocument": document(), "position": range()["start"]});
            filtered::<CompletionParams>(params, &whole, json!({}))
        }
        // Some clients write an empty list as null. Which command is meant, and whether its arguments fit, is told by who
        // runs it: a list as the argument fits none.
        "workspace/executeCommand" => {
            let mut read = Map::new();
            if let Value::Object(mut params) = params {
                read.extend(
                    params
                        .remove("workDoneToken")
                        .filter(|token| ProgressToken::deserialize(token).is_ok())
                        .map(|token| ("workDoneToken".into(), token)),
                );
                read.extend(
                    params.remove("command").filter(Value::is_string).map(|name| ("command".into(), name)),
                );
                match params.remove("arguments") {
                    None | Some(Value::Null) => {}
                    Some(Value::Array(arguments)) => _ = read.insert("arguments".into(), arguments.into()),
                    Some(argument) => _ = read.insert("arguments".into(), json!([[argument]])),
                }
            }
            read.entry("command").or_insert_with(|| "".into());
            read.into()
        }
        _ => params,
    }
}

/// `whole` is an example of all that must be there; `unread` is what of it may be put in.
fn filtered<T: DeserializeOwned>(params: Value, whole: &Value, unread: Value) -> Value {
    if T::deserialize(&params).is_ok() {
        return params;
    }
    let mut kept = match &params {
        Value::Object(_) => kept::<T>(whole, &mut Vec::new(), &params).unwrap_or_else(|| json!({})),
        // Such as null, or a list.
        _ => json!({}),
    };
    fill(&mut kept, unread);
    if T::deserialize(&kept).is_ok() { kept } else { params }
}

/// What of a value can be read at its place in an example; none where nothing can.
fn kept<'a, T: DeserializeOwned>(whole: &Value, path: &mut Vec<&'a str>, value: &'a Value) -> Option<Value> {
    let is_read = |path: &[&str], value: &Value| {
        let mut example = whole.clone();
        put(&mut example, path, value.clone());
        T::deserialize(&example).is_ok()
    };
    if !path.is_empty() && is_read(path, value) {
        return Some(value.clone());
    }
    let kept: Value = match value {
        Value::Object(members) => {
            let mut kept = Map::new();
            for (name, member) in members {
                path.push(name);
                kept.extend(self::kept::<T>(whole, path, member).map(|member| (name.clone(), member)));
                path.pop();
            }
            kept.into()
        }
        Value::Array(values) => {
            let is_read = |value: &&Value| is_read(path, &json!([value]));
            values.iter().filter(is_read).cloned().collect()
        }
        _ => return None,
    };
    (path.is_empty() || is_read(path, &kept)).then_some(kept)
}

/// Puts a value at a place, and leaves what else is there.
fn put(example: &mut Value, path: &[&str], value: Value) {
    let Some((name, rest)) = path.split_first() else { return fill_over(example, value) };
    if !example.is_object() {
        *example = json!({});
    }
    put(&mut example[*name], rest, value);
}

/// Adds the members of `value` over those that are there; anything else takes the place.
fn fill_over(place: &mut Value, value: Value) {
    match (place, value) {
        (Value::Object(place), Value::Object(members)) => place.extend(members),
        (place, value) => *place = value,
    }
}

/// Adds what is missing.
fn fill(value: &mut Value, missing: Value) {
    if let (Value::Object(value), Value::Object(missing)) = (value, missing) {
        for (name, missing) in missing {
            match value.get_mut(&name) {
                Some(value) => fill(value, missing),
                None => drop(value.insert(name, missing)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::server::doors::shapes;

    /// An `initialize` as an editor may send it, with everything that is read.
    fn initialize() -> Value {
        json!({
            "processId": 7,
            "clientInfo": {"name": "e"},
            "rootUri": "file:///w",
            "workspaceFolders": [{"uri": "file:///w", "name": "w"}],
            "initializationOptions": {"model": "m"},
            "trace": "off",
            "capabilities": {
                "workspace": {"configuration": true, "workspaceEdit": {"documentChanges": true, "resourceOperations": []}},
                "window": {"workDoneProgress": true},
                "general": {"positionEncodings": ["utf-8"]},
                "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}},
            },
        })
    }

    /// Sets every member of an object in turn, at any depth, to a value.
    fn with_each(value: &Value, shape: &Value, each: &mut dyn FnMut(Value, &str)) {
        let Value::Object(members) = value else { return };
        for (name, member) in members {
            let mut changed = value.clone();
            changed[name] = shape.clone();
            each(changed, name);
            with_each(member, shape, &mut |inner, path| {
                let mut changed = value.clone();
                changed[name] = inner;
                each(changed, &format!("{name}.{path}"));
            });
        }
    }

    #[test]
    fn an_editor_is_let_in_whatever_it_says_of_itself() {
        for params in
            [json!({}), json!(null), json!([]), json!({"capabilities": null}), json!({"capabilities": [7]})]
        {
            let read = InitializeParams::deserialize(readable("initialize", params)).unwrap();
            assert_eq!(read.capabilities, Default::default());
        }
        let all = InitializeParams::deserialize(initialize()).unwrap();
        for shape in shapes() {
            with_each(&initialize(), &shape, &mut |params, path| {
                let read = InitializeParams::deserialize(readable("initialize", params.clone()));
                let read = read.unwrap_or_else(|error| panic!("{path}: {error} in {params}"));
                // What stands beside it is read all the same.
                if !path.starts_with("capabilities") {
                    assert_eq!(read.capabilities, all.capabilities, "{path} {shape}");
                } else if !path.contains('.') || !path.starts_with("capabilities.general") {
                    let general =
                        (path != "capabilities").then_some(all.capabilities.general.clone()).flatten();
                    assert_eq!(read.capabilities.general, general, "{path} {shape}");
                }
                if !path.starts_with("initializationOptions") {
                    assert_eq!(read.initialization_options, all.initialization_options, "{path} {shape}");
                }
            });
        }
        let mixed = json!({"capabilities": {"general": {"positionEncodings": [1, "utf-8", null]}}});
        let read = InitializeParams::deserialize(readable("initialize", mixed)).unwrap();
        let encodings = read.capabilities.general.unwrap().position_encodings.unwrap();
        assert_eq!(encodings[0].as_str(), "utf-8");
    }

    #[test]
    fn what_is_read_must_be_right() {
        let place = json!({"line": 1, "character": 2});
        let good = json!({
            "textDocument": {"uri": "file:///a"},
            "range": {"start": place, "end": place},
            "context": {"only": ["quickfix"], "diagnostics": [{"range": 7}, {"range": {"start": place, "end": place}, "message": "m"}]},
        });
        let read = CodeActionParams::deserialize(readable("textDocument/codeAction", good.clone())).unwrap();
        assert_eq!((read.context.diagnostics.len(), read.context.only.unwrap().len()), (1, 1));
        for shape in shapes() {
            for (name, optional) in [("textDocument", false), ("range", false), ("context", true)] {
                let mut params = good.clone();
                params[name] = shape.clone();
                let read = CodeActionParams::deserialize(readable("textDocument/codeAction", params));
                assert_eq!(read.is_ok(), optional, "{name}: {shape}");
            }
            let mut params = good.clone();
            params["context"]["diagnostics"] = shape.clone();
            let read = CodeActionParams::deserialize(readable("textDocument/codeAction", params)).unwrap();
            assert_eq!(read.context.only.unwrap().len(), 1, "{shape}");
        }
    }
}
