//! How many values a JSON text has. Each takes some 100 bytes in memory, however short it is written.

/// Most values in one text.
pub const MAX_VALUES: usize = 1 << 20;

/// Whether a text has more values than this.
pub(crate) fn are_over(most: usize, json: &[u8]) -> bool {
    json.len() > most && count(json, most) > most
}

/// About how many values a text has: each but the first stands behind one of these. Those within texts count too, unless
/// there are too many with them.
fn count(json: &[u8], most: usize) -> usize {
    let is_sign = |byte: &&u8| matches!(**byte, b',' | b'[' | b'{');
    let all = json.iter().filter(is_sign).count();
    if all <= most {
        return all;
    }
    let mut count = 0;
    let mut place = 0;
    while let Some(byte) = json.get(place) {
        place = match byte {
            b'"' => end_of_text(json, place).unwrap_or(json.len()),
            _ => place + 1,
        };
        count += usize::from(is_sign(&byte));
    }
    count
}

/// Where the text ends that begins here; none where it does not end.
pub(crate) fn end_of_text(json: &[u8], start: usize) -> Option<usize> {
    let mut place = start + 1;
    loop {
        place += memchr::memchr2(b'"', b'\\', json.get(place..)?)?;
        if json[place] == b'"' {
            return Some(place + 1);
        }
        place += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_but_not_those_in_texts() {
        for (value, counted) in
            [("1,", MAX_VALUES + 1), ("{\"a\":[1]},", 3 * MAX_VALUES), ("\"x,{[\\\",\",", MAX_VALUES + 1)]
        {
            let json = format!("[{}1]", value.repeat(MAX_VALUES));
            let count = count(json.as_bytes(), MAX_VALUES);
            assert!(count >= counted && count <= counted + MAX_VALUES, "{value}: {count}");
            assert!(serde_json::from_str::<serde::de::IgnoredAny>(&json).is_ok());
        }
        let text = format!("[\"{}\"]", ",".repeat(2 * MAX_VALUES));
        assert_eq!(count(text.as_bytes(), MAX_VALUES), 1);
    }
}
