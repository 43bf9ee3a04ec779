//! Releases of LiteLLM, and what changed with them.

/// A release, such as 1.104.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(pub u32, pub u32, pub u32);

/// What LiteLLM does only since, or only until, a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// A proxy without a master key, with an empty or a publicly known one, does not start.
    MasterKeyRequired,
    /// More fields of a deployment refuse values of another type.
    MoreTypedFields,
    /// A cache on the disk, where `diskcache` is installed.
    DiskCache,
    /// `custom_key_policy` is imported.
    CustomKeyPolicy,
    /// Sections of settings are kept as JSON, which has no dates, and has texts alone as keys.
    SettingsAreJson,
    /// Fallbacks that are no list are refused; before, a text was taken letter by letter.
    FallbackListRequired,
}

/// Since when (inclusive) and until when (exclusive) each holds.
const CHANGES: &[(Change, Option<Release>, Option<Release>)] = &[
    (Change::MasterKeyRequired, Some(Release(1, 104, 0)), None),
    // Since some release after 1.101, where they were looked at.
    (Change::MoreTypedFields, Some(Release(1, 109, 0)), None),
    // It went with some release after 1.106.
    (Change::DiskCache, None, Some(Release(1, 107, 0))),
    // It came with some release after 1.101.
    (Change::CustomKeyPolicy, Some(Release(1, 106, 0)), None),
    // Since some release after 1.101.
    (Change::SettingsAreJson, Some(Release(1, 106, 0)), None),
    (Change::FallbackListRequired, Some(Release(1, 108, 1)), None),
];

impl Release {
    /// The one that the tables describe.
    pub const KNOWN: Self = Self(1, 109, 1);
    /// The last one before it whose price list was looked at.
    pub(crate) const BEFORE: Self = Self(1, 101, 3);
    /// The first one after that of which it is known that its price list has lost all that [`Self::KNOWN`]'s has.
    pub(crate) const AFTER: Self = Self(1, 106, 6);
    /// Those that the tables were asked of.
    pub(crate) const ASKED: [Self; 3] = [Self::BEFORE, Self::AFTER, Self::KNOWN];

    /// Reads `1.104` or `v1.104.2`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let mut parts = text[..end].split('.').map(str::parse::<u32>);
        let (major, minor) = (parts.next()?.ok()?, parts.next()?.ok()?);
        Some(Self(major, minor, parts.next().and_then(Result::ok).unwrap_or(0)))
    }

    /// What a file says in a comment `# litellm: 1.104` among its first lines.
    pub(crate) fn said_in(text: &str) -> Option<Self> {
        let mut comments = text.lines().take(20).filter_map(|line| line.trim_start().strip_prefix('#'));
        comments.find_map(|comment| Self::read(comment.trim_start().strip_prefix("litellm:")?))
    }

    pub(crate) fn has(self, change: Change) -> bool {
        let mut rows = CHANGES.iter().filter(|(of, ..)| *of == change);
        rows.any(|(_, since, until)| since.is_none_or(|s| self >= s) && until.is_none_or(|u| self < u))
    }
}
