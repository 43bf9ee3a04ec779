//! Any legal way to cut, number and name a set of calls gives back that set.

use litellm_ls_protocol::{Delta, Tool};
use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::MAX_CALLS;

use crate::{
    litellm::read_pieces,
    provider::completion::{deltas::Deltas, message::Message},
};

/// Names of which some begin as others do.
const NAMES: [&str; 6] = ["read", "read_file", "edit_existing_file", "look", "lookup", "clock"];
const ARGUMENTS: [&str; 6] = [
    "",
    "{}",
    r#"{"a":1}"#,
    r#"{"path":"x{y}\"z\\","n":[[]]}"#,
    r#"{"list":[1,{"b":[]}],"é":"語🚀 [{"}"#,
    " {\n \"a\": null }\n",
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Numbers {
    Right,
    FromOne,
    WithGaps,
    Texts,
    Floats,
    AllZero,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Ids {
    First,
    Each,
    NewEach,
    AllAlike,
    Empty,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Names {
    First,
    Each,
    Pieces,
    Late,
}

/// How pieces are put into chunks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Chunks {
    OnePiece,
    AllPieces,
    /// Several calls under way at once.
    Interleaved,
}

#[derive(Debug, Clone)]
struct Way {
    numbers: Numbers,
    ids: Ids,
    names: Names,
    chunks: Chunks,
    /// Whether the first piece has no arguments.
    begins_blank: bool,
    /// Whether arguments come as an object.
    as_object: bool,
    /// The length of the pieces, in characters.
    length: usize,
}

impl Way {
    /// Whether the number of a piece tells its call.
    fn is_numbered(&self) -> bool {
        !matches!(self.numbers, Numbers::AllZero | Numbers::None)
    }

    fn number(&self, call: usize) -> Value {
        match self.numbers {
            Numbers::Right => json!(call),
            Numbers::FromOne => json!(call + 1),
            Numbers::WithGaps => json!(call * 3 + 2),
            Numbers::Texts => json!(call.to_string()),
            Numbers::Floats => json!(call as f64),
            Numbers::AllZero => json!(0),
            Numbers::None => Value::Null,
        }
    }

    fn id(&self, call: usize, piece: usize) -> Value {
        match (self.ids, piece) {
            (Ids::First, 0) | (Ids::Each, _) => json!(format!("id_{call}")),
            (Ids::NewEach, _) => json!(format!("id_{call}_{piece}")),
            (Ids::AllAlike, _) => json!("call"),
            (Ids::Empty, _) => json!(""),
            (Ids::First | Ids::None, _) => Value::Null,
        }
    }

    /// The pieces of a call.
    fn pieces(&self, call: usize, (name, arguments): &(String, String)) -> Vec<Value> {
        let mut names: Vec<Option<&str>> = vec![Some(name)];
        let mut texts: Vec<Value> = Vec::new();
        if self.begins_blank || self.names == Names::Pieces {
            texts.push(json!(""));
        }
        if self.names == Names::Pieces {
            names = vec![Some(&name[..name.len() / 2]), Some(&name[name.len() / 2..])];
            texts.push(json!(""));
        }
        match serde_json::from_str::<Map<String, Value>>(arguments) {
            Ok(object) if self.as_object => texts.push(object.into()),
            _ => {
                let characters: Vec<char> = arguments.chars().collect();
                texts.extend(
                    characters.chunks(self.length).map(|piece| json!(piece.iter().collect::<String>())),
                );
            }
        }
        if texts.is_empty() {
            texts.push(json!(""));
        }
        let last = texts.len() - 1;
        let pieces = texts.into_iter().enumerate().map(|(piece, text)| {
            let named = match self.names {
                Names::Each => Some(name.as_str()),
                Names::Late if piece == last => Some(name.as_str()),
                Names::Late => None,
                Names::First | Names::Pieces => names.get(piece).copied().flatten(),
            };
            let function = json!({"name": named, "arguments": text});
            json!({"index": self.number(call), "id": self.id(call, piece), "type": "function", "function": function})
        });
        pieces.collect()
    }

    fn body(&self, calls: &[(String, String)]) -> String {
        let mut calls: Vec<Vec<Value>> =
            calls.iter().enumerate().map(|(place, call)| self.pieces(place, call)).collect();
        let chunks: Vec<Vec<Value>> = match self.chunks {
            Chunks::OnePiece => calls.into_iter().flatten().map(|piece| vec![piece]).collect(),
            Chunks::AllPieces => vec![calls.into_iter().flatten().collect()],
            Chunks::Interleaved => {
                let rounds = calls.iter().map(Vec::len).max().unwrap_or_default();
                calls.iter_mut().for_each(|pieces| pieces.reverse());
                (0..rounds).map(|_| calls.iter_mut().filter_map(Vec::pop).collect()).collect()
            }
        };
        let event = |chunk: Vec<Value>| json!({"choices": [{"index": 0, "delta": {"tool_calls": chunk}}]});
        let events = chunks.into_iter().map(event);
        let end = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
        events.chain([end]).map(|event| format!("data: {event}\n\n")).collect()
    }
}

fn ways() -> impl Strategy<Value = Way> {
    use Numbers as N;
    let numbers = [N::Right, N::FromOne, N::WithGaps, N::Texts, N::Floats, N::AllZero, N::None];
    let ids = [Ids::First, Ids::Each, Ids::NewEach, Ids::AllAlike, Ids::Empty, Ids::None];
    let names = [Names::First, Names::Each, Names::Pieces, Names::Late];
    let chunks = [Chunks::OnePiece, Chunks::AllPieces, Chunks::Interleaved];
    let how =
        (select(numbers.to_vec()), select(ids.to_vec()), select(names.to_vec()), select(chunks.to_vec()));
    (how, any::<bool>(), any::<bool>(), 1..9_usize).prop_map(
        |((numbers, ids, names, chunks), begins_blank, as_object, length)| {
            let mut way = Way { numbers, ids, names, chunks, begins_blank, as_object, length };
            if matches!(way.ids, Ids::Empty | Ids::None) && way.names == Names::Late {
                // Nobody could see that such a call begins.
                way.begins_blank = false;
            }
            if !way.is_numbered() {
                // Only numbers tell pieces apart that come in turns.
                way.chunks = Chunks::OnePiece;
            }
            way
        },
    )
}

/// The calls, less what can't be told apart in this way by anybody.
fn told_apart(way: &Way, mut calls: Vec<(String, String)>) -> Vec<(String, String)> {
    if way.is_numbered() {
        return calls;
    }
    for place in 1..calls.len() {
        let next = calls[place].0.clone();
        let (name, arguments) = &mut calls[place - 1];
        // A name after a call without arguments may go on with its name, and so may a call whose name is late.
        let is_alike = next.starts_with(&name[..2]) || way.names == Names::Late;
        if arguments.is_empty() && is_alike {
            arguments.push_str("{}");
        }
        // An empty object goes on with the arguments that come without a name behind it.
        if way.names == Names::Late && arguments == "{}" {
            *arguments = format!("{{\"m\":{place}}}");
        }
        // The same once more under the same id is a repetition, and so is its name alone.
        let [before, call] = [&calls[place - 1], &calls[place]];
        if way.ids == Ids::AllAlike && before.0 == call.0 && (before.1 == call.1 || call.1.is_empty()) {
            calls[place].1 = format!("{{\"n\":{place}}}");
        }
    }
    calls
}

/// The calls of the result, and those that a peer puts together of the pieces it was told.
fn read(body: &str) -> (Message, Vec<[String; 3]>, Vec<[String; 3]>) {
    let tools: Vec<Tool> = NAMES.map(|name| Tool { name: name.into(), ..Tool::default() }).into();
    let (mut message, mut deltas) = (Message::of(&tools, false), Deltas::default());
    let (outcome, odd) = read_pieces([body.as_bytes()], |chunk| message.absorb(chunk, &mut deltas));
    assert_eq!((outcome, odd), (Ok(()), vec![]), "{body}");
    message.finish("unique", &mut deltas);
    let whole = message.calls().into_iter().map(|call| [call.id, call.name, call.arguments]).collect();
    let mut joined: Vec<[String; 3]> = Vec::new();
    while let Some(delta) = deltas.pop() {
        let Delta::ToolCall { index, id, name, arguments, .. } = delta else { continue };
        let place = usize::try_from(index).unwrap();
        if joined.len() <= place {
            joined.resize_with(place + 1, Default::default);
        }
        let call = &mut joined[place];
        call[0] = id.unwrap_or_else(|| call[0].clone());
        call[1] = name.unwrap_or_else(|| call[1].clone());
        call[2].push_str(&arguments);
    }
    (message, whole, joined)
}

/// Arguments as they mean the same.
fn meant(arguments: &str) -> Value {
    serde_json::from_str(arguments).unwrap_or_else(|_| arguments.into())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_legal_way_gives_back_the_calls(
        way in ways(),
        calls in prop::collection::vec((select(NAMES.to_vec()), select(ARGUMENTS.to_vec())), 1..5),
    ) {
        let calls = calls.into_iter().map(|(name, arguments)| (name.to_owned(), arguments.to_owned())).collect();
        let calls = told_apart(&way, calls);
        let (message, whole, joined) = read(&way.body(&calls));
        prop_assert_eq!(&joined, &whole);
        prop_assert_eq!(message.finish_reason.as_deref(), Some("toolCalls"));
        let mut ids: Vec<&str> = whole.iter().map(|[id, ..]| id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert!(ids.len() == whole.len() && !ids.contains(&""), "{:?}", whole);
        let whole: Vec<_> = whole.iter().map(|[_, name, arguments]| (name.clone(), meant(arguments))).collect();
        let calls: Vec<_> = calls
            .iter()
            .map(|(name, arguments)| (name.clone(), if arguments.is_empty() { json!({}) } else { meant(arguments) }))
            .collect();
        prop_assert_eq!(whole, calls);
    }
}

/// Each call is found at once: an answer with very many would else take minutes.
#[test]
fn very_many_calls_are_put_together() {
    const MANY: usize = 50_000;
    for (numbers, ids) in
        [(Numbers::Right, Ids::Each), (Numbers::None, Ids::First), (Numbers::AllZero, Ids::AllAlike)]
    {
        let way = Way {
            numbers,
            ids,
            names: Names::First,
            chunks: Chunks::OnePiece,
            begins_blank: false,
            as_object: false,
            length: 100,
        };
        let calls: Vec<_> = (0..MANY).map(|n| ("look".to_owned(), format!("{{\"n\":{n}}}"))).collect();
        let (_, whole, joined) = read(&way.body(&calls));
        assert_eq!((whole.len(), joined.len()), (MAX_CALLS, MANY), "{way:?}");
        assert_eq!(whole[..], joined[..MAX_CALLS], "{way:?}");
        assert_eq!(joined[MANY - 1][2], calls[MANY - 1].1, "{way:?}");
    }
}

#[test]
fn what_vendors_were_seen_to_send() {
    let piece = |index: Value, id: Value, name: Value, arguments: Value| json!({"index": index, "id": id, "function": {"name": name, "arguments": arguments}});
    let n = Value::Null;
    let cases = [
        (
            "a last piece repeats the name and the id",
            vec![
                piece(json!(0), json!("a"), json!("look"), json!("{}")),
                piece(json!(0), json!("a"), json!("look"), json!("")),
            ],
            vec![("look", "{}")],
        ),
        (
            "the whole call once more",
            vec![
                piece(json!(0), json!("a"), json!("look"), json!("{\"a\":")),
                piece(json!(0), n.clone(), n.clone(), json!("1}")),
                piece(json!(0), json!("a"), json!("look"), json!("{\"a\":1}")),
            ],
            vec![("look", "{\"a\":1}")],
        ),
        (
            "a name that no tool has, in pieces",
            vec![
                piece(json!(0), json!("a"), json!("unkn"), json!("")),
                piece(json!(0), n.clone(), json!("own"), json!("")),
                piece(json!(0), n.clone(), n.clone(), json!("{}")),
            ],
            vec![("unknown", "{}")],
        ),
        (
            "a name that grows",
            vec![
                piece(json!(0), json!("a"), json!("edit"), json!("")),
                piece(json!(0), n.clone(), json!("edit_existing_file"), json!("{}")),
            ],
            vec![("edit_existing_file", "{}")],
        ),
        (
            "two tools of which one begins as the other does",
            vec![
                piece(json!(0), json!("a"), json!("read"), json!("")),
                piece(json!(0), json!("b"), json!("read_file"), json!("{}")),
            ],
            vec![("read", "{}"), ("read_file", "{}")],
        ),
        (
            "two calls without arguments",
            vec![
                piece(json!(0), json!("a"), json!("look"), json!("")),
                piece(json!(0), json!("b"), json!("look"), json!("")),
            ],
            vec![("look", "{}"), ("look", "{}")],
        ),
        (
            "a name behind all arguments",
            vec![
                piece(json!(0), json!("a"), n.clone(), json!("{\"a\":1}")),
                piece(json!(0), n.clone(), json!("look"), n.clone()),
            ],
            vec![("look", "{\"a\":1}")],
        ),
        (
            "an id before all else, and a number that comes later",
            vec![
                piece(n.clone(), json!("a"), n.clone(), n.clone()),
                piece(n.clone(), n.clone(), json!("look"), json!("{\"a")),
                piece(json!(0), n.clone(), n.clone(), json!("\":1}")),
            ],
            vec![("look", "{\"a\":1}")],
        ),
        (
            "a name that grows from one tool's to another's",
            vec![
                piece(json!(0), json!("a"), json!("read"), json!("")),
                piece(json!(0), json!("a"), json!("read_file"), json!("")),
                piece(json!(0), json!("a"), n.clone(), json!("{}")),
            ],
            vec![("read_file", "{}")],
        ),
        (
            "an empty object in place of the arguments that follow",
            vec![
                piece(json!(0), json!("a"), json!("read"), json!("{}")),
                piece(json!(0), n.clone(), n.clone(), json!("{\"x\"")),
                piece(json!(0), n.clone(), n.clone(), json!(":1}")),
            ],
            vec![("read", "{\"x\":1}")],
        ),
        (
            "the same as objects, under an id",
            vec![
                piece(json!(0), json!("a"), json!("read"), json!({})),
                piece(json!(0), json!("a"), n.clone(), json!({"x": 1})),
            ],
            vec![("read", "{\"x\":1}")],
        ),
        (
            "an empty object, and once more",
            vec![
                piece(json!(0), json!("a"), json!("read"), json!("{")),
                piece(json!(0), n.clone(), n.clone(), json!("}")),
                piece(json!(0), n.clone(), n.clone(), json!("{}")),
                piece(json!(1), json!("b"), json!("look"), json!("{}")),
            ],
            vec![("read", "{}"), ("look", "{}")],
        ),
        (
            "without the object around name and arguments",
            vec![json!({"index": "0", "name": "look", "arguments": {"a": 1}})],
            vec![("look", "{\"a\":1}")],
        ),
    ];
    for (name, pieces, expected) in cases {
        let events = pieces.iter().map(|piece| json!({"choices": [{"delta": {"tool_calls": [piece]}}]}));
        let end = json!({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]});
        let body: String = events.chain([end]).map(|event| format!("data: {event}\n\n")).collect();
        let (_, whole, joined) = read(&body);
        let calls: Vec<(&str, &str)> =
            whole.iter().map(|[_, name, text]| (name.as_str(), text.as_str())).collect();
        assert_eq!(calls, expected, "{name}");
        assert_eq!(joined, whole, "{name}");
    }
}

/// Who runs a call as the next one begins has its arguments by then.
#[test]
fn a_call_is_told_whole_before_the_next_begins() {
    let call = |index: usize| json!({"index": index, "id": format!("id_{index}"), "function": {"name": "look", "arguments": "{}"}});
    let (mut message, mut deltas) = (Message::of(&[], false), Deltas::default());
    for index in 0..2 {
        let chunk = json!({"choices": [{"delta": {"tool_calls": [call(index)]}}]}).to_string();
        message.absorb(serde_json::from_str(&chunk).unwrap(), &mut deltas);
    }
    message.finish("unique", &mut deltas);
    let mut told = Vec::new();
    while let Some(Delta::ToolCall { index, arguments, .. }) = deltas.pop() {
        told.push((index, arguments));
    }
    assert_eq!(told, [(0, "{}".to_owned()), (1, "{}".to_owned())]);
}

#[test]
fn the_one_call_before_tools_is_a_call() {
    let event = |delta: Value| format!("data: {}\n\n", json!({"choices": [{"delta": delta}]}));
    let body = event(json!({"function_call": {"name": "look", "arguments": "{\"a\""}}))
        + &event(json!({"function_call": {"arguments": ":1}"}}))
        + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"function_call\"}]}\n\n";
    let (_, whole, _) = read(&body);
    assert_eq!((whole[0][1].as_str(), whole[0][2].as_str()), ("look", "{\"a\":1}"));
}

/// Gateways that serve old clients say each call in both ways.
#[test]
fn a_call_that_is_said_in_the_old_way_too_is_made_once() {
    let event = |delta: Value| format!("data: {}\n\n", json!({"choices": [{"delta": delta}]}));
    let both = |function: Value| {
        event(json!({"tool_calls": [{"index": 0, "function": function}], "function_call": function}))
    };
    let body = both(json!({"name": "look", "arguments": "{\"a\""}))
        + &both(json!({"arguments": ":1}"}))
        + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n";
    let (_, whole, joined) = read(&body);
    assert_eq!(whole.len(), 1, "{whole:?}");
    assert_eq!((whole[0][1].as_str(), whole[0][2].as_str()), ("look", "{\"a\":1}"));
    assert_eq!(joined, whole);
}

#[test]
fn arguments_that_were_cut_off_stay_so() {
    for (finish, arguments) in [("length", ""), ("content_filter", ""), ("tool_calls", "{}"), ("stop", "{}")]
    {
        let call = json!({"index": 0, "id": "a", "function": {"name": "look", "arguments": ""}});
        let body = format!(
            "data: {}\n\n",
            json!({"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": finish}]})
        );
        let (_, whole, joined) = read(&body);
        assert_eq!(whole[0][2], arguments, "{finish}");
        assert_eq!(joined, whole);
    }
}
