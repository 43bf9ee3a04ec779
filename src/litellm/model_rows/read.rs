//! One pass over the JSON of an answer: looks only at the keys that matter and borrows their values.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{Cost, CostAbove, EFFORTS, Flag, Info, Loose, Row};

/// Most rows of a list. Each takes about 1 KB however short it is written, and a model of a catalog 5 KB.
const MAX_ROWS: usize = 50_000;

/// Rows with `model_info` and `litellm_params` inside, and the number of entries that are no objects.
/// None if this is no object with an array `data`.
pub(super) fn nested(text: &str) -> Option<(Vec<Row<'_>>, usize)> {
    rows(text, |Nested(row)| row)
}

/// Rows with their fields side by side; otherwise as [`nested`].
pub(super) fn flat(text: &str) -> Option<(Vec<Row<'_>>, usize)> {
    rows(text, |Flat(row)| row)
}

/// As [`flat`], and as servers other than LiteLLM write it: the bare array of Together, the null of an Ollama without
/// models, and each server's own name for the context window.
pub(super) fn names(text: &str) -> Option<(Vec<Row<'_>>, usize)> {
    let entries = match serde_json::from_str::<Node<Answer<Named<'_>>>>(text).ok()? {
        Node::Object(Answer { data: Data::List(entries) }) => entries,
        Node::Object(Answer { data: Data::Null }) => Entries::default(),
        Node::List => serde_json::from_str(text).ok()?,
        _ => return None,
    };
    Some(entries.rows(Named::row))
}

/// One object of the fields of `model_info`. None if this is none.
pub(super) fn info(json: &str) -> Option<Info<'_>> {
    if let Ok(Node::Object(info)) = serde_json::from_str(json) { Some(info) } else { None }
}

fn rows<'a, T: Fields<'a>>(text: &'a str, row: impl Fn(T) -> Row<'a>) -> Option<(Vec<Row<'a>>, usize)> {
    let Ok(Node::Object(Answer { data: Data::List(entries) })) = serde_json::from_str(text) else {
        return None;
    };
    Some(entries.rows(row))
}

/// What is read of an object, key by key; the last of equal keys wins.
trait Fields<'a>: Default {
    /// Reads or skips the value of a key.
    fn take<M: MapAccess<'a>>(&mut self, key: &[u8], map: &mut M) -> Result<(), M::Error>;
}

fn skip<'a, M: MapAccess<'a>>(map: &mut M) -> Result<(), M::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

struct Answer<T> {
    data: Data<T>,
}

impl<T> Default for Answer<T> {
    fn default() -> Self {
        Self { data: Data::Other }
    }
}

impl<'a, T: Fields<'a>> Fields<'a> for Answer<T> {
    fn take<M: MapAccess<'a>>(&mut self, key: &[u8], map: &mut M) -> Result<(), M::Error> {
        match key {
            b"data" => self.data = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Nested<'a>(Row<'a>);

impl<'a> Fields<'a> for Nested<'a> {
    fn take<M: MapAccess<'a>>(&mut self, key: &[u8], map: &mut M) -> Result<(), M::Error> {
        match key {
            b"model_name" => self.0.name = map.next_value()?,
            b"litellm_params" => {
                let Params { model, api_base } = map.next_value::<Node<Params<'_>>>()?.object();
                (self.0.backend, self.0.api_base) = (model, api_base);
            }
            b"model_info" => {
                let node: Node<Info<'_>> = map.next_value()?;
                self.0.described = !matches!(node, Node::Null | Node::Other { truthy: false });
                self.0.info = node.object();
            }
            _ => skip(map)?,
        }
        Ok(())
    }
}

struct Flat<'a>(Row<'a>);

impl Default for Flat<'_> {
    fn default() -> Self {
        Self(Row { described: true, ..Row::default() })
    }
}

impl<'a> Fields<'a> for Flat<'a> {
    fn take<M: MapAccess<'a>>(&mut self, key: &[u8], map: &mut M) -> Result<(), M::Error> {
        match key {
            b"id" | b"model_group" => self.0.name = map.next_value()?,
            _ => self.0.info.take(key, map)?,
        }
        Ok(())
    }
}

/// A model of `/v1/models`.
#[derive(Default)]
struct Named<'a> {
    flat: Flat<'a>,
    /// Names of the context window, in the order of [`WINDOWS`].
    windows: [Loose<'a>; WINDOWS.len()],
    pricing: Node<Pricing<'a>>,
}

/// What the context window is called by vLLM; by OpenRouter and Together; by Groq; by Mistral.
const WINDOWS: [&[u8]; 4] = [b"max_model_len", b"context_length", b"context_window", b"max_context_length"];

/// USD per token, as OpenRouter writes it, in the order of [`Cost`].
#[derive(Default)]
struct Pricing<'a>([Loose<'a>; Cost::ALL.len()]);

impl<'a> Named<'a> {
    fn row(self) -> Row<'a> {
        let mut row = self.flat.0;
        if row.info.max_input_tokens.limit().is_none() {
            let window = self.windows.into_iter().find(|window| window.limit().is_some());
            row.info.max_input_tokens = window.unwrap_or_default();
        }
        for (stated, price) in row.info.costs.iter_mut().zip(self.pricing.object().0) {
            if !stated.is_stated() {
                *stated = price;
            }
        }
        row
    }
}

impl<'a> Fields<'a> for Named<'a> {
    fn take<M: MapAccess<'a>>(&mut self, key: &[u8], map: &mut M) -> Result<(), M::Error> {
        if let Some(place) = WINDOWS.iter().position(|name| *name == key) {
            self.windows[place] = map.next_value()?;
        } else if key == b"pricing" {
            self.pricing = map.next_value()?;
        } else {
            self.flat.take(key, map)?;
        }
        Ok(())
    }
}

impl<'a> Fields<'a> for Pricing<'a> {
    fn take<M: MapAccess<'a>>(&mut self, key: &[u8], map: &mut M) -> Result<(), M::Error> {
        let cost = match key {
            b"prompt" => Cost::Input,
            b"completion" => Cost::Output,
            b"input_cache_write" => Cost::CacheWrite,
            b"input_cache_read" => Cost::CacheRead,
            _ => return skip(map),
        };
        self.0[cost as usize] = map.next_value()?;
        Ok(())
    }
}

#[derive(Default)]
struct Params<'a> {
    model: Loose<'a>,
    api_base: Loose<'a>,
}

impl<'a> Fields<'a> for Params<'a> {
    fn take<M: MapAccess<'a>>(&mut self, key: &[u8], map: &mut M) -> Result<(), M::Error> {
        match key {
            b"model" => self.model = map.next_value()?,
            b"api_base" => self.api_base = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'a> Fields<'a> for Info<'a> {
    fn take<M: MapAccess<'a>>(&mut self, key: &[u8], map: &mut M) -> Result<(), M::Error> {
        if let Some(slot) = self.slot(key) {
            *slot = map.next_value()?;
        } else if let Some((cost, above)) = tier(key) {
            let value: Loose<'_> = map.next_value()?;
            self.tiers.retain(|tier| (tier.cost, tier.above) != (cost, above));
            if value.is_stated() {
                self.tiers.push(CostAbove { cost, above, value });
            }
        } else if is_other_cost(key) {
            let value: Loose<'_> = map.next_value()?;
            self.has_other_costs |= value.number().is_some_and(|cost| cost > 0.0);
        } else if key == b"tiered_pricing" {
            let steps: Loose<'a> = map.next_value()?;
            self.take_steps(
                steps.json().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default(),
            );
        } else if let Some(slot) = self.apart(key) {
            *slot = map.next_value::<Loose<'_>>()?.is_stated();
        } else {
            skip(map)?;
        }
        Ok(())
    }
}

/// Prices from a number of input tokens on.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Step<'a> {
    range: Vec<f64>,
    #[serde(borrow)]
    input_cost_per_token: Loose<'a>,
    output_cost_per_token: Loose<'a>,
    cache_creation_input_token_cost: Loose<'a>,
    cache_read_input_token_cost: Loose<'a>,
    output_cost_per_reasoning_token: Loose<'a>,
}

impl<'a> Info<'a> {
    /// Takes `tiered_pricing`, whose first step holds where the deployment says no price of its own.
    fn take_steps(&mut self, steps: Vec<Step<'a>>) {
        for step in steps {
            let above = step.range.first().copied().filter(|above| *above > 0.0).unwrap_or_default() as u64;
            let costs = [
                (Cost::Input, step.input_cost_per_token),
                (Cost::Output, step.output_cost_per_token),
                (Cost::CacheWrite, step.cache_creation_input_token_cost),
                (Cost::CacheRead, step.cache_read_input_token_cost),
            ];
            for (cost, value) in costs.into_iter().filter(|(_, value)| value.is_stated()) {
                let base = &mut self.costs[cost as usize];
                match above {
                    0 if !base.is_stated() => *base = value,
                    0 => {}
                    above => self.tiers.push(CostAbove { cost, above, value }),
                }
            }
            self.apart.reasoning |= step.output_cost_per_reasoning_token.is_stated();
        }
    }

    /// Where it is kept that something has a price of its own.
    fn apart(&mut self, key: &[u8]) -> Option<&mut bool> {
        match key {
            b"output_cost_per_reasoning_token" => Some(&mut self.apart.reasoning),
            b"cache_creation_input_token_cost_above_1hr" => Some(&mut self.apart.hours),
            b"input_cost_per_token_flex"
            | b"output_cost_per_token_flex"
            | b"input_cost_per_token_priority"
            | b"output_cost_per_token_priority" => Some(&mut self.apart.tiers),
            _ => None,
        }
    }

    fn slot(&mut self, key: &[u8]) -> Option<&mut Loose<'a>> {
        Some(match key {
            b"key" => &mut self.key,
            b"base_model" => &mut self.base_model,
            b"litellm_provider" | b"providers" => &mut self.providers,
            b"mode" => &mut self.mode,
            b"blocked" => &mut self.blocked,
            b"description" => &mut self.description,
            b"deprecation_date" => &mut self.deprecation_date,
            b"team_public_model_name" => &mut self.team_public_model_name,
            b"max_tokens" => &mut self.max_tokens,
            b"max_input_tokens" => &mut self.max_input_tokens,
            b"max_output_tokens" => &mut self.max_output_tokens,
            b"supported_openai_params" => &mut self.supported_openai_params,
            b"reasoning_effort_levels" | b"supported_reasoning_efforts" => &mut self.reasoning_effort_levels,
            b"input_cost_per_token" => &mut self.costs[Cost::Input as usize],
            b"output_cost_per_token" => &mut self.costs[Cost::Output as usize],
            b"cache_creation_input_token_cost" => &mut self.costs[Cost::CacheWrite as usize],
            b"cache_read_input_token_cost" => &mut self.costs[Cost::CacheRead as usize],
            _ => {
                if let Some(flag) = Flag::of(key) {
                    return Some(&mut self.flags[flag as usize]);
                }
                let level = key.strip_prefix(b"supports_")?.strip_suffix(b"_reasoning_effort")?;
                let position = EFFORTS.iter().position(|effort| effort.as_bytes() == level)?;
                &mut self.supports_reasoning_effort[position]
            }
        })
    }
}

/// Whether a key states a cost by another unit than a token, such as `input_cost_per_second`.
fn is_other_cost(key: &[u8]) -> bool {
    let by =
        [&b"input_cost_per_"[..], b"output_cost_per_"].iter().find_map(|prefix| key.strip_prefix(*prefix));
    by.is_some_and(|unit| !unit.windows(5).any(|part| part == b"token"))
}

/// Which cost a key such as `input_cost_per_token_above_200k_tokens` states, and above how many tokens (D16).
/// Not those that go on, as with `_priority`.
fn tier(key: &[u8]) -> Option<(Cost, u64)> {
    let key = key.strip_suffix(b"_tokens")?;
    let (cost, above) = [
        (Cost::Input, &b"input_cost_per_token_above_"[..]),
        (Cost::Output, b"output_cost_per_token_above_"),
        (Cost::CacheWrite, b"cache_creation_input_token_cost_above_"),
        (Cost::CacheRead, b"cache_read_input_token_cost_above_"),
    ]
    .into_iter()
    .find_map(|(cost, prefix)| Some((cost, key.strip_prefix(prefix)?)))?;
    let (digits, unit) = above.strip_suffix(b"k").map_or((above, 1), |digits| (digits, 1000));
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: u64 = str::from_utf8(digits).ok()?.parse().ok()?;
    Some((cost, number.checked_mul(unit)?))
}

/// A value of which only its kind is certain.
#[derive(Default)]
enum Node<T> {
    Object(T),
    /// Nobody asks what it holds.
    List,
    #[default]
    Null,
    /// Anything else, and whether JavaScript takes it for true.
    Other {
        truthy: bool,
    },
}

impl<T: Default> Node<T> {
    fn object(self) -> T {
        if let Self::Object(object) = self { object } else { T::default() }
    }
}

impl<'de, T: Fields<'de>> Deserialize<'de> for Node<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor(PhantomData))
    }
}

struct NodeVisitor<T>(PhantomData<T>);

impl<'de, T: Fields<'de>> Visitor<'de> for NodeVisitor<T> {
    type Value = Node<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Node<T>, M::Error> {
        let mut fields = T::default();
        while let Some(Key(key)) = map.next_key()? {
            fields.take(&key, &mut map)?;
        }
        Ok(Node::Object(fields))
    }
    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Node<T>, S::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Node::List)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Node<T>, E> {
        Ok(Node::Other { truthy: value })
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Node<T>, E> {
        Ok(Node::Other { truthy: value != 0 })
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Node<T>, E> {
        Ok(Node::Other { truthy: value != 0 })
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Node<T>, E> {
        Ok(Node::Other { truthy: value != 0.0 })
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Node<T>, E> {
        Ok(Node::Other { truthy: !value.is_empty() })
    }
    fn visit_unit<E: Error>(self) -> Result<Node<T>, E> {
        Ok(Node::Null)
    }
}

/// What stands where a list belongs.
enum Data<T> {
    List(Entries<T>),
    Null,
    Other,
}

/// The entries of a list.
struct Entries<T> {
    /// Those that are objects, [`MAX_ROWS`] at most.
    objects: Vec<T>,
    /// How many others there are.
    others: usize,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { objects: Vec::new(), others: 0 }
    }
}

impl<T> Entries<T> {
    /// As rows, and how many are none.
    fn rows<'a>(self, row: impl Fn(T) -> Row<'a>) -> (Vec<Row<'a>>, usize) {
        (self.objects.into_iter().map(row).collect(), self.others)
    }
}

impl<'de, T: Fields<'de>> Deserialize<'de> for Data<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor(PhantomData))
    }
}

impl<'de, T: Fields<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Data::deserialize(deserializer)? {
            Data::List(entries) => Ok(entries),
            Data::Null | Data::Other => Err(D::Error::custom("this is no list")),
        }
    }
}

struct DataVisitor<T>(PhantomData<T>);

impl<'de, T: Fields<'de>> Visitor<'de> for DataVisitor<T> {
    type Value = Data<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Data<T>, S::Error> {
        let mut entries = Entries::default();
        while entries.objects.len() < MAX_ROWS
            && let Some(entry) = list.next_element()?
        {
            match entry {
                Node::Object(object) => entries.objects.push(object),
                Node::List | Node::Null | Node::Other { .. } => entries.others += 1,
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            entries.others += 1;
        }
        Ok(Data::List(entries))
    }
    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Data<T>, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Data::Other)
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<Data<T>, E> {
        Ok(Data::Other)
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<Data<T>, E> {
        Ok(Data::Other)
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<Data<T>, E> {
        Ok(Data::Other)
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Data<T>, E> {
        Ok(Data::Other)
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<Data<T>, E> {
        Ok(Data::Other)
    }
    fn visit_unit<E: Error>(self) -> Result<Data<T>, E> {
        Ok(Data::Null)
    }
}

/// A key, unescaped. Bytes, for half a surrogate pair in a key is no reason to lose the list.
struct Key<'a>(Cow<'a, [u8]>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_borrowed_bytes<E: Error>(self, key: &'de [u8]) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(key)))
    }
    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(key.to_owned())))
    }
}
