//! Objects of which some members are read, and the rest is kept as it was written.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// The members that nobody here knows, in their order, as they were written.
pub type Rest<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Deserialises a struct member by member: those that are named go to their field, those to be passed over are, and
/// all others go to its field `rest`.
///
/// Serde's `flatten` would copy each object first, and can't keep a text as it was written.
macro_rules! keeps_rest {
    ($name:ident { $($member:literal => $field:ident),* $(,)? } passes over { $($passed:literal),* }) => {
        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;
                impl<'de> serde::de::Visitor<'de> for Members {
                    type Value = $name<'de>;
                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("an object")
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut members: A,
                    ) -> Result<Self::Value, A::Error> {
                        let mut read = $name::default();
                        while let Some($crate::litellm::text::Text(name)) = members.next_key()? {
                            let name = name.unwrap_or_default();
                            match name.as_ref() {
                                $($member => read.$field = members.next_value()?,)*
                                $($passed => { members.next_value::<serde::de::IgnoredAny>()?; })*
                                _ => read.rest.push((name, members.next_value()?)),
                            }
                        }
                        Ok(read)
                    }
                }
                deserializer.deserialize_map(Members)
            }
        }
    };
}

pub(super) use keeps_rest;
