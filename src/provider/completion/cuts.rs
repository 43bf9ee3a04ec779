//! However what a provider adds is cut into deltas, it is the same in the end, goes back to the byte, and to nobody else.

use litellm_ls_protocol::{Compatibility, CompleteParams};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{deltas::Deltas, message::Message};
use crate::{
    litellm::chunk::Chunk,
    provider::{
        carried::Maker,
        opaque,
        request::{self, ModelFacts},
    },
};

/// What all opaque texts have, and nothing else.
const MARK: char = '§';

/// A block of Claude's reasoning.
#[derive(Debug, Clone)]
enum Block {
    Thinking { text: String, signature: String },
    Sealed(String),
}

/// How a proxy streams blocks.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// Each piece says the number of its block.
    numbered: bool,
    /// The text comes as reasoning too.
    told: bool,
    ending: Ending,
}

/// What comes with a signature.
#[derive(Debug, Clone, Copy)]
enum Ending {
    /// All of the text once more (litellm 1.101.3).
    OnceMore,
    /// Nothing (litellm 1.110.2).
    Alone,
    /// The last piece.
    Rest,
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

impl Block {
    fn written(&self) -> String {
        match self {
            Self::Thinking { text, signature } => {
                format!(
                    r#"{{"type":"thinking","thinking":{},"signature":{}}}"#,
                    quoted(text),
                    quoted(signature)
                )
            }
            Self::Sealed(data) => format!(r#"{{"type":"redacted_thinking","data":{}}}"#, quoted(data)),
        }
    }

    /// The deltas that a proxy makes of it.
    fn cut(&self, number: usize, at: &[usize], manner: Manner) -> Vec<String> {
        let index = if manner.numbered { format!(r#","index":{number}"#) } else { String::new() };
        let Self::Thinking { text, signature } = self else {
            return vec![format!(
                r#"{{"thinking_blocks":[{}{index}}}]}}"#,
                self.written().trim_end_matches('}')
            )];
        };
        let delta = |piece: &str, signature: Option<&str>, adds: &str| {
            let signature =
                signature.map_or_else(String::new, |text| format!(r#","signature":{}"#, quoted(text)));
            let told =
                if manner.told { format!(r#""reasoning_content":{},"#, quoted(adds)) } else { String::new() };
            let block = format!(r#"{{"type":"thinking","thinking":{}{signature}{index}}}"#, quoted(piece));
            format!(
                r#"{{{told}"thinking_blocks":[{block}],"provider_specific_fields":{{"thinking_blocks":[{block}]}}}}"#
            )
        };
        let mut pieces = pieces(text, at);
        let rest = match manner.ending {
            Ending::Rest => pieces.pop(),
            Ending::OnceMore | Ending::Alone => None,
        };
        let mut deltas: Vec<String> = pieces.iter().map(|piece| delta(piece, None, piece)).collect();
        deltas.push(match (manner.ending, rest) {
            (Ending::OnceMore, _) => delta(text, Some(signature), ""),
            (_, rest) => delta(rest.unwrap_or_default(), Some(signature), rest.unwrap_or_default()),
        });
        deltas
    }
}

/// A text in pieces, cut at these characters; no piece is empty.
fn pieces<'a>(text: &'a str, at: &[usize]) -> Vec<&'a str> {
    let mut ends: Vec<usize> =
        at.iter().map(|at| text.char_indices().nth(*at).map_or(text.len(), |(end, _)| end)).collect();
    ends.push(text.len());
    ends.sort_unstable();
    ends.dedup();
    let mut start = 0;
    let cut = ends.into_iter().map(|end| &text[std::mem::replace(&mut start, end)..end]);
    cut.filter(|piece| !piece.is_empty()).collect()
}

/// Members of an object, as written.
type Members = Vec<(String, String)>;

fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// A value that says something: a text with the mark, or a list or an object of such.
fn value() -> impl Strategy<Value = String> {
    let text = "\\PC{0,6}".prop_map(|text| quoted(&format!("{text}{MARK}")));
    let number =
        (any::<i128>(), 0..400_u16).prop_map(|(whole, exponent)| format!("[{whole},1.10e{exponent}]"));
    prop_oneof![
        text.clone(),
        number,
        (text.clone(), text).prop_map(|(one, two)| format!(r#"{{"a":{one},"b":{{"c":{two}}}}}"#))
    ]
}

fn members() -> impl Strategy<Value = Members> {
    prop::collection::vec(("[a-z_]{1,6}", value()), 0..4).prop_map(|members| {
        let numbered = members.into_iter().enumerate();
        numbered.map(|(place, (name, value))| (format!("x_{name}_{place}"), value)).collect()
    })
}

fn block() -> impl Strategy<Value = (Block, Vec<usize>)> {
    let sign = |text: String| format!("{text}{MARK}");
    let thinking = ("[ab é語]{0,12}", "\\PC{0,6}")
        .prop_map(move |(text, signature)| Block::Thinking { text, signature: sign(signature) });
    let sealed = "\\PC{0,6}".prop_map(move |data| Block::Sealed(sign(data)));
    (prop_oneof![3 => thinking, 1 => sealed], prop::collection::vec(0..12_usize, 0..4))
}

/// Blocks whose signatures differ, as they do: one that comes twice is that of one block.
fn blocks() -> impl Strategy<Value = Vec<(Block, Vec<usize>)>> {
    prop::collection::vec(block(), 0..5).prop_map(|mut blocks| {
        for (number, (block, _)) in blocks.iter_mut().enumerate() {
            if let Block::Thinking { signature, .. } = block {
                signature.push_str(&number.to_string());
            }
        }
        blocks
    })
}

fn manner() -> impl Strategy<Value = Manner> {
    let ending = prop_oneof![Just(Ending::OnceMore), Just(Ending::Alone), Just(Ending::Rest)];
    (any::<bool>(), any::<bool>(), ending).prop_map(|(numbered, told, ending)| Manner {
        numbered,
        // A last piece that begins as the text does can't be told from all of it by anything else.
        told: told || matches!(ending, Ending::Rest),
        ending,
    })
}

/// Any value of JSON, as written.
fn any_value() -> impl Strategy<Value = String> {
    let empty = prop::sample::select(vec!["null", "[]", "{}", r#""""#, "false", "0", "-0", "1.10", "1E400"]);
    let plain = prop_oneof![
        empty.prop_map(str::to_owned),
        any::<i128>().prop_map(|number| number.to_string()),
        "\\PC{0,6}".prop_map(|text| quoted(&text)),
    ];
    plain.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            any_members_of(inner).prop_map(|members| object(&members)),
        ]
    })
}

fn any_members_of(value: impl Strategy<Value = String>) -> impl Strategy<Value = Members> {
    let ours = prop::sample::select(vec!["$number", "$$number", "$madeBy", "$beside", "$x", "x", ""]);
    let name = prop_oneof![ours.prop_map(str::to_owned), "\\PC{0,6}"];
    prop::collection::btree_map(name, value, 0..4).prop_map(|members| members.into_iter().collect())
}

/// Members that only the provider knows.
fn any_members() -> impl Strategy<Value = Members> {
    any_members_of(any_value())
}

/// What a client sends back of a message, which keeps nothing but JSON.
fn history(message: &Message) -> Value {
    let message = message.whole(&Maker::of("mine", &ModelFacts::default()));
    let text = serde_json::to_string(&message).expect("JSON");
    let said: Value = serde_json::from_str(&text).expect("JSON");
    let mut assistant = json!({"role": "assistant", "content": said["text"]});
    for member in ["toolCalls", "reasoning", "reasoningBlocks", "providerFields"] {
        if !said[member].is_null() {
            assistant[member] = said[member].clone();
        }
    }
    json!([assistant])
}

fn absorbed(deltas: &[String]) -> Message {
    let mut message = Message::default();
    for delta in deltas {
        let event = format!(r#"{{"choices":[{{"delta":{delta}}}]}}"#);
        let chunk: Chunk<'_> = serde_json::from_str(&event).expect("a chunk");
        message.absorb(chunk, &mut Deltas::default());
    }
    message
}

/// What goes to a model of that name.
fn sent(messages: &Value, model: &str) -> String {
    let params = json!({"model": model, "messages": messages});
    let params: CompleteParams = serde_json::from_value(params).expect("params");
    let body = request::body(&params, model, &ModelFacts::default(), Compatibility::Default).expect("a body");
    String::from_utf8(opaque::write(&body.fields)).expect("UTF-8")
}

proptest! {
    #[test]
    fn any_cutting_gives_back_the_set_to_its_model_alone(
        blocks in blocks(), manner in manner(), beside in members(), fields in members(),
        of_call in members(), of_function in members(), split in any::<bool>(),
    ) {
        let mut deltas = Vec::new();
        for (number, (block, at)) in blocks.iter().enumerate() {
            deltas.extend(block.cut(number, at, manner));
        }
        // Members come together, or one by one.
        let groups = |members: &Members| -> Vec<Members> {
            match split {
                true => members.iter().map(|member| vec![member.clone()]).collect(),
                false => vec![members.clone()],
            }
        };
        deltas.extend(groups(&beside).iter().map(|members| object(members)));
        deltas.extend(groups(&fields).iter().map(|members| format!(r#"{{"provider_specific_fields":{}}}"#, object(members))));
        let call = |rest: &str| format!(r#"{{"tool_calls":[{{"index":0{rest}}}]}}"#);
        deltas.push(call(r#","id":"call_1","function":{"name":"look","arguments":"{}"}"#));
        for members in groups(&of_call).iter().filter(|members| !members.is_empty()) {
            deltas.push(call(&format!(",{}", object(members).trim_start_matches('{').strip_suffix('}').expect("an end"))));
        }
        deltas.extend(groups(&of_function).iter().map(|members| call(&format!(r#","function":{}"#, object(members)))));

        let history = history(&absorbed(&deltas));

        let home = sent(&history, "mine");
        let written: Vec<String> = blocks.iter().map(|(block, _)| block.written()).collect();
        if !written.is_empty() {
            let expected = format!(r#""thinking_blocks":[{}]"#, written.join(","));
            prop_assert!(home.contains(&expected), "{} is not in {}", expected, home);
        }
        if !fields.is_empty() {
            let expected = format!(r#""provider_specific_fields":{}"#, object(&fields));
            prop_assert!(home.contains(&expected), "{} is not in {}", expected, home);
        }
        for (name, value) in beside.iter().chain(&of_call).chain(&of_function) {
            let expected = format!("{}:{value}", quoted(name));
            prop_assert!(home.contains(&expected), "{} is not in {}", expected, home);
        }
        let away = sent(&history, "another");
        prop_assert!(!away.contains(MARK) && !away.contains("x_"), "{}", away);
    }

    #[test]
    fn any_members_go_back_as_they_came(
        beside in any_members(), fields in any_members(), of_call in any_members(), of_function in any_members(),
    ) {
        let with = |known: Members, more: &Members| object(&[known, more.clone()].concat());
        let member = |name: &str, value: String| (name.to_owned(), value);
        let fields_of = |fields: &Members| match fields.as_slice() {
            [] => Members::new(),
            fields => vec![member("provider_specific_fields", object(fields))],
        };
        let function = vec![member("name", quoted("look")), member("arguments", quoted("{}"))];
        let mut call = vec![
            member("id", quoted("call_1")),
            member("type", quoted("function")),
            member("function", with(function, &of_function)),
        ];
        call.extend(fields_of(&fields));
        let mut delta = vec![member("tool_calls", format!("[{}]", with(call, &of_call)))];
        delta.extend(fields_of(&fields));
        let history = history(&absorbed(&[with(delta.clone(), &beside)]));

        let home = opaque::read(&sent(&history, "mine")).expect("JSON");
        let mut back = home["messages"][0].clone();
        back.as_object_mut().expect("a message").shift_remove("role");
        prop_assert_eq!(back, opaque::read(&with(delta, &beside)).expect("JSON"));
    }
}
