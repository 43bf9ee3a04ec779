//! Inputs for tests that nothing may break: a few thousand a second, each of a number that names it.

/// Bytes made of these pieces, and of others now and then; the same for the same seed.
pub(crate) fn noise(seed: u64, pieces: &[&[u8]]) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or_default() % below
    };
    let mut bytes = Vec::new();
    for _ in 0..next(12) {
        match next(8) {
            0 => bytes.push(u8::try_from(next(256)).unwrap_or_default()),
            1 => {
                let length = bytes.len().saturating_sub(next(4));
                bytes.truncate(length);
            }
            _ => bytes.extend_from_slice(pieces[next(pieces.len())]),
        }
    }
    bytes
}

/// The same bytes in two pieces.
pub(crate) fn cut(seed: u64, bytes: &[u8]) -> [&[u8]; 2] {
    let (before, after) = bytes.split_at(usize::try_from(seed >> 8).unwrap_or_default() % (bytes.len() + 1));
    [before, after]
}
