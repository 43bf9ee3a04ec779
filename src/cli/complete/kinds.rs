//! What a file is, by its first bytes.

/// How files begin, and how their names end for that.
const KINDS: [(&[u8], &str); 12] = [
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"<svg", "svg"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
    (b"\xff\xf1", "aac"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"%PDF", "pdf"),
];

/// How the name of a file with these bytes ends. What others call it is not asked. None where that is not known.
pub(super) fn ending(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some("wav"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f', ..] => Some("avif"),
        _ => KINDS.iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, end)| *end),
    }
}
