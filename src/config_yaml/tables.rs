//! What is known of LiteLLM's keys, providers and words: data, renewed by `scripts/refresh_config_tables.py`.

#![allow(dead_code, reason = "descriptions and fields are for people, who ask for them by hovering")]

mod callbacks;

use std::{collections::HashMap, sync::OnceLock};

pub(crate) use callbacks::Callback;

use super::release::Release;

/// A key of a section.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// `boolean`, `integer`, `number`, `string`, `list`, `map`, `any`, or several joined by `|`.
    pub(crate) kind: &'static str,
    flags: &'static str,
    pub(crate) default: &'static str,
    allowed: &'static str,
    pub(crate) replaced_by: &'static str,
    pub(crate) description: &'static str,
}

impl Key {
    /// `required`, `secret`, `deprecated`, `licence`, `boot`, `database`, `internal`, `fatal`, `needed`, `late`, `price`,
    /// `passed`.
    pub(crate) fn is(&self, flag: &str) -> bool {
        self.flags.split(',').any(|known| known == flag)
    }

    /// The words that it takes; none where it takes any.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.allowed.split(',').filter(|word| !word.is_empty())
    }

    pub(crate) fn takes(&self, kind: &str) -> bool {
        self.kind.split('|').any(|known| known == kind)
    }
}

/// A vendor as LiteLLM names it.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// `api_key`, `none`, `aws`, `gcp`, `oauth_device`, `oci`, `service_key`.
    pub(crate) auth: &'static str,
    key: &'static str,
    base: &'static str,
    other: &'static str,
    fields: &'static str,
    pub(crate) compatible: bool,
    pub(crate) documentation: &'static str,
}

/// A field that a vendor wants to be set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) secret: bool,
}

fn list(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split(',').filter(|word| !word.is_empty())
}

impl Provider {
    /// Variables any of which is enough; the usual one first.
    pub(crate) fn key_variables(&self) -> impl Iterator<Item = &'static str> {
        list(self.key)
    }

    pub(crate) fn base_variables(&self) -> impl Iterator<Item = &'static str> {
        list(self.base)
    }

    /// Every variable that it reads.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &'static str> {
        list(self.key).chain(list(self.base)).chain(list(self.other))
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = Field> {
        list(self.fields).map(|field| Field {
            name: field.trim_end_matches(['!', '*']),
            required: field.contains('*'),
            secret: field.contains('!'),
        })
    }
}

/// All tables.
#[derive(Debug)]
pub(crate) struct Tables {
    sections: HashMap<&'static str, Section>,
    nested: Vec<Nested>,
    providers: HashMap<&'static str, Provider>,
    words: HashMap<&'static str, HashMap<&'static str, &'static str>>,
    callbacks: HashMap<&'static str, Callback>,
    /// Models that the price list has no more.
    retired: HashMap<&'static str, Gone>,
}

/// A model that the price list has no more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gone {
    /// Whose it was, as the list calls them.
    pub(crate) provider: &'static str,
    /// The last release whose list had it, of those that were looked at.
    last: &'static str,
    /// The day on which it retired, empty where that is not known.
    pub(crate) date: &'static str,
}

impl Gone {
    /// Whether the list that a release comes with may have it still.
    pub(crate) fn may_be_listed_by(&self, release: Release) -> bool {
        let last = Release::read(self.last);
        last.is_some_and(|last| release <= last || last == Release::BEFORE && release < Release::AFTER)
    }
}

/// A section within others, and the steps to it: keys, `[]` for each item of a list, `*` for each value of a map.
#[derive(Debug)]
pub(crate) struct Nested {
    pub(crate) section: &'static str,
    pub(crate) steps: Vec<&'static str>,
}

impl Nested {
    /// `model_list[].model_info` has three steps; the name of a section that stands for several places has none.
    fn read(section: &'static str) -> Option<Self> {
        let steps = steps(section);
        (steps.len() > 1 || section == "assistant_settings").then_some(Self { section, steps })
    }
}

/// The steps that the name of a section is made of.
pub(crate) fn steps(section: &str) -> Vec<&str> {
    let keys = section.split('.').flat_map(|key| match key.strip_suffix("[]") {
        Some(list) => [Some(list), Some("[]")],
        None => [Some(key), None],
    });
    keys.flatten().collect()
}

#[derive(Debug, Default)]
struct Section {
    keys: Vec<Key>,
    places: HashMap<&'static str, usize>,
}

/// The tables, read at first use.
pub(crate) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(Tables::read)
}

fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        let row = [(); N].map(|()| cells.next().unwrap_or_default());
        (!row[0].is_empty()).then_some(row)
    })
}

impl Tables {
    fn read() -> Self {
        let mut sections: HashMap<&str, Section> = HashMap::new();
        let mut nested = Vec::new();
        for [section, name, kind, flags, default, allowed, replaced_by, description] in
            rows(include_str!("tables/keys.tsv"))
        {
            if !sections.contains_key(section) {
                nested.extend(Nested::read(section));
            }
            let section = sections.entry(section).or_default();
            section.places.entry(name).or_insert(section.keys.len());
            section.keys.push(Key { name, kind, flags, default, allowed, replaced_by, description });
        }
        let mut providers = HashMap::new();
        for [id, name, auth, key, base, other, fields, _, compatible, documentation] in
            rows(include_str!("tables/providers.tsv"))
        {
            let compatible = compatible == "compatible";
            providers
                .insert(id, Provider { id, name, auth, key, base, other, fields, compatible, documentation });
        }
        let mut words: HashMap<&str, HashMap<&str, &str>> = HashMap::new();
        for [kind, word, means] in rows(include_str!("tables/words.tsv")) {
            words.entry(kind).or_default().insert(word, means);
        }
        let retired = rows(include_str!("tables/retired.tsv"))
            .map(|[id, provider, last, date]| (id, Gone { provider, last, date }));
        let callbacks = Callback::read().map(|callback| (callback.name, callback)).collect();
        Self { sections, nested, providers, words, callbacks, retired: retired.collect() }
    }

    /// The keys of a section, in the order of its documentation.
    pub(crate) fn keys(&self, section: &str) -> &[Key] {
        self.sections.get(section).map_or(&[], |section| &section.keys)
    }

    pub(crate) fn key(&self, section: &str, name: &str) -> Option<&Key> {
        let section = self.sections.get(section)?;
        section.places.get(name).map(|place| &section.keys[*place])
    }

    /// The sections within others, each behind the one around it.
    pub(crate) fn nested(&self) -> &[Nested] {
        &self.nested
    }

    /// The names of a section that users write.
    pub(crate) fn names<'a>(&'a self, section: &str) -> impl Iterator<Item = &'static str> + 'a {
        self.keys(section).iter().filter(|key| !key.is("internal")).map(|key| key.name)
    }

    pub(crate) fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.get(id)
    }

    pub(crate) fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.providers.values()
    }

    /// What a word of a kind stands for: empty where the kind is only a list.
    pub(crate) fn word(&self, kind: &str, word: &str) -> Option<&'static str> {
        self.words.get(kind)?.get(word).copied()
    }

    pub(crate) fn words(&self, kind: &str) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.words.get(kind).into_iter().flatten().map(|(word, means)| (*word, *means))
    }

    pub(crate) fn callback(&self, name: &str) -> Option<&Callback> {
        self.callbacks.get(name)
    }

    /// What may stand in a list, by the key of that: names with which a release does something.
    pub(crate) fn callbacks(&self, list: &str, release: Release) -> Vec<&'static str> {
        let works = |one: &&Callback| one.is_called_in(list) && !one.is_later_than(release);
        let mut names: Vec<&str> = self.callbacks.values().filter(works).map(|one| one.name).collect();
        names.sort_unstable();
        names
    }

    /// What is known of a model that has retired; None where the price list still has it or never had it.
    pub(crate) fn retired(&self, model: &str) -> Option<Gone> {
        self.retired.get(model).copied()
    }
}
