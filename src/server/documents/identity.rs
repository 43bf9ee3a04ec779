//! When two spellings of a URI name one document, and what its file is called.

use std::path::Path;

use percent_encoding::percent_decode_str;
use tower_lsp::lsp_types::Url;

/// What all spellings of a document's URI have in common. VS Code writes `file:///c%3A/…` where others write
/// `file:///C:/…`, and `%5B` where others write `[`; what names no file is taken as it is.
pub(super) fn key(uri: &str) -> Vec<u8> {
    let decoded = decoded(uri);
    let Some((scheme, rest)) = split_once(&decoded, b':') else { return decoded };
    // One letter is a drive of Windows.
    if scheme.len() < 2 || !scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)) {
        return decoded;
    }
    let scheme = scheme.to_ascii_lowercase();
    let mut key = scheme.clone();
    key.push(b':');
    if scheme != b"file" {
        key.extend_from_slice(rest);
        return key;
    }
    // `file:/path`, `file:///path` and `file://localhost/path` are one.
    let rest = match rest.strip_prefix(b"//") {
        Some(rest) => rest.strip_prefix(b"localhost").filter(|path| path.starts_with(b"/")).unwrap_or(rest),
        None => rest,
    };
    if !rest.is_empty() && !rest.starts_with(b"/") {
        key.extend_from_slice(b"//");
    }
    let start = key.len();
    key.extend_from_slice(rest);
    if let [b'/', drive, b':', ..] = &mut key[start..] {
        drive.make_ascii_lowercase();
    }
    key
}

fn split_once(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|byte| *byte == separator)?;
    Some((&text[..place], &text[place + 1..]))
}

/// A URI without its percent-encoding, except for what would then mean something else.
fn decoded(uri: &str) -> Vec<u8> {
    let bytes = uri.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let escaped = uri
            .get(place + 1..place + 3)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match escaped.filter(|_| bytes[place] == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok())
        {
            Some(byte) if b"/?#%".contains(&byte) => {
                decoded.extend(format!("%{byte:02X}").bytes());
                place += 3;
            }
            Some(byte) => {
                decoded.push(byte);
                place += 3;
            }
            // A `%` that escapes nothing stands for itself.
            None if bytes[place] == b'%' => {
                decoded.extend_from_slice(b"%25");
                place += 1;
            }
            None => {
                decoded.push(bytes[place]);
                place += 1;
            }
        }
    }
    decoded
}

/// The path of a document, with `/` between its folders, as far as its URI has one.
pub(in crate::server) fn path(uri: &str) -> String {
    // One letter is a drive of Windows.
    let Some((scheme, rest)) =
        uri.split_once(':').filter(|(scheme, _)| scheme.len() > 1 && !scheme.contains('/'))
    else {
        return uri.replace('\\', "/");
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let host = rest.split('/').next().unwrap_or_default();
    let is_here = scheme.eq_ignore_ascii_case("file") && host.eq_ignore_ascii_case("localhost");
    let path = if is_here { &rest[host.len()..] } else { rest };
    percent_decode_str(path).decode_utf8_lossy().replace('\\', "/")
}

/// The name of a document's file, without the folders. Blank where it has none.
pub(in crate::server) fn file_name(uri: &str) -> String {
    path(uri).rsplit('/').next().unwrap_or_default().to_owned()
}

/// The URI of a file.
pub(in crate::server) fn uri(path: &Path) -> String {
    Url::from_file_path(path).map_or_else(|()| path.to_string_lossy().into_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_a_document_are_one() {
        for spellings in [
            &["file:///c%3A/x/a.rs", "file:///C:/x/a.rs", "file:///c:/x/a.rs", "FILE:///C%3a/x/a.rs"][..],
            &[
                "file:///w/%5Bfoo%5D.ts",
                "file:///w/[foo].ts",
                "file:///w/%5bfoo%5d.ts",
                "file://localhost/w/[foo].ts",
                "file:/w/[foo].ts",
            ],
            &["file:///w/a%20b^c|d[1].py", "file:///w/a b^c|d[1].py"],
            &["file:///w/%C3%A4.py", "file:///w/ä.py"],
            &["file:///w/100%.py", "file:///w/100%25.py"],
            &[
                "vscode-notebook-cell:/w/n.ipynb#W0sZmlsZQ%3D%3D",
                "vscode-notebook-cell:/w/n.ipynb#W0sZmlsZQ==",
            ],
        ] {
            for spelling in spellings {
                assert_eq!(key(spelling), key(spellings[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn other_documents_are_others() {
        let all = [
            "",
            "file://",
            "file:///",
            "/w/a.py",
            "file:///w/a.py",
            "file://server/w/a.py",
            "file:///w/A.py",
            "file:///w/a%2Fb.py",
            "file:///w/a/b.py",
            "file:///w/a%23b.py",
            "file:///w/a#b.py",
            "file:///w/a%3Fb.py",
            "file:///w/a?b.py",
            "file:///w/%FF%C3%28.py",
            "untitled:Untitled-1",
            "untitled:Untitled-2",
            "buffer:12",
            "vscode-notebook-cell:/w/n.ipynb#W0sZmlsZQ%3D%3D",
            "vscode-notebook-cell:/w/n.ipynb#W1sZmlsZQ%3D%3D",
        ];
        let keys: std::collections::HashSet<_> = all.iter().map(|uri| key(uri)).collect();
        assert_eq!(keys.len(), all.len());
    }

    #[test]
    fn files_have_the_name_that_people_know() {
        for (uri, name) in [
            ("file:///home/ann/a%20b.rs", "a b.rs"),
            ("file:///c%3A/x/.env", ".env"),
            ("untitled:Untitled-1", "Untitled-1"),
            ("git:/w/a.py?%7B%22path%22%7D", "a.py"),
            ("vscode-notebook-cell:/w/n.ipynb#W0s", "n.ipynb"),
            ("/w/a.py", "a.py"),
            ("C:\\w\\a.py", "a.py"),
            ("file://", ""),
            ("", ""),
        ] {
            assert_eq!(file_name(uri), name, "{uri}");
        }
    }
}
