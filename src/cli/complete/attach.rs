//! Files that go along with a question.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use litellm_ls_protocol::{Content, Part};

use super::kinds::ending;
use crate::{assist::file_name, cli::consent::Consent};

/// Most bytes of all texts: some 150,000 tokens. What is larger is refused and not cut, for a model would not know.
const MOST_TEXT: u64 = 512 << 10;
/// Most bytes of another file.
const MOST_BYTES: u64 = 20 << 20;

/// The languages that files' names tell, by their ends; others are their own ends.
const LANGUAGES: [(&str, &str); 22] = [
    ("rs", "rust"),
    ("py", "python"),
    ("js", "javascript"),
    ("mjs", "javascript"),
    ("ts", "typescript"),
    ("rb", "ruby"),
    ("sh", "bash"),
    ("bash", "bash"),
    ("zsh", "zsh"),
    ("ps1", "powershell"),
    ("md", "markdown"),
    ("yml", "yaml"),
    ("kt", "kotlin"),
    ("cs", "csharp"),
    ("h", "c"),
    ("cc", "cpp"),
    ("hpp", "cpp"),
    ("hs", "haskell"),
    ("ex", "elixir"),
    ("el", "elisp"),
    ("pl", "perl"),
    ("txt", ""),
];

/// What goes along.
#[derive(Debug, Default)]
pub(in crate::cli) struct Attachments {
    /// The texts, each with its name and language.
    texts: Vec<String>,
    parts: Vec<Part>,
    bytes: u64,
}

impl Attachments {
    /// Reads files.
    ///
    /// # Errors
    /// Where one can't be read, may hold secrets, or is too large.
    pub(in crate::cli) fn read(
        texts: &[PathBuf],
        others: &[PathBuf],
        consent: &Consent,
    ) -> anyhow::Result<Self> {
        let mut attachments = Self::default();
        for file in texts {
            attachments.text(file, consent)?;
        }
        for file in others {
            attachments.part(file, consent)?;
        }
        Ok(attachments)
    }

    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.parts.is_empty()
    }

    /// Adds a text file.
    pub(in crate::cli) fn text(&mut self, file: &Path, consent: &Consent) -> anyhow::Result<()> {
        consent.to_file(file)?;
        let bytes = bytes(file, MOST_TEXT)?;
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST_TEXT {
            bail!("the files are larger than {} KiB together: give the parts that matter", MOST_TEXT >> 10);
        }
        let Ok(text) = String::from_utf8(bytes) else {
            bail!("{} is no text in UTF-8: give images, PDFs and sounds with -a", file.display());
        };
        consent.to_text(file, &text)?;
        self.texts.push(fenced(&told(file), language(file), &text));
        Ok(())
    }

    /// Adds an image, a PDF or a sound.
    pub(in crate::cli) fn part(&mut self, file: &Path, consent: &Consent) -> anyhow::Result<()> {
        consent.to_file(file)?;
        let bytes = bytes(file, MOST_BYTES)?;
        let data = STANDARD.encode(&bytes);
        let image = |mime: &str| Part::Image {
            data: Some(data.clone()),
            mime_type: Some(mime.to_owned()),
            url: None,
        };
        let part = match ending(&bytes) {
            Some("png") => image("image/png"),
            Some("jpg") => image("image/jpeg"),
            Some("gif") => image("image/gif"),
            Some("webp") => image("image/webp"),
            Some(format @ ("wav" | "mp3")) => Part::Audio { data, format: format.into() },
            Some("pdf") => Part::Document {
                data: Some(data),
                mime_type: Some("application/pdf".into()),
                url: None,
                name: file.file_name().map(|name| name.to_string_lossy().into_owned()),
            },
            _ => bail!(
                "{} is no PNG, JPEG, GIF, WebP, PDF, WAV or MP3: give text files with -f",
                file.display()
            ),
        };
        self.parts.push(part);
        Ok(())
    }
}

/// A prompt with what goes along, behind it.
pub(in crate::cli) fn content(prompt: String, attachments: Attachments) -> Content {
    let Attachments { texts, parts, .. } = attachments;
    let mut all = if prompt.trim().is_empty() { Vec::new() } else { vec![prompt] };
    all.extend(texts);
    let text = all.join("\n\n");
    if parts.is_empty() {
        return Content::Text(text);
    }
    let text = (!text.is_empty()).then_some(Part::Text { text });
    Content::Parts(text.into_iter().chain(parts).collect())
}

/// A file as a model is told of it: without what the user's home is called.
fn told(file: &Path) -> String {
    match std::env::home_dir().and_then(|home| file.strip_prefix(home).ok()) {
        Some(inside) => Path::new("~").join(inside).display().to_string(),
        None => file.display().to_string(),
    }
}

/// A text file as a model sees it: its name, its language and its text, in a fence that nothing in it closes.
fn fenced(name: &str, language: &str, text: &str) -> String {
    let longest =
        text.lines().map(|line| line.trim_start().bytes().take_while(|byte| *byte == b'`').count()).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    format!("{}:\n{fence}{language}\n{text}{end}{fence}", file_name(name))
}

fn language(file: &Path) -> &str {
    let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
    LANGUAGES.iter().find(|(known, _)| *known == end).map_or(end, |(_, language)| language)
}

/// The text of a file of at most so many bytes.
///
/// # Errors
/// Where it can't be read, is longer, or is no text.
pub(in crate::cli) fn text(file: &Path, most: u64) -> anyhow::Result<String> {
    let no_text = || format!("{} is no text in UTF-8: save it as UTF-8", file.display());
    String::from_utf8(bytes(file, most)?).with_context(no_text)
}

fn bytes(file: &Path, most: u64) -> anyhow::Result<Vec<u8>> {
    let told = || format!("{} can't be read", file.display());
    let mut bytes = Vec::new();
    // Pipes and devices do not say how much they have.
    fs::File::open(file).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).with_context(told)?;
    if bytes.len() as u64 > most {
        bail!("{} is larger than {} KiB: give the part that matters", file.display(), most >> 10);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_whole_whatever_it_holds() {
        assert_eq!(
            fenced("a.rs", language(Path::new("a.rs")), "fn a() {}"),
            "a.rs:\n```rust\nfn a() {}\n```"
        );
        assert_eq!(language(Path::new("Makefile")), "");
        assert_eq!(language(Path::new("x.go")), "go");
        let inner = "text\n  ````md\n";
        assert_eq!(fenced("b.md", "markdown", inner), "b.md:\n`````markdown\ntext\n  ````md\n`````");
    }

    #[test]
    fn a_prompt_stands_before_what_goes_along() {
        let image = Part::Image { data: None, mime_type: None, url: Some("u".into()) };
        let attachments = |parts: Vec<Part>| Attachments { texts: vec!["file".into()], parts, bytes: 0 };
        assert_eq!(content("ask".into(), attachments(vec![])), Content::Text("ask\n\nfile".into()));
        assert_eq!(content(String::new(), attachments(vec![])), Content::Text("file".into()));
        let parts = Content::Parts(vec![Part::Text { text: "ask\n\nfile".into() }, image.clone()]);
        assert_eq!(content("ask".into(), attachments(vec![image])), parts);
    }
}
