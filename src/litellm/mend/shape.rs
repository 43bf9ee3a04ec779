//! Puts the fields of a chunk into the types that the strict reader knows.

use serde_json::{Value, json};

use super::{Fields, parts::Parts, says_something};
use crate::litellm::chunk::REASONING;

/// A chunk or a whole answer. `is_less` becomes true where something is left out that may have been a text.
pub(super) fn chunk(chunk: &mut Fields, is_less: &mut bool) {
    text_or_nothing(chunk, "id");
    text_or_nothing(chunk, "model");
    objects(chunk, "choices", is_less);
    for choice in items(chunk, "choices") {
        shape_choice(choice, is_less);
    }
}

fn shape_choice(choice: &mut Fields, is_less: &mut bool) {
    number_or_nothing(choice, "index");
    text_or_nothing(choice, "finish_reason");
    if let Some(text) = choice.remove("text") {
        let parts = Parts::of(text, is_less);
        choice.insert("text".into(), parts.text.into());
    }
    let [delta, message] = ["delta", "message"].map(|name| match choice.shift_remove(name) {
        Some(Value::Object(fields)) => fields,
        None | Some(Value::Null) => Fields::new(),
        // A bare text, or its parts.
        Some(content) => Fields::from_iter([("content".to_owned(), content)]),
    });
    // Where both are there, the message repeats what the deltas say.
    let adds = delta.iter().any(|(name, value)| name != "role" && says_something(value));
    let (name, mut said) = if adds || message.is_empty() { ("delta", delta) } else { ("message", message) };
    shape_delta(&mut said, is_less);
    choice.insert(name.into(), said.into());
}

fn shape_delta(delta: &mut Fields, is_less: &mut bool) {
    let content = Parts::of(delta.remove("content").unwrap_or_default(), is_less);
    let refusal = Parts::of(delta.remove("refusal").unwrap_or_default(), is_less);
    let mut reasoning = String::new();
    for name in REASONING {
        let said = Parts::of(delta.remove(name).unwrap_or_default(), is_less).all();
        if reasoning.is_empty() {
            reasoning = said;
        }
    }
    reasoning.push_str(&content.reasoning);
    delta.insert("content".into(), content.text.into());
    delta.insert("reasoning_content".into(), reasoning.into());
    delta.insert("refusal".into(), (refusal.all() + &content.refusal).into());
    add(delta, "images", content.images);
    objects(delta, "thinking_blocks", is_less);
    add(delta, "thinking_blocks", content.blocks);
    objects(delta, "tool_calls", is_less);
    for piece in items(delta, "tool_calls") {
        shape_tool_call(piece, is_less);
    }
    match delta.remove("function_call") {
        Some(Value::Object(mut function)) => {
            shape_function(&mut function, is_less);
            delta.insert("function_call".into(), function.into());
        }
        other => *is_less |= other.is_some_and(|other| says_something(&other)),
    }
}

fn shape_tool_call(piece: &mut Fields, is_less: &mut bool) {
    number_or_nothing(piece, "index");
    if let Some(Value::Number(id)) = piece.get("id") {
        let id = id.to_string();
        piece.insert("id".into(), id.into());
    }
    text_or_nothing(piece, "id");
    let mut function = match piece.remove("function") {
        Some(Value::Object(function)) => function,
        other => {
            *is_less |= other.is_some_and(|other| says_something(&other));
            // Without the object around them.
            let bare = ["name", "arguments"].map(|name| piece.shift_remove_entry(name));
            bare.into_iter().flatten().collect()
        }
    };
    shape_function(&mut function, is_less);
    piece.insert("function".into(), function.into());
}

fn shape_function(function: &mut Fields, is_less: &mut bool) {
    *is_less |= text_or_nothing(function, "name");
    // Arguments that are JSON already, and not JSON in a text.
    if let Some(arguments @ (Value::Object(_) | Value::Array(_))) = function.get("arguments") {
        let arguments = arguments.to_string();
        function.insert("arguments".into(), arguments.into());
    }
    *is_less |= text_or_nothing(function, "arguments");
}

/// Leaves a field out where it is no text; whether it said something.
fn text_or_nothing(fields: &mut Fields, name: &str) -> bool {
    match fields.get(name) {
        None | Some(Value::String(_) | Value::Null) => false,
        Some(_) => fields.shift_remove(name).is_some_and(|value| says_something(&value)),
    }
}

/// Makes a field a small whole number, which may be written as text or with a point; leaves out what is none.
fn number_or_nothing(fields: &mut Fields, name: &str) {
    let number = match fields.shift_remove(name) {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    if let Some(number) = number.filter(|number| number.fract() == 0.0 && (0.0..=4e9).contains(number)) {
        fields.insert(name.into(), json!(number as u32));
    }
}

/// Makes a field a list of objects; one alone is a list too.
fn objects(fields: &mut Fields, name: &str, is_less: &mut bool) {
    let mut items = match fields.shift_remove(name) {
        None | Some(Value::Null) => return,
        Some(Value::Array(items)) => items,
        Some(one) => vec![one],
    };
    items.retain(|item| {
        *is_less |= !item.is_object() && says_something(item);
        item.is_object()
    });
    fields.insert(name.into(), items.into());
}

/// The objects of a list.
fn items<'a>(fields: &'a mut Fields, name: &str) -> impl Iterator<Item = &'a mut Fields> {
    fields.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Adds to a list, which begins here where there is none.
fn add(fields: &mut Fields, name: &str, more: Vec<Value>) {
    if more.is_empty() {
        return;
    }
    match fields.get_mut(name) {
        Some(Value::Array(items)) => items.extend(more),
        _ => {
            fields.insert(name.into(), more.into());
        }
    }
}
