//! The table of checks, a file for each topic.

mod answers;
mod batches;
mod cancel;
mod configure;
mod errors;
mod files;
mod framing;
mod handshake;
mod ids;
mod limits;
mod lists;
mod meta;
mod models;
mod order;
mod params;
mod progress;
mod secrets;
mod shutdown;
mod status;
mod streaming;
mod usage;

use crate::check::Check;

const TOPICS: &[&[Check]] = &[
    handshake::CHECKS,
    framing::CHECKS,
    ids::CHECKS,
    batches::CHECKS,
    params::CHECKS,
    meta::CHECKS,
    errors::CHECKS,
    lists::CHECKS,
    models::CHECKS,
    answers::CHECKS,
    streaming::CHECKS,
    progress::CHECKS,
    cancel::CHECKS,
    order::CHECKS,
    limits::CHECKS,
    configure::CHECKS,
    secrets::CHECKS,
    status::CHECKS,
    usage::CHECKS,
    files::CHECKS,
    shutdown::CHECKS,
];

/// Every check, in reading order.
pub(crate) fn all() -> impl Iterator<Item = &'static Check> {
    TOPICS.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::all;

    const PROTOCOL: &str = include_str!("../../protocol/PROTOCOL.md");
    /// What binds clients alone: a server can't be asked for it.
    const OF_CLIENTS: [&str; 1] = ["M19"];

    fn musts() -> HashSet<&'static str> {
        let numbers = PROTOCOL.lines().filter_map(|line| line.strip_prefix("- **M")?.split_once("**"));
        numbers.map(|(number, _)| number).collect()
    }

    #[test]
    fn each_must_is_checked_and_each_check_has_a_must() {
        let musts = musts();
        let cited: HashSet<&str> = all().map(|check| &check.must[1..]).collect();
        let unknown: Vec<_> = cited.difference(&musts).collect();
        assert!(unknown.is_empty(), "PROTOCOL.md has no must of these numbers: {unknown:?}");
        let unchecked: Vec<_> = musts
            .difference(&cited)
            .filter(|number| !OF_CLIENTS.contains(&format!("M{number}").as_str()))
            .collect();
        assert!(unchecked.is_empty(), "no check is about these musts: {unchecked:?}");
    }

    #[test]
    fn ids_are_unique_and_there_are_more_than_a_hundred() {
        let ids: Vec<&str> = all().map(|check| check.id).collect();
        let unique: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len());
        assert!(ids.len() > 100, "{}", ids.len());
        for check in all() {
            assert!(check.says.ends_with('.') && !check.says.contains('\n'), "{}", check.id);
            assert!(check.id.len() <= 34 && check.id.contains('.'), "{}", check.id);
        }
    }
}
