//! Days and times: those that no calendar has, the period of provisioned throughput, and how long a budget lasts.

use super::context::Check;
use crate::config_yaml::{
    codes::Code::{EnumType, YamlSyntax},
    config::{Pair, Place, is_late},
    yaml::{Kind, Resolved},
};

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    for deployment in &config.deployments {
        let Some(info) = deployment.info else { continue };
        let pair = |name| config.pair(info, name).filter(|pair| !config.is_null(pair.value));
        let (from, to) = (pair("ptu_effective_from"), pair("ptu_effective_to"));
        let moments = [&from, &to].map(|pair| pair.as_ref().and_then(|pair| moment(check, pair)));
        if let ([Some(start), Some(end)], Some(to)) = (moments, to)
            && end <= start
        {
            let message =
                "`ptu_effective_to` must be after `ptu_effective_from`; LiteLLM drops this deployment.";
            check.error(EnumType, to.value, message.to_owned());
        }
    }
    impossible(check);
}

/// Plain scalars that look like days and are none: LiteLLM's parser makes dates of them and fails.
fn impossible(check: &mut Check<'_>) {
    let config = check.config;
    for (file, source) in config.project().sources().iter().enumerate() {
        for node in source.tree.ids() {
            let Kind::Scalar { .. } = source.tree.node(node).kind else { continue };
            let text = source.tree.scalar(node).unwrap_or_default();
            let looks =
                text.as_bytes().get(4) == Some(&b'-') && text.starts_with(|c: char| c.is_ascii_digit());
            if looks && source.tree.resolved(node) == Some(Resolved::Date) && seconds(text).is_none() {
                let message = format!(
                    "YAML reads a date here, and there is no `{text}`; LiteLLM does not start. Put it in quotes if it is none."
                );
                let quoted = format!("\"{text}\"");
                check.error(YamlSyntax, Place { file, node }, message).replace(&quoted);
            }
        }
    }
}

/// The moment that a value stands for, in seconds since 1970; what stands for none is told.
fn moment(check: &mut Check<'_>, pair: &Pair<'_>) -> Option<i64> {
    let config = check.config;
    let text = config.text(pair.value);
    if text.is_some_and(is_late) {
        return None;
    }
    let place = check.shown(pair);
    let said = config.resolved(pair.value);
    if let Some(Resolved::Int(number) | Resolved::Sexagesimal(number)) = said {
        // Before September 2001 nobody provisioned anything.
        if number < 1_000_000_000 {
            let message = format!(
                "`{}` is taken for seconds since 1970 here; write a day, such as `2026-01-31T00:00:00Z`.",
                pair.name
            );
            check.warn(EnumType, place, message);
        }
        return Some(number);
    }
    let number = |text: &str| text.parse::<f64>().ok().map(|seconds| seconds as i64);
    let moment = text.and_then(|text| seconds(text).or_else(|| number(text)));
    // A day that there is not is told as such.
    if moment.is_none() && said != Some(Resolved::Date) {
        let is = text.map_or_else(String::new, |text| format!(", not `{text}`"));
        let message = format!(
            "`{}` must be a day or a moment, such as `2026-01-31T00:00:00Z`{is}; LiteLLM drops this deployment.",
            pair.name
        );
        check.error(EnumType, place, message);
    }
    moment
}

/// Seconds since 1970 of a day, or of a moment as ISO 8601 has it; without a zone it is UTC. None for what is none.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (day, time) = match text.find(['T', 't', ' ', '_']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start())),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let year = digits(parts.next()?, 4, 4)?;
    let (month, date) = (digits(parts.next()?, 1, 2)?, digits(parts.next()?, 1, 2)?);
    // A day alone has two digits in each.
    let is_day = parts.next().is_none() && (time.is_some() || day.len() == 10);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !is_day || year == 0 || !(1..=length).contains(&date) {
        return None;
    }
    let days = days_before(year, month) + date - 1;
    Some(days * 86_400 + time.map_or(Some(0), of_day)?)
}

/// Days from 1970 to a month.
fn days_before(year: i64, month: i64) -> i64 {
    // Years that begin in March end with the leap day.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 - 719_468
}

/// Seconds of a time with its zone: `10:00`, `10:00:00.5Z`, `10:00+02:00`.
fn of_day(text: &str) -> Option<i64> {
    let (clock, zone) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (text[..at].trim_end(), &text[at..]),
        None => (text, ""),
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (digits(parts.next()?, 1, 2)?, digits(parts.next()?, 2, 2)?);
    let second = match parts.next() {
        None => 0,
        Some(second) => digits(second.split('.').next()?, 2, 2)?,
    };
    let fits = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    let offset = match zone.chars().next() {
        None => 0,
        Some('Z' | 'z') => (zone.len() == 1).then_some(0)?,
        Some(sign) => {
            let (hours, rest) = zone[1..].split_at_checked(2)?;
            let minutes = rest.trim_start_matches(':');
            let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2, 2)? };
            (digits(hours, 2, 2)? * 3600 + minutes * 60) * if sign == '-' { -1 } else { 1 }
        }
    };
    fits.then_some(hour * 3600 + minute * 60 + second - offset)
}

fn digits(text: &str, least: usize, most: usize) -> Option<i64> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// Keys with a time between two resets of a budget.
pub(super) const DURATIONS: [&str; 4] =
    ["budget_duration", "duration", "internal_user_budget_duration", "time_period"];

/// Whether LiteLLM finds a number and its unit at the start of a text, or knows the word.
pub(super) fn is_duration(text: &str) -> bool {
    let words = ["hourly", "daily", "weekly", "monthly"];
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_timed = unit.len() < text.len() && unit.starts_with(['s', 'm', 'h', 'd', 'w']);
    is_timed || text.contains("${") || words.iter().any(|word| text.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn days_and_moments_are_read_as_litellm_reads_them() {
        for (text, wanted) in [
            ("1970-01-01", Some(0)),
            ("2026-01-01", Some(1_767_225_600)),
            ("2026-01-01T00:00:00Z", Some(1_767_225_600)),
            ("2026-01-01 02:00:00+02:00", Some(1_767_225_600)),
            ("2026-01-01T00:00", Some(1_767_225_600)),
            ("2024-02-29", Some(1_709_164_800)),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-01-01T25:00:00Z", None),
            ("2026-01-01T10", None),
            ("2026-1-1", None),
            ("01/02/2026", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), wanted, "{text}");
        }
    }
}
