//! Where the calls of an answer stand, by what their pieces say of them: an answer may have very many.

use std::collections::{BTreeSet, HashMap, HashSet};

/// The places of calls, by number, by id and by their place among those that came together; of several alike the last.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_number: HashMap<u32, usize>,
    by_place: HashMap<u32, usize>,
    by_id: HashMap<String, Alike>,
    /// The ids that calls go by. Each is one call's alone.
    given: HashSet<String>,
}

/// The calls of one vendor's id.
#[derive(Debug, Default)]
struct Alike {
    last: usize,
    by_number: HashMap<u32, usize>,
    without: BTreeSet<usize>,
}

impl Index {
    /// Notes a call, or what has become known of it. An id and a number stay once they are known.
    pub(super) fn note(&mut self, call: usize, number: Option<u32>, id: &str) {
        if let Some(number) = number {
            latest(&mut self.by_number, number, call);
        }
        if id.is_empty() {
            return;
        }
        if !self.by_id.contains_key(id) {
            self.by_id.insert(id.to_owned(), Alike::default());
        }
        let Some(alike) = self.by_id.get_mut(id) else { return };
        alike.last = alike.last.max(call);
        match number {
            Some(number) => {
                alike.without.remove(&call);
                latest(&mut alike.by_number, number, call);
            }
            None => drop(alike.without.insert(call)),
        }
    }

    /// Notes that a call began at this place among several.
    pub(super) fn note_place(&mut self, call: usize, place: u32) {
        latest(&mut self.by_place, place, call);
    }

    /// Gives an id to a call, and says whether no other has it.
    pub(super) fn give(&mut self, id: &str) -> bool {
        !id.is_empty() && !self.given.contains(id) && self.given.insert(id.to_owned())
    }

    pub(super) fn of_number(&self, number: u32) -> Option<usize> {
        self.by_number.get(&number).copied()
    }

    pub(super) fn of_place(&self, place: u32) -> Option<usize> {
        self.by_place.get(&place).copied()
    }

    /// The last call of an id, unless its number is another.
    pub(super) fn of_id(&self, id: &str, number: Option<u32>) -> Option<usize> {
        let alike = self.by_id.get(id)?;
        match number {
            None => Some(alike.last),
            Some(number) => alike.by_number.get(&number).max(alike.without.last()).copied(),
        }
    }
}

fn latest(places: &mut HashMap<u32, usize>, key: u32, call: usize) {
    let latest = places.entry(key).or_insert(call);
    *latest = call.max(*latest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// It finds what one finds who looks at all calls.
        #[test]
        fn it_finds_the_last_that_fits(
            calls in prop::collection::vec((prop::option::of(0..3_u32), 0..3_usize, any::<bool>()), 0..12),
        ) {
            const IDS: [&str; 3] = ["", "a", "b"];
            let mut index = Index::default();
            let mut known: Vec<(Option<u32>, &str)> = Vec::new();
            for (call, (number, id, is_late)) in calls.into_iter().enumerate() {
                known.push((number.filter(|_| !is_late), IDS[id]));
                index.note(call, known[call].0, known[call].1);
                // A number that becomes known when the next call has begun already.
                if let Some(before) = call.checked_sub(1) && known[before].0.is_none() && is_late {
                    known[before].0 = number;
                    index.note(before, number, known[before].1);
                }
                for number in 0..3 {
                    prop_assert_eq!(index.of_number(number), known.iter().rposition(|known| known.0 == Some(number)));
                }
                for id in ["a", "b"] {
                    for number in [None, Some(0), Some(1), Some(2)] {
                        let fits = |known: &(Option<u32>, &str)| {
                            known.1 == id && (known.0.is_none() || number.is_none() || known.0 == number)
                        };
                        prop_assert_eq!(index.of_id(id, number), known.iter().rposition(fits));
                    }
                }
            }
        }
    }
}
