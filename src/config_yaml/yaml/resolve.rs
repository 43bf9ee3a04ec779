//! What a plain scalar is in YAML 1.1, by the patterns of PyYAML.

/// What LiteLLM gets for a plain scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// `18:30`: a number to the base of 60.
    Sexagesimal(i64),
    Float(f64),
    Date,
    Text,
}

impl Resolved {
    /// What it is called in a sentence.
    pub(crate) fn called(self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) | Self::Sexagesimal(_) => "a number",
            Self::Date => "a date",
            Self::Text => "text",
        }
    }
}

/// By the first character it is mostly text.
pub(crate) fn resolve(text: &str) -> Resolved {
    let Some(first) = text.bytes().next() else { return Resolved::Null };
    match first {
        b'~' if text == "~" => Resolved::Null,
        b'n' | b'N' if matches!(text, "null" | "Null" | "NULL") => Resolved::Null,
        b'y' | b'Y' | b't' | b'T' | b'n' | b'N' | b'f' | b'F' | b'o' | b'O' => word(text),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => Resolved::Text,
    }
}

fn word(text: &str) -> Resolved {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Resolved::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        _ => Resolved::Text,
    }
}

fn number(text: &str) -> Resolved {
    if is_date(text) {
        return Resolved::Date;
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Resolved::Float(f64::INFINITY);
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let negative = text.starts_with('-');
    let signed = |value: i64| if negative { -value } else { value };
    let whole =
        |rest: &str, radix| i64::from_str_radix(rest, radix).ok().map(|value| Resolved::Int(signed(value)));
    let by_prefix = match plain.as_bytes() {
        [b'0', b'b', ..] => whole(&plain[2..], 2),
        [b'0', b'x', ..] => whole(&plain[2..], 16),
        [b'0', _, ..] if plain.bytes().all(|b| (b'0'..=b'7').contains(&b)) => whole(&plain, 8),
        [b'1'..=b'9', ..] | [b'0'] if plain.bytes().all(|b| b.is_ascii_digit()) => {
            Some(plain.parse().map_or(Resolved::Float(f64::MAX), |value| Resolved::Int(signed(value))))
        }
        _ => None,
    };
    by_prefix
        .or_else(|| sexagesimal(digits, &plain).map(|v| Resolved::Sexagesimal(signed(v))))
        .unwrap_or_else(|| {
            if is_float(digits) {
                plain.parse().map_or(Resolved::Text, Resolved::Float)
            } else {
                Resolved::Text
            }
        })
}

/// `[1-9][0-9_]*(:[0-5]?[0-9])+`
fn sexagesimal(written: &str, plain: &str) -> Option<i64> {
    if !written.starts_with(|c: char| matches!(c, '1'..='9')) || !plain.contains(':') {
        return None;
    }
    let mut parts = plain.split(':');
    let mut value: i64 = parts.next()?.parse().ok()?;
    for part in parts {
        let is_part = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        value =
            value.checked_mul(60)?.checked_add(if is_part { part.parse().ok()? } else { return None })?;
    }
    Some(value)
}

/// PyYAML wants a dot in a float, and a sign in its exponent: `1e3` and `1.0e3` are texts.
fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let all = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let Some((whole, rest)) = mantissa.split_once('.') else { return false };
    let starts = whole.starts_with(|c: char| c.is_ascii_digit())
        || (whole.is_empty() && rest.starts_with(|c: char| c.is_ascii_digit()));
    let exponent_ok = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|e| !e.is_empty() && e.bytes().all(|b| b.is_ascii_digit()))
    });
    starts && all(whole) && all(rest) && exponent_ok
}

/// `2024-10-21`, or with a time behind it.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    if bytes.len() == 10 {
        return digits(0..4) && bytes[4] == b'-' && digits(5..7) && bytes[7] == b'-' && digits(8..10);
    }
    let Some((day, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let mut parts = day.split('-');
    let part = |part: Option<&str>, least: usize, most: usize| {
        part.is_some_and(|p| (least..=most).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_day = part(parts.next(), 4, 4) && part(parts.next(), 1, 2) && part(parts.next(), 1, 2);
    is_day && parts.next().is_none() && time.trim_start().split(':').count() >= 3
}
