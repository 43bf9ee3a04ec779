//! Sessions as data: every file of `tests/transcripts` is played through both doors.

use std::{collections::BTreeMap, fs};

use litellm_ls::Door;

use super::support::transcript;

/// The transcripts, by name.
pub(crate) fn all() -> BTreeMap<String, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts");
    let files =
        fs::read_dir(folder).expect("a folder of transcripts").map(|entry| entry.expect("an entry").path());
    files
        .map(|file| {
            let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(file).expect("a text"))
        })
        .collect()
}

#[tokio::test]
async fn every_transcript_comes_true_at_both_doors() {
    for (name, text) in all() {
        for door in [Door::Lsp, Door::Lines] {
            // What only one door has says so in its first line.
            let only = text.lines().next().and_then(|line| line.strip_prefix("# Only at the door of "));
            if only.is_none_or(|only| {
                only.starts_with(match door {
                    Door::Lsp => "LSP",
                    Door::Lines => "lines",
                })
            }) {
                transcript::play(&name, &text, door).await;
            }
        }
    }
}
