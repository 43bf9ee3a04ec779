//! Tells endpoints apart without keeping what they carry.

use std::{
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::LazyLock,
};

use md5::{Digest, Md5};

use super::Endpoint;

/// Stands for an endpoint in what is remembered of it: equal where URLs, headers and key are. It tells nothing of them,
/// for it is made with numbers that this process alone has drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Mark([u64; 2]);

impl Endpoint {
    /// What tells its URLs and headers from others.
    pub(super) fn new_mark(&self) -> Mark {
        static DRAWN: LazyLock<[RandomState; 2]> = LazyLock::new(Default::default);
        Mark(DRAWN.each_ref().map(|drawn| {
            let mut hasher = drawn.build_hasher();
            let urls =
                [&self.alive, &self.model_info, &self.models, &self.chat, &self.text, &self.token_counter];
            urls.hash(&mut hasher);
            for headers in [&self.list_headers, &self.chat_headers] {
                headers.len().hash(&mut hasher);
                for (name, value) in headers {
                    name.hash(&mut hasher);
                    value.as_bytes().hash(&mut hasher);
                }
            }
            hasher.finish()
        }))
    }

    /// What [`Endpoint::fingerprint`] gives back.
    pub(super) fn new_fingerprint(&self, origin: &str) -> String {
        if self.chat_headers.is_empty() {
            return String::new();
        }
        let mut hash = Md5::new_with_prefix(origin);
        for (name, value) in &self.chat_headers {
            hash.update([0]);
            hash.update(name);
            hash.update([0]);
            hash.update(value);
        }
        let hash = u128::from_be_bytes(hash.finalize().into());
        format!("{:016x}", hash >> 64)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::litellm::{ConnectionOptions, auth::AuthStyle, base_url::BaseUrl};

    #[test]
    fn endpoints_with_one_mark_are_reached_alike_with_one_key() {
        let mark = |base: &str, key: &str, header: &str| {
            let own = BTreeMap::from([("x-team".to_owned(), header.into())]);
            let base = BaseUrl::parse(base).unwrap();
            Endpoint::new(
                &base,
                &AuthStyle::Bearer,
                Some(&key.into()),
                &own,
                &ConnectionOptions::on_this_machine(),
            )
            .ok()
            .unwrap()
            .mark()
        };
        let one = mark("http://h:1", "sk-1", "a");
        assert_eq!(one, mark("http://h:1/v1/", "sk-1", "a"));
        for other in [
            mark("http://h:2", "sk-1", "a"),
            mark("http://h:1", "sk-2", "a"),
            mark("http://h:1", "sk-1", "b"),
        ] {
            assert_ne!(one, other);
        }
    }
}
