//! What a model sends beside its text: refusals are told, images and sounds kept in files.

use std::path::{Path, PathBuf};

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use litellm_ls_protocol::{AssistantMessage, Part};

use super::kinds::ending;
use crate::{
    cli::output::{note, shown, warn},
    store::{self, FileError},
};

/// Tells what came beside the text. What is no text is kept in new files in the current folder, or in the folder for
/// temporary files where that takes none. Whether anything can be had that way.
pub(in crate::cli) fn keep(message: &AssistantMessage) -> bool {
    if let Some(refusal) = &message.refusal {
        note(&format!("The model refused: {}", shown(refusal)));
    }
    let mut is_kept = false;
    for image in &message.images {
        match image {
            Part::Image { data: Some(data), .. } => is_kept |= write("An image", data),
            // It is not fetched, for it may lead anywhere.
            Part::Image { url: Some(url), .. } => {
                note(&format!("An image came along, at {}", shown(url)));
                is_kept = true;
            }
            _ => {}
        }
    }
    if let Some(audio) = &message.audio {
        if message.text.is_empty() && !audio.transcript.is_empty() {
            note(&format!("The model says: {}", crate::plain::text(&audio.transcript)));
        }
        is_kept |= !audio.data.is_empty() && write("A sound", &audio.data);
    }
    is_kept
}

/// Keeps one thing, and tells where.
fn write(what: &str, data: &str) -> bool {
    let here = file_in(Path::new(""), data);
    match here.or_else(|error| file_in(&std::env::temp_dir(), data).map_err(|_| error)) {
        Ok(path) => {
            note(&format!("{what} came along; it is kept in {}", shown(&path.display().to_string())));
            true
        }
        Err(error) => {
            warn(&format!("{what} came along and is not kept: {error}: {}", error.remedy()));
            false
        }
    }
}

/// A new file for what base64 says; as it came, where that can't be read.
fn file_in(folder: &Path, data: &str) -> Result<PathBuf, FileError> {
    let bytes = decoded(data);
    let end = bytes.as_deref().map_or("base64", |bytes| ending(bytes).unwrap_or("bin"));
    let names = (1..).map(|number: u64| folder.join(format!("answer-{number}.{end}")));
    store::write_new_file(names, bytes.as_deref().unwrap_or(data.as_bytes()))
}

/// Some leave the padding out, break lines, or take the letters for URLs.
fn decoded(data: &str) -> Option<Vec<u8>> {
    let data: String = data.split_ascii_whitespace().collect();
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [STANDARD, URL_SAFE].iter().find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(&data).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_file_of_its_own_and_none_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let name = |data: &str| {
            let path = file_in(folder.path(), data).unwrap();
            path.file_name().unwrap().to_str().unwrap().to_owned()
        };
        // As bytes begin, in base64 of all spellings.
        for (data, expected) in [
            ("iVBORw0KGgo=", "answer-1.png"),
            ("iVBORw0K\nGgo", "answer-2.png"),
            ("_9j_4AAQ", "answer-1.jpg"),
            ("UklGRiQAAABXQVZF", "answer-1.wav"),
            ("AAAA", "answer-1.bin"),
            ("no base64!", "answer-1.base64"),
        ] {
            assert_eq!(name(data), expected);
        }
        assert_eq!(std::fs::read(folder.path().join("answer-1.png")).unwrap(), b"\x89PNG\r\n\x1a\n");
        assert_eq!(std::fs::read(folder.path().join("answer-1.base64")).unwrap(), b"no base64!");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let data = std::fs::metadata(folder.path().join("answer-1.png")).unwrap();
            assert_eq!(data.permissions().mode() & 0o777, 0o600);
        }
    }
}
