//! How long a server asks to wait, in its headers or in its text.

use std::{sync::LazyLock, time::Duration};

use regex_lite::Regex;

/// Longer waits are cut to this.
const LONGEST_TOLD: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// How long the headers ask to wait: `retry-after-ms`, `retry-after`, or when a limit that is used up starts anew.
pub(super) fn of_headers<'h>(header: &dyn Fn(&str) -> Option<&'h str>) -> Option<Duration> {
    let milliseconds = |name| Some(header(name)?.trim().parse::<f64>().ok()? / 1000.0);
    let asked =
        ["retry-after-ms", "x-ms-retry-after-ms"].iter().find_map(|name| seconds(milliseconds(name)?));
    asked.or_else(|| until(header("retry-after")?)).or_else(|| starts_anew(header))
}

/// When a limit of which nothing is left starts anew. One of which something is left is not the one that was passed.
fn starts_anew<'h>(header: &dyn Fn(&str) -> Option<&'h str>) -> Option<Duration> {
    let of = |limit: &str| {
        let left: f64 = header(&format!("x-ratelimit-remaining{limit}"))?.trim().parse().ok()?;
        (left <= 0.0).then(|| until(header(&format!("x-ratelimit-reset{limit}"))?)).flatten()
    };
    let told = ["-requests", "-tokens", ""].iter().filter_map(|limit| of(limit)).max();
    told.or_else(|| until(header("reset_at")?))
}

/// How long a text is to wait: seconds, a duration such as `6m0s`, or a point in time as HTTP, RFC 3339, LiteLLM or Unix
/// write it. One that is over, by a clock other than ours, says nothing.
fn until(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        let now = jiff::Timestamp::now().as_second() as f64;
        return match number {
            // No wait is as long as the time since 1970, in seconds or in milliseconds.
            instant if instant >= 1e12 => seconds(instant / 1000.0 - now),
            instant if instant >= 1e9 => seconds(instant - now),
            wait => seconds(wait),
        };
    }
    let written = text.replacen(' ', "T", 1).replace(" UTC", "Z");
    let instant = jiff::fmt::rfc2822::parse(text).map(|date| date.timestamp()).or_else(|_| written.parse());
    match instant {
        Ok(instant) => Duration::try_from(instant.duration_since(jiff::Timestamp::now())).ok(),
        Err(_) => whole(text),
    }
    .map(|wait: Duration| wait.min(LONGEST_TOLD))
}

fn seconds(number: f64) -> Option<Duration> {
    Some(Duration::try_from_secs_f64(number).ok()?.min(LONGEST_TOLD))
}

/// How long a text asks to wait: `Try again in 5 seconds`, `try again in 1m30.5s`, `retry after 20s`, `limit resets at:
/// 2026-11-27 18:01:00 UTC`.
pub(super) fn of_text(text: &str) -> Option<Duration> {
    let text = text.to_ascii_lowercase();
    [
        "try again in ",
        "retry in ",
        "retry after ",
        "please wait ",
        "retrydelay\": \"",
        "retrydelay\":\"",
        "retrydelay': '",
    ]
    .iter()
    .find_map(|words| duration(&text[text.find(words)? + words.len()..]))
    .or_else(|| until_told(&text))
}

/// Until when a text says that a limit holds. LiteLLM writes UTC behind it (1.101 so calls its own zone; there
/// `retry-after` comes along, and holds); Zhipu and Z.AI write no zone and mean theirs. One of others without it is read
/// as UTC.
fn until_told(text: &str) -> Option<Duration> {
    const OF_ZHIPU: [&str; 2] = ["your limit will reset at", "重置"];
    static INSTANT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = r"(?:(?:resets? (?:at|on)|regain access (?:at|on)|available again (?:at|on)):?|将在) ?";
        Regex::new(&format!(
            r"{words}(\d{{4}}-\d\d-\d\d)(?:t| at | )(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?: ?(utc|gmt|z\b|[+-]\d\d:?\d\d))?"
        ))
        .ok()
    });
    let told = INSTANT.as_ref()?.captures(text)?;
    let seconds = if told[2].len() == "00:00".len() { ":00" } else { "" };
    let zone = match told.get(3).map(|zone| zone.as_str()) {
        Some(zone) if zone.starts_with(['+', '-']) => zone,
        None if OF_ZHIPU.iter().any(|words| text.contains(words)) => "+08:00",
        _ => "Z",
    };
    until(&format!("{}T{}{seconds}{zone}", &told[1], &told[2]))
}

/// A text that is nothing but a duration.
fn whole(text: &str) -> Option<Duration> {
    text.ends_with(['s', 'm', 'h']).then(|| duration(text)).flatten()
}

/// The duration that a text begins with.
fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut wait = None;
    while let Some((amount, unit)) = amount(rest) {
        let end = unit.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(unit.len());
        let Some(seconds) = seconds_of(&unit[..end]) else { break };
        wait = Some(wait.unwrap_or_default() + seconds * amount);
        rest = unit[end..].trim_start_matches([',', ' ']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    seconds(wait?)
}

fn seconds_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86400.0,
        _ => return None,
    })
}

/// The number that a text begins with, and its unit with all that follows.
fn amount(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|character: char| !(character.is_ascii_digit() || character == '.'))?;
    Some((text[..end].parse().ok()?, text[end..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(headers: &[(&str, &str)]) -> Option<Duration> {
        of_headers(&|name| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
    }

    #[test]
    fn a_wait_is_milliseconds_seconds_or_a_date() {
        assert_eq!(
            wait(&[("retry-after-ms", "1500"), ("retry-after", "2")]),
            Some(Duration::from_millis(1500))
        );
        assert_eq!(wait(&[("x-ms-retry-after-ms", "20")]), Some(Duration::from_millis(20)));
        assert_eq!(
            wait(&[("retry-after-ms", "soon"), ("retry-after", " 2.5 ")]),
            Some(Duration::from_millis(2500))
        );
        let day = Duration::from_secs(60 * 60 * 24);
        let later = (jiff::Timestamp::now() + day * 2).as_second();
        for far in [later.to_string(), (later * 1000).to_string()] {
            assert!(
                wait(&[("retry-after", &far)]).is_some_and(|wait| wait > day && wait <= day * 2),
                "{far}"
            );
        }
        for never in ["99999999", "Mon, 21 Oct 2999 07:28:00 GMT"] {
            assert_eq!(wait(&[("retry-after", never)]), Some(LONGEST_TOLD), "{never}");
        }
        for nothing in [
            "",
            "soon",
            "-1",
            "inf",
            "NaN",
            "1e300",
            "Wed, 21 Oct 2015 07:28:00 GMT",
            "1445412480",
            "2015-10-21 07:28:00 UTC",
            "5 apples",
        ] {
            assert_eq!(wait(&[("retry-after", nothing)]), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_text_says_how_long_or_until_when() {
        let soon =
            |form: &str| (jiff::Timestamp::now() + Duration::from_secs(4000)).strftime(form).to_string();
        let in_china = |form: &str| {
            let later = jiff::Timestamp::now() + Duration::from_secs(4000);
            jiff::tz::offset(8).to_datetime(later).strftime(form).to_string()
        };
        for text in [
            soon(
                "Limit type: requests. Current limit: 1, Remaining: 0. Limit resets at: %Y-%m-%d %H:%M:%S UTC",
            ),
            in_china("Usage limit reached for 5 hour. Your limit will reset at %Y-%m-%d %H:%M:%S"),
            in_china("您的限额将在 %Y-%m-%d %H:%M:%S 重置。"),
            in_china("Your limit will reset at %Y-%m-%d %H:%M:%S +08:00"),
            soon("Your limit will reset at %Y-%m-%d %H:%M:%S UTC"),
            soon("The quota resets on %Y-%m-%d %H:%M:%S"),
            soon("You will regain access on %Y-%m-%d at %H:%M UTC."),
            soon("resets at %Y-%m-%dT%H:%M:%S.123+00:00"),
        ] {
            let wait = of_text(&text).unwrap_or_default().as_secs();
            assert!((3900..=4000).contains(&wait), "{text}: {wait}");
        }
        for (text, wait) in [
            ("Please retry in 33.361s.", Some(Duration::from_millis(33_361))),
            (r#""retryDelay":"33s""#, Some(Duration::from_secs(33))),
            ("Please retry after 500 milliseconds.", Some(Duration::from_millis(500))),
            ("Please try again in 7m12s.", Some(Duration::from_secs(432))),
            ("Please try again in 2 minutes, 5 seconds.", Some(Duration::from_secs(125))),
            ("try again in 1 hour and 1 minute", Some(Duration::from_secs(3660))),
            ("Please try again in 1 day 2 hours.", Some(Duration::from_secs(26 * 3600))),
            ("Please wait 43200 seconds before retrying.", Some(Duration::from_secs(43_200))),
            ("Too many tokens, please wait before trying again.", None),
            ("try again in 5 apples", None),
            ("Limit resets at: 2020-01-01 00:00:00 UTC", None),
            ("resets at midnight", None),
        ] {
            assert_eq!(of_text(text), wait, "{text}");
        }
    }

    #[test]
    fn only_a_limit_that_is_used_up_says_when_it_starts_anew() {
        let of = |left, reset| {
            wait(&[("x-ratelimit-remaining-tokens", left), ("x-ratelimit-reset-tokens", reset)])
        };
        assert_eq!(of("0", "6m0s"), Some(Duration::from_secs(360)));
        assert_eq!(of("0", "20ms"), Some(Duration::from_millis(20)));
        assert_eq!(of("0", "12"), Some(Duration::from_secs(12)));
        assert_eq!(of("7", "6m0s"), None);
        assert_eq!(wait(&[("x-ratelimit-reset-requests", "6m0s")]), None);
        assert_eq!(
            wait(&[
                ("x-ratelimit-remaining-requests", "0"),
                ("x-ratelimit-reset-requests", "1s"),
                ("x-ratelimit-remaining-tokens", "0"),
                ("x-ratelimit-reset-tokens", "2s"),
            ]),
            Some(Duration::from_secs(2))
        );
        assert_eq!(wait(&[("reset_at", "2015-11-25 19:27:09 UTC")]), None);
        let soon =
            (jiff::Timestamp::now() + Duration::from_secs(40)).strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        assert!(wait(&[("reset_at", &soon)]).is_some_and(|wait| wait <= Duration::from_secs(40)));
    }
}
