//! Lists of words that many models have in common, read once and kept once.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use crate::litellm::rows::Loose;

/// The lists that were read so far, by the JSON that they were read from.
///
/// Most models of a vendor take the same 30 parameters: of the memory of a list of models that was the larger half.
#[derive(Debug, Default)]
pub(super) struct SharedWords(RefCell<HashMap<Box<str>, Words>>);

/// None where what was written is no list.
type Words = Option<Arc<[String]>>;

impl SharedWords {
    /// The words of a list that was written like this. None where it is no list.
    fn read(&self, list: Loose<'_>) -> Words {
        let json = list.json()?;
        let mut known = self.0.borrow_mut();
        if let Some(words) = known.get(json) {
            return words.clone();
        }
        let words = list.words().map(Arc::from);
        known.insert(json.into(), words.clone());
        words
    }

    /// What all lists hold, where all are known.
    pub(super) fn common<'l>(&self, lists: impl Iterator<Item = Loose<'l>>) -> Option<Arc<[String]>> {
        lists
            .map(|list| self.read(list))
            .reduce(|common, list| {
                let (common, list) = (common?, list?);
                if common.iter().all(|word| list.contains(word)) {
                    return Some(common);
                }
                Some(common.iter().filter(|word| list.contains(word)).cloned().collect())
            })
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_are_one_and_different_ones_have_in_common_what_they_have() {
        let lists = [r#"["a","b"]"#, r#"["b","a"]"#, r#"["b",7]"#, "null", r#"["a","b"]"#];
        let lists: Vec<Loose<'_>> = lists.iter().map(|json| serde_json::from_str(json).unwrap()).collect();
        let shared = SharedWords::default();
        let common = |places: &[usize]| shared.common(places.iter().map(|place| lists[*place]));
        assert!(Arc::ptr_eq(&common(&[0]).unwrap(), &common(&[4, 0, 1]).unwrap()));
        assert_eq!(*common(&[0, 2]).unwrap(), ["b"]);
        assert_eq!(common(&[0, 3]), None);
        assert_eq!(common(&[]), None);
        assert_eq!(common(&[3]), None);
    }
}
