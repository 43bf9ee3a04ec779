//! Reasoning in blocks, put together from their pieces: Anthropic's, which are signed or sealed, and OpenRouter's.

use serde_json::{Map, Value, value::RawValue};

use crate::provider::opaque;

/// The reasoning blocks of one answer, as far as they came.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<Block>);

#[derive(Debug)]
struct Block {
    /// The vendor's number of the block, where it says one.
    number: Option<u64>,
    value: Value,
}

impl Blocks {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a list of pieces. `reasoning` is the text that the same chunk adds to the reasoning; none where the answer
    /// does not tell its reasoning as text.
    pub(super) fn absorb(&mut self, pieces: &RawValue, reasoning: Option<&str>) {
        self.add_all(opaque::read(pieces.get()).unwrap_or_default(), reasoning);
    }

    /// The same with a list that was read.
    pub(super) fn add_all(&mut self, pieces: Value, reasoning: Option<&str>) {
        let Value::Array(pieces) = pieces else { return };
        for piece in pieces {
            self.add(piece, reasoning);
        }
    }

    fn add(&mut self, mut piece: Value, reasoning: Option<&str>) {
        let number = piece.get("index").and_then(Value::as_u64);
        // Anthropic numbers its events, not its blocks, and refuses a block with a number.
        if let Some(members) = piece.as_object_mut().filter(|members| is_anthropic(members)) {
            members.shift_remove("index");
        }
        let place = piece.as_object().and_then(|piece| self.place_of(number, piece));
        match (place.map(|place| &mut self.0[place].value), piece) {
            (Some(Value::Object(block)), Value::Object(piece)) => join(block, piece, reasoning),
            (_, piece) => self.0.push(Block { number, value: piece }),
        }
    }

    /// Which block a piece goes on with; none where it begins one.
    fn place_of(&self, number: Option<u64>, piece: &Map<String, Value>) -> Option<usize> {
        let other_id = |block: &Map<String, Value>| matches!((given(block, "id"), given(piece, "id")), (Some(one), Some(other)) if one != other);
        let goes_on = |block: &Map<String, Value>| {
            block.get("type") == piece.get("type")
                && !other_id(block)
                && !(is_signed(block) && adds_text(piece))
        };
        if number.is_some() {
            let same = |known: &Block| known.number == number && known.value.as_object().is_some_and(goes_on);
            return self.0.iter().rposition(same);
        }
        // A thought that is told in both forms comes in both by turns.
        let is_of_form =
            |known: &Block| known.value.as_object().map(is_anthropic) == Some(is_anthropic(piece));
        let last = self.0.iter().rposition(is_of_form)?;
        let block = self.0[last].value.as_object()?;
        let is_unsigned = !is_signed(block) || block.get("signature") == piece.get("signature");
        // What is sealed comes whole.
        (goes_on(block) && is_unsigned && text_name(block) != Some("data")).then_some(last)
    }

    /// The blocks as they stand. One that holds nothing, with which some streams begin, is none.
    pub(super) fn whole(&self) -> Vec<Value> {
        let holds_something = |block: &&Block| {
            let Some(block) = block.value.as_object() else { return true };
            block.get("type").is_none_or(|kind| kind != "thinking") || is_signed(block) || adds_text(block)
        };
        self.0.iter().filter(holds_something).map(|block| block.value.clone()).collect()
    }
}

/// Whether a list of `reasoning_details` is one of blocks that are known as such when they go back. Anything else goes
/// back as it came.
pub(super) fn are_details(list: &RawValue) -> bool {
    let blocks: Result<Vec<Value>, _> = serde_json::from_str(list.get());
    let is_detail = |block: &Value| block["type"].as_str().is_some_and(|kind| kind.starts_with("reasoning."));
    blocks.is_ok_and(|blocks| blocks.iter().all(is_detail))
}

/// Joins a piece to its block.
fn join(block: &mut Map<String, Value>, piece: Map<String, Value>, reasoning: Option<&str>) {
    let text_name = text_name(block);
    let signed = is_signed(&piece);
    for (name, value) in piece {
        let so_far = block.get(&name).and_then(Value::as_str).unwrap_or_default();
        let joined = match &value {
            Value::Null if block.contains_key(&name) => continue,
            // A seal that comes again is the same seal.
            Value::String(more) if name == "data" && so_far == more => continue,
            Value::String(more) if Some(name.as_str()) == text_name => {
                joined_text(so_far, more, signed, reasoning).into()
            }
            Value::String(more) if name == "signature" && so_far != more => format!("{so_far}{more}").into(),
            _ => value,
        };
        block.insert(name, joined);
    }
}

/// A block's text with that of a further piece. A piece with the signature may bring the last of the text, or all of it
/// once more (litellm 1.101.3): it does the latter where the chunk adds nothing to the reasoning, or, where that is not
/// told, where its text begins with what is there.
fn joined_text(so_far: &str, more: &str, signed: bool, reasoning: Option<&str>) -> String {
    let once_more = signed && !more.is_empty() && reasoning.map_or(more.starts_with(so_far), str::is_empty);
    if once_more { more.to_owned() } else { format!("{so_far}{more}") }
}

/// Where a block of this type has its text.
fn text_name(block: &Map<String, Value>) -> Option<&'static str> {
    match block.get("type")?.as_str()? {
        "thinking" => Some("thinking"),
        "reasoning.text" => Some("text"),
        "reasoning.summary" => Some("summary"),
        "redacted_thinking" | "reasoning.encrypted" => Some("data"),
        _ => None,
    }
}

fn is_anthropic(block: &Map<String, Value>) -> bool {
    block.get("type").is_some_and(|kind| kind == "thinking" || kind == "redacted_thinking")
}

fn is_signed(block: &Map<String, Value>) -> bool {
    given(block, "signature").is_some()
}

fn adds_text(piece: &Map<String, Value>) -> bool {
    text_name(piece).is_some_and(|name| given(piece, name).is_some())
}

/// A text that is there and not empty.
fn given<'a>(block: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    block.get(name)?.as_str().filter(|text| !text.is_empty())
}
