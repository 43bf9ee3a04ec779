//! The tool calls of an answer, put together from pieces that vendors cut, number and name in ways of their own.
//!
//! Numbers and ids may be missing, repeated or new with each piece (LiteLLM 1.101.3 passes them on as they come), so
//! that neither is trusted alone: what is written decides with them.

mod index;
mod json;
#[cfg(test)]
mod tests;

use litellm_ls_protocol::{Tool, ToolCall};
use serde_json::{Value, value::RawValue};

use super::{carried::Carried, deltas::Deltas};
use crate::{
    litellm::{
        chunk::{FunctionPiece, ToolCallPiece},
        rest::Rest,
    },
    provider::request::tool_ids,
};
use index::Index;
use json::{Json, may_begin};

/// Most calls of one answer: nobody runs so many, and each costs far more than its bytes.
pub(super) const MAX_CALLS: usize = 1024;

/// The calls so far.
#[derive(Debug, Default)]
pub(super) struct ToolCalls {
    calls: Vec<Call>,
    index: Index,
    /// The call that the last piece belonged to.
    current: Option<usize>,
    /// What came of a call before its name or its arguments did.
    announced: Call,
    /// The names of the tools that the model may call.
    offered: Vec<String>,
    /// Whether calls come as those of today.
    are_listed: bool,
}

/// One call.
#[derive(Debug, Default)]
struct Call {
    number: Option<u32>,
    /// The vendor's id, which other calls may have too.
    id: String,
    call: ToolCall,
    json: Json,
    /// Whether its arguments are more than blanks.
    has_arguments: bool,
    carried: Carried,
    /// Whether the peer knows of it. It is told when its name is whole: at the latest when its arguments begin.
    is_told: bool,
    /// How many bytes of its arguments the peer knows.
    told: usize,
}

/// What a piece says, without what is absent.
struct Piece<'a> {
    number: Option<u32>,
    place: Option<u32>,
    id: &'a str,
    name: &'a str,
    arguments: &'a str,
}

impl ToolCalls {
    /// No calls yet, of these tools.
    pub(super) fn of(tools: &[Tool]) -> Self {
        Self { offered: tools.iter().map(|tool| tool.name.clone()).collect(), ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// The calls as they stand, as far as they are told.
    pub(super) fn whole(&self) -> Vec<ToolCall> {
        self.calls.iter().take(MAX_CALLS).map(|known| known.call.clone()).collect()
    }

    /// Whether there are more than any answer should have.
    pub(super) fn are_too_many(&self) -> bool {
        self.calls.len() > MAX_CALLS
    }

    /// Whether no vendor added to them, so that any model may read them.
    pub(super) fn are_plain(&self) -> bool {
        self.calls.iter().all(|known| known.carried.is_empty() && !tool_ids::is_signed(&known.call.id))
    }

    /// Whether a call names no tool.
    pub(super) fn is_any_nameless(&self) -> bool {
        self.calls.iter().any(|known| known.call.name.is_empty())
    }

    /// Takes in the pieces of a chunk.
    pub(super) fn absorb(&mut self, pieces: Vec<ToolCallPiece<'_>>, deltas: &mut Deltas) {
        let several = pieces.len() > 1;
        self.are_listed |= !pieces.is_empty();
        for (place, piece) in (0..).zip(pieces) {
            let place = (several && piece.index.is_none()).then_some(place);
            self.absorb_piece(piece, place, deltas);
        }
    }

    /// Takes in a piece of the one call of the API before tools. Gateways that serve old clients say the same in both.
    pub(super) fn absorb_function(&mut self, function: FunctionPiece<'_>, deltas: &mut Deltas) {
        if self.are_listed {
            return;
        }
        let piece = ToolCallPiece { function: Some(function), ..ToolCallPiece::default() };
        self.absorb_piece(piece, None, deltas);
    }

    /// The answer has ended: every call is told, has an id, for its result must name it, and has arguments where they
    /// `are_whole`. `unique` is no other answer's.
    pub(super) fn finish(&mut self, are_whole: bool, unique: &str, deltas: &mut Deltas) {
        for (place, known) in self.calls.iter_mut().enumerate() {
            let call = &mut known.call;
            let is_named = !call.id.is_empty();
            if !is_named {
                call.id = format!("call_{unique}_{place}");
            }
            let is_blank = are_whole && call.arguments.trim().is_empty();
            if is_blank {
                call.arguments.push_str("{}");
            }
            if !known.is_told {
                known.tell(place, deltas);
            } else if !is_named {
                deltas.tool_call(index(place), &call.id, "");
            }
            known.tell_arguments(place, deltas);
        }
    }

    fn absorb_piece(&mut self, whole: ToolCallPiece<'_>, place: Option<u32>, deltas: &mut Deltas) {
        let function = whole.function.unwrap_or_default();
        let piece = Piece {
            number: whole.index,
            place,
            id: whole.id.non_empty().unwrap_or_default(),
            name: function.name.non_empty().unwrap_or_default(),
            arguments: function.arguments.non_empty().unwrap_or_default(),
        };
        let known = self.candidate(&piece);
        // A name that came once more is that of the call whose arguments these are.
        let is_refilled = known.is_some_and(|place| self.calls[place].is_refilled_by(&piece))
            && self.announced.call.name.is_empty();
        let known = known.filter(|place| is_refilled || !self.calls[*place].is_over(&piece, &self.offered));
        let place = match known {
            Some(place) => {
                if is_refilled {
                    self.calls[place].empty();
                }
                place
            }
            None if !self.is_begun_by(&piece) => {
                self.announced.announce(&piece);
                self.announced.carry(whole.provider_specific_fields, whole.rest, function.rest);
                return;
            }
            None => {
                // Nothing more of the one before is waited for.
                if let Some(place) = self.current.filter(|place| self.calls[*place].is_told) {
                    self.calls[place].tell_arguments(place, deltas);
                }
                self.begin(&piece)
            }
        };
        self.current = Some(place);
        let known = &self.calls[place];
        if known.json.is_complete() && !piece.name.is_empty() && piece.name == known.call.name {
            // The name once more; or that of the next call, if arguments follow.
            self.announced.announce(&piece);
            piece.name.clone_into(&mut self.announced.call.name);
        }
        let known = &mut self.calls[place];
        known.add(&piece, &self.offered);
        if known.is_told && !say_nothing(&known.call.arguments) {
            known.tell_arguments(place, deltas);
        }
        self.index.note(place, known.number, &known.id);
        self.identify(place, deltas);
        let known = &mut self.calls[place];
        let news = known.carry(whole.provider_specific_fields, whole.rest, function.rest);
        if known.is_told {
            news.into_iter().for_each(|fields| deltas.call_fields(index(place), fields));
        } else if self.is_name_whole(place) {
            self.calls[place].tell(place, deltas);
        }
    }

    /// Whether nothing more of a call's name can come: its arguments have begun, or no other tool begins with it.
    fn is_name_whole(&self, place: usize) -> bool {
        let Call { call: ToolCall { name, .. }, has_arguments, .. } = &self.calls[place];
        let mut tools = self.offered.iter().filter(|tool| tool.starts_with(name));
        let mut is_certain = || tools.next() == Some(name) && tools.next().is_none();
        !name.is_empty() && (*has_arguments || is_certain())
    }

    /// Gives a call its vendor's id, unless another has it.
    fn identify(&mut self, place: usize, deltas: &mut Deltas) {
        let known = &mut self.calls[place];
        if !known.call.id.is_empty() || !self.index.give(&known.id) {
            return;
        }
        known.id.clone_into(&mut known.call.id);
        if known.is_told {
            deltas.tool_call(index(place), &known.call.id, &known.call.name);
        }
    }

    /// The call that a piece goes on with, unless that is over.
    fn candidate(&self, piece: &Piece<'_>) -> Option<usize> {
        let Self { index, calls, current, .. } = self;
        if let Some(place) = index.of_id(piece.id, piece.number) {
            return Some(place);
        }
        match (piece.number, piece.place) {
            // One that began without its number.
            (Some(number), _) => index
                .of_number(number)
                .or_else(|| current.filter(|place| calls[*place].number.is_none() && piece.name.is_empty())),
            (None, Some(place)) => {
                index.of_place(place).filter(|place| !calls[*place].json.is_complete()).or(*current)
            }
            (None, None) => *current,
        }
    }

    /// Whether a piece that goes on with no call says enough to begin one.
    fn is_begun_by(&self, piece: &Piece<'_>) -> bool {
        let is_new_number = || piece.number.is_some_and(|number| self.index.of_number(number).is_none());
        !piece.name.is_empty() || !piece.arguments.is_empty() || !piece.id.is_empty() && is_new_number()
    }

    /// Begins a call; returns its place.
    fn begin(&mut self, piece: &Piece<'_>) -> usize {
        let mut call = std::mem::take(&mut self.announced);
        let joined = format!("{}{}", call.call.name, piece.name);
        if !piece.name.is_empty() && !self.offered.iter().any(|tool| tool.starts_with(&joined)) {
            call.call.name.clear();
        }
        call.announce(piece);
        let begun = self.calls.len();
        if let Some(place) = piece.place {
            self.index.note_place(begun, place);
        }
        self.calls.push(call);
        begun
    }
}

impl Call {
    /// Whether a piece begins another call.
    fn is_over(&self, piece: &Piece<'_>, offered: &[String]) -> bool {
        let call = &self.call;
        let is_same_id = !piece.id.is_empty() && piece.id == self.id;
        let is_other_id = !piece.id.is_empty() && !self.id.is_empty() && piece.id != self.id;
        if self.json.is_complete() {
            // Some repeat a call when it is whole.
            let is_same_call = is_same_id && (piece.name.is_empty() || piece.name == call.name);
            let repeats =
                is_same_call && (piece.arguments.trim().is_empty() || piece.arguments == call.arguments);
            // Blanks behind the arguments; or of others the name comes last.
            let is_blank = piece.arguments.trim().is_empty() && !piece.arguments.is_empty();
            let is_tail = is_blank && piece.name == call.name
                || call.name.is_empty() && piece.arguments.trim().is_empty();
            return !repeats && !is_tail && (!piece.name.is_empty() || may_begin(piece.arguments));
        }
        if piece.name.is_empty() || call.name.is_empty() {
            return false;
        }
        let is_same_name = piece.name == call.name;
        if self.has_arguments {
            return !is_same_name;
        }
        let joined = format!("{}{}", call.name, piece.name);
        let is_beginning = |text: &str| offered.iter().any(|tool| tool.starts_with(text));
        let is_tool = |name: &str| offered.iter().any(|tool| tool == name);
        match (is_beginning(&joined), is_tool(&call.name) && is_beginning(piece.name)) {
            (true, false) => false,
            // A name that is repeated, unless it is a second call without arguments.
            _ if is_same_name => is_other_id && piece.arguments.is_empty(),
            // The name of one tool that grows to that of another.
            (false, true) => {
                let is_same = is_same_id && piece.number.is_some() && piece.number == self.number;
                !(is_same && piece.name.starts_with(&call.name))
            }
            (true, true) => is_other_id || is_tool(piece.name),
            (false, false) => is_other_id,
        }
    }

    /// Whether a piece has the arguments in whose place an empty object came first, as Anthropic's `input` does where a
    /// gateway hands it on: nobody could run a call without a name.
    fn is_refilled_by(&self, piece: &Piece<'_>) -> bool {
        let is_same = piece.number.is_some() && (piece.id.is_empty() || piece.id == self.id);
        let is_rest = piece.name.is_empty() && !self.call.name.is_empty() && may_begin(piece.arguments);
        let is_empty = self.json.is_complete() && self.told == 0 && say_nothing(&self.call.arguments);
        is_same && is_rest && is_empty
    }

    /// Takes its arguments away, of which the peer knows none.
    fn empty(&mut self) {
        self.json = Json::default();
        self.call.arguments.clear();
    }

    /// Adds a piece.
    fn add(&mut self, piece: &Piece<'_>, offered: &[String]) {
        self.number = self.number.or(piece.number);
        let call = &mut self.call;
        if !self.has_arguments {
            add_name(&mut call.name, piece.name, offered);
        } else if call.name.is_empty() {
            call.name.push_str(piece.name);
        }
        if self.id.is_empty() {
            self.id.push_str(piece.id);
        }
        if self.json.is_complete() && piece.arguments == call.arguments {
            return;
        }
        self.json.push(piece.arguments);
        self.has_arguments |= !piece.arguments.trim().is_empty();
        call.arguments.push_str(piece.arguments);
    }

    /// Keeps what a piece says before its call has begun.
    fn announce(&mut self, piece: &Piece<'_>) {
        if self.number != piece.number {
            *self = Self { number: piece.number, ..Self::default() };
        }
        if !piece.id.is_empty() {
            piece.id.clone_into(&mut self.id);
        }
    }

    /// Keeps what the provider adds; returns all of it where it is more than before.
    fn carry(&mut self, fields: Option<&RawValue>, rest: Rest<'_>, of_function: Rest<'_>) -> Option<Value> {
        if fields.is_none() && rest.is_empty() && of_function.is_empty() {
            return None;
        }
        self.carried.add_fields(fields);
        self.carried.add_rest(rest, None);
        self.carried.add_rest(of_function, Some("function"));
        let fields = (!self.carried.is_empty()).then(|| Value::from(self.carried.whole()))?;
        let is_more = self.call.provider_fields.as_ref() != Some(&fields);
        is_more.then(|| self.call.provider_fields.insert(fields).clone())
    }

    /// Tells what is new of the arguments.
    fn tell_arguments(&mut self, place: usize, deltas: &mut Deltas) {
        deltas.arguments(index(place), &self.call.arguments[self.told..]);
        self.told = self.call.arguments.len();
    }

    fn tell(&mut self, place: usize, deltas: &mut Deltas) {
        if !std::mem::replace(&mut self.is_told, true) {
            deltas.tool_call(index(place), &self.call.id, &self.call.name);
            if !say_nothing(&self.call.arguments) {
                self.tell_arguments(place, deltas);
            }
            if let Some(fields) = &self.call.provider_fields {
                deltas.call_fields(index(place), fields.clone());
            }
        }
    }
}

/// Whether arguments are no more than an empty object, or its beginning: the true ones may come in their place.
fn say_nothing(arguments: &str) -> bool {
    let text = arguments.trim_start();
    arguments.len() < 16 && matches!(text.strip_prefix('{').unwrap_or(text).trim(), "" | "}")
}

/// Adds a piece of a name, or the whole name once more.
fn add_name(name: &mut String, piece: &str, offered: &[String]) {
    let is_beginning = |text: &str| offered.iter().any(|tool| tool.starts_with(text));
    let is_tool = |text: &str| offered.iter().any(|tool| tool == text);
    let joined = format!("{name}{piece}");
    if piece == name && (!is_beginning(&joined) || is_tool(name)) {
        return;
    }
    // Each piece may repeat those before it.
    if piece.starts_with(name.as_str()) && !is_beginning(&joined) {
        name.clear();
    }
    name.push_str(piece);
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
