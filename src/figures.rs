//! Numbers of tokens and sums of money, as people read them.

/// A number of tokens, as people say it: `8k`, `200k`, `1.05M`.
pub(crate) fn tokens(count: i64) -> String {
    let scaled = |unit: f64, digits: usize, letter: &str| {
        let number = format!("{:.digits$}", count as f64 / unit);
        format!("{}{letter}", number.trim_end_matches('0').trim_end_matches('.'))
    };
    match count {
        1_000_000.. => scaled(1e6, 2, "M"),
        10_000.. => format!("{}k", count / 1000),
        // What is small is often a power of two.
        1_000.. if count % 1024 == 0 => format!("{}k", count / 1024),
        1_000.. => scaled(1e3, 1, "k"),
        _ => count.to_string(),
    }
}

/// A price with as many digits as it needs, at least two behind the point.
pub(crate) fn money(price: f64) -> String {
    const PARTS: u64 = 1_000_000;
    /// Up to here a float tells whole numbers apart.
    const EXACT: f64 = (1_u64 << 53) as f64;
    let parts = (price * PARTS as f64).round();
    if !(0.0..EXACT).contains(&parts) {
        let text = format!("{price:.6}");
        let Some((whole, rest)) = text.split_once('.') else { return text };
        return format!("{whole}.{:0<2}", rest.trim_end_matches('0'));
    }
    // Every model has two prices, and to write a float with so many digits takes ten times as long.
    let parts = parts as u64;
    let mut text = (parts / PARTS).to_string();
    text.push('.');
    let (mut rest, mut unit) = (parts % PARTS, PARTS);
    for digit in 0..6 {
        if digit >= 2 && rest == 0 {
            break;
        }
        unit /= 10;
        text.push(char::from(b'0' + (rest / unit) as u8));
        rest %= unit;
    }
    text
}

/// An estimated sum in two digits, such as `$0.0013`.
pub(crate) fn about(sum: f64) -> String {
    // A logarithm would load the library of mathematics into every server, for nothing else.
    let digits = (2..6).find(|digits| sum * 10_f64.powi(digits - 1) >= 1.0).unwrap_or(6) as usize;
    format!("${sum:.digits$}")
}

/// A price as short as can be: `$3`, `$0.075`. It may be less than what six digits behind the point say.
pub(crate) fn price(price: f64) -> String {
    const LEAST: f64 = 0.000_001;
    if price > 0.0 && price < LEAST {
        return format!("<${LEAST}");
    }
    let mut text = money(price);
    if text.ends_with(".00") {
        text.truncate(text.len() - ".00".len());
    }
    text.insert(0, '$');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_say_them() {
        for (count, text) in [
            (900, "900"),
            (1500, "1.5k"),
            (4096, "4k"),
            (8000, "8k"),
            (8191, "8.2k"),
            (8192, "8k"),
            (16_384, "16k"),
            (128_000, "128k"),
            (200_000, "200k"),
            (1_000_000, "1M"),
            (1_048_576, "1.05M"),
        ] {
            assert_eq!(tokens(count), text);
        }
        for (price, text) in [
            (3.0, "3.00"),
            (0.15, "0.15"),
            (0.075, "0.075"),
            (15.0, "15.00"),
            (0.000_5, "0.0005"),
            (-1.5, "-1.50"),
        ] {
            assert_eq!(money(price), text);
        }
        for price in (0..30_000).map(|part| f64::from(part) * 0.000_137).chain([8e9, 1e10, 1e300]) {
            let long = format!("{price:.6}");
            assert_eq!(money(price).parse::<f64>(), long.parse(), "{long}");
        }
        for (sum, text) in [
            (2.345, "$2.35"),
            (0.1, "$0.10"),
            (0.0999, "$0.100"),
            (0.0123, "$0.012"),
            (0.001, "$0.0010"),
            (0.00127, "$0.0013"),
            (0.000_012_7, "$0.000013"),
            (1e-9, "$0.000000"),
            (0.0, "$0.000000"),
        ] {
            assert_eq!(about(sum), text);
        }
        for (amount, text) in
            [(3.0, "$3"), (0.6, "$0.60"), (0.075, "$0.075"), (0.0, "$0"), (2.5e-8, "<$0.000001")]
        {
            assert_eq!(price(amount), text);
        }
    }
}
