//! Lists of words that many models have in common, read once and kept once.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use crate::litellm::model_rows::Loose;

/// The lists that were read so far, by the JSON that they were read from.
///
/// Most models of a vendor take the same 30 parameters: of the memory of a list of models that was the larger half.
#[derive(Debug, Default)]
pub(super) struct SharedWords(RefCell<HashMap<Box<str>, Words>>);

/// None where what was written is no list.
pub(super) type Words = Option<Arc<[String]>>;

impl SharedWords {
    /// The words of a list that was written like this. None where it is no list.
    pub(super) fn read(&self, list: Loose<'_>) -> Words {
        let json = list.json()?;
        let mut known = self.0.borrow_mut();
        if let Some(words) = known.get(json) {
            return words.clone();
        }
        let words = list.words().map(Arc::from);
        known.insert(json.into(), words.clone());
        words
    }
}

/// What all lists hold, where all are known.
pub(super) fn common<L: AsRef<[String]> + FromIterator<String>>(
    lists: impl Iterator<Item = Option<L>>,
) -> Option<L> {
    lists
        .reduce(|common, list| {
            let (common, list) = (common?, list?);
            let is_in = |word: &&String| list.as_ref().contains(word);
            if common.as_ref().iter().all(|word| is_in(&word)) {
                return Some(common);
            }
            Some(common.as_ref().iter().filter(is_in).cloned().collect())
        })
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_are_one_and_different_ones_have_in_common_what_they_have() {
        let lists = [r#"["a","b"]"#, r#"["b","a"]"#, r#"["b",7]"#, "null", r#"["a","b"]"#];
        let lists: Vec<Loose<'_>> = lists.iter().map(|json| serde_json::from_str(json).unwrap()).collect();
        let shared = SharedWords::default();
        let common = |places: &[usize]| common(places.iter().map(|place| shared.read(lists[*place])));
        assert!(Arc::ptr_eq(&common(&[0]).unwrap(), &common(&[4, 0, 1]).unwrap()));
        assert_eq!(*common(&[0, 2]).unwrap(), ["b"]);
        assert_eq!(common(&[0, 3]), None);
        assert_eq!(common(&[]), None);
        assert_eq!(common(&[3]), None);
    }
}
