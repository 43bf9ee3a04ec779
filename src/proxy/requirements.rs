//! The packages that an installation consists of: every version pinned, every file hashed.

/// What pip is given. LiteLLM with its proxy, and prisma, without which auth errors come out as status 500.
pub(super) const LOCK: &str = include_str!("requirements.lock");

/// The version of LiteLLM in the lock.
pub(crate) const VERSION: &str = "1.101.3";

/// Versions of LiteLLM that carried malicious code, or are reported to, all that begin so: never installed, never started.
const COMPROMISED: &[&str] = &["1.82.7", "1.82.8", "1.107"];

/// Whether a version of LiteLLM is one of those, or a variant of one, such as `1.82.7.post1`.
pub(super) fn is_compromised(version: &str) -> bool {
    COMPROMISED.iter().any(|bad| {
        let rest = version.strip_prefix(*bad);
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
    })
}

/// Each package with its version.
pub(super) fn packages(lock: &str) -> impl Iterator<Item = (&str, &str)> {
    lock.lines().filter_map(|line| {
        let (name, rest) = line.split_once("==")?;
        Some((name, rest.split([' ', '\\']).next().unwrap_or(rest)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned_and_hashed() {
        let mut hashes = 0;
        let mut blocks = 0;
        for line in LOCK.lines().rev() {
            match line.strip_prefix("    --hash=sha256:") {
                Some(hash) => {
                    let hash = hash.trim_end_matches(" \\");
                    assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
                    hashes += 1;
                }
                None => {
                    assert!(line.contains("==") && line.ends_with(" \\") && !line.contains("://"), "{line}");
                    assert!(hashes > 0, "no hash for {line}");
                    hashes = 0;
                    blocks += 1;
                }
            }
        }
        assert_eq!(blocks, packages(LOCK).count());
        assert!(blocks > 100, "{blocks} packages only");
    }

    #[test]
    fn no_compromised_version_is_pinned() {
        let versions: Vec<_> = packages(LOCK).filter(|(name, _)| *name == "litellm").collect();
        assert_eq!(versions, [("litellm", VERSION)]);
        assert!(!is_compromised(VERSION));
    }

    #[test]
    fn a_compromised_version_is_known_in_all_its_variants() {
        for (version, bad) in [
            ("1.82.7", true),
            ("1.82.7.post1", true),
            ("1.82.7rc1", true),
            ("1.82.70", false),
            ("1.82.6", false),
            ("1.82.8", true),
            ("1.107.0", true),
            ("1.107.3", true),
            ("1.107", true),
            ("1.1070.0", false),
            ("1.101.3", false),
        ] {
            assert_eq!(is_compromised(version), bad, "{version}");
        }
    }

    #[test]
    fn markers_are_no_part_of_a_version() {
        let lock = "uvloop==0.23.0 ; sys_platform != \"win32\" \\\n    --hash=sha256:00\n";
        assert_eq!(packages(lock).collect::<Vec<_>>(), [("uvloop", "0.23.0")]);
    }
}
