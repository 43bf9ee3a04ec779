//! Which texts are sentences for people, and which documents are made of them.

/// What a document is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text in which fences mean something.
    Markdown,
    /// Other text.
    Text,
    /// Code.
    Code,
}

impl Kind {
    /// What documents of a language are made of, by LSP's identifiers and by the names that editors give instead.
    pub(super) fn of(language: &str) -> Self {
        match language.to_ascii_lowercase().as_str() {
            "markdown" | "md" | "mdx" | "markdown.mdx" | "markdown.pandoc" | "markdown_inline" | "pandoc"
            | "quarto" | "qmd" | "rmd" | "rmarkdown" | "markdoc" | "vimwiki" | "telekasten" | "gfm"
            | "gfm-mode" | "prompt" | "instructions" | "chatagent" | "chatmode" | "skill" => Self::Markdown,
            "" | "text" | "plaintext" | "plain" | "txt" | "fundamental" | "rst" | "restructuredtext"
            | "asciidoc" | "asciidoctor" | "adoc" | "org" | "norg" | "latex" | "tex" | "plaintex"
            | "context" | "typst" | "textile" | "mediawiki" | "creole" | "fountain" | "mail" | "help"
            | "man" | "git-commit" | "gitcommit" | "scminput" | "hgcommit" | "jj-commit"
            | "jjdescription" => Self::Text,
            _ => Self::Code,
        }
    }
}

/// Whether most of a text is sentences for people. A text of code may hold some, but does not begin with them.
pub(super) fn is_prose(text: &str) -> bool {
    let paragraphs: Vec<&str> = text
        .split("\n\n")
        .map(|part| part.trim_matches('\n'))
        .filter(|part| !part.trim().is_empty())
        .collect();
    let Some(first) = paragraphs.first() else { return false };
    let letters = |paragraphs: &[&str]| paragraphs.iter().map(|paragraph| paragraph.len()).sum::<usize>();
    let sentences: Vec<&str> =
        paragraphs.iter().copied().filter(|paragraph| is_sentence(paragraph)).collect();
    is_sentence(first) && letters(&sentences) * 2 > letters(&paragraphs)
}

/// Whether a paragraph reads as a sentence: begun with a capital, ended by a full stop or its like, made of words.
fn is_sentence(paragraph: &str) -> bool {
    /// Fewer words are an identifier or a value.
    const FEWEST_WORDS: usize = 3;
    /// So many letters without a blank are as many words, in scripts that set none.
    const UNSPACED: usize = 8;
    let bare =
        without_bullet(paragraph.trim_start_matches(' ')).trim_start_matches(['*', '_', '"', '“', '¿', '¡']);
    let ended = bare.trim_end().trim_end_matches(['*', '_', '"', '”', ')', '`']);
    let begins = bare.chars().next().is_some_and(|letter| letter.is_alphabetic() && !letter.is_lowercase());
    let ends = ended.ends_with(['.', '!', '?', ':', '…', '。', '！', '？', '：']);
    let has_small = bare.chars().any(|letter| letter.is_alphabetic() && !letter.is_uppercase());
    if !(begins && ends && has_small) || ended.ends_with("::") {
        return false;
    }
    let unspaced = ended.chars().filter(|letter| letter.is_alphabetic() && *letter > '\u{2e7f}').count();
    let words: Vec<&str> = bare.split_whitespace().collect();
    let plain = words.iter().filter(|word| is_word(word)).count();
    unspaced >= UNSPACED || (words.len() >= FEWEST_WORDS && plain * 4 >= words.len() * 3)
}

/// Whether a line reads as the beginning of a sentence.
pub(super) fn is_begun(line: &str) -> bool {
    let mut letters = line.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(|letter| letter.is_lowercase() || letter == ' ')
        && line.split_whitespace().count() >= 3
        && line.split_whitespace().all(is_word)
}

/// The text behind the mark of a list.
fn without_bullet(text: &str) -> &str {
    let behind = |mark: &str| text.strip_prefix(mark).and_then(|rest| rest.strip_prefix(' '));
    let numbered = || {
        let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        rest.strip_prefix(['.', ')'])
            .and_then(|rest| rest.strip_prefix(' '))
            .filter(|_| rest.len() < text.len())
    };
    behind("-").or_else(|| behind("*")).or_else(numbered).unwrap_or(text)
}

/// Whether a word is made of letters, but for marks around it. A word between backticks is one of a sentence.
fn is_word(word: &str) -> bool {
    let bare =
        word.trim_matches(['.', ',', ';', ':', '!', '?', '"', '\'', '(', ')', '“', '”', '*', '—', '–', '…']);
    let quoted = bare.len() > 2 && bare.starts_with('`') && bare.ends_with('`');
    quoted
        || (bare.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '-' | '/'))
            && !word.ends_with(';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_are_prose_and_code_is_not() {
        for text in [
            "The selection is already as simple as it can be, so I left it as it is.",
            "I'm sorry, but I can't help with that.",
            "You could write:\n\n- Use a map for it.\n- Or take the list as it is.",
            "Here is what I would do. First, sort the list with `sort_by_key`, then take the first of it.",
            "Die Auswahl ist schon so einfach wie möglich.",
            "この選択範囲はすでに十分に簡潔です。",
            "1. Add the import at the top.\n\n2. Call the function where it is needed.",
            "**Note:** the function you selected is never called.",
        ] {
            assert!(is_prose(text), "{text}");
        }
        for text in [
            "",
            "let a = 1;",
            "return value",
            "// Adds two numbers and gives back the sum of them.\nfn add(a: u8, b: u8) -> u8 {\n    a + b\n}",
            "# Adds two numbers and gives back the sum.\ndef add(a, b):\n    return a + b",
            "\"\"\"Tools for sums.\n\nSums are made of numbers that were given before.\n\"\"\"\n",
            "def f():\n    \"\"\"Adds.\n\n    This adds the numbers that are given to it.\n    \"\"\"",
            "/** Adds two numbers.\n *\n * The numbers are given by the caller.\n */",
            "SELECT name FROM users WHERE id IN (1, 2);",
            "SELECT name FROM users",
            "MOVE A TO B.\nADD C TO D.",
            "Given I have a cart\nWhen I pay\nThen it is empty",
            "description: a short text about what it does",
            "git commit and push now",
            "DEFAULT:",
            "class Foo extends Bar implements Baz, Qux {}",
            "Module Example\n    Sub Main()\n    End Sub\nEnd Module",
            "- Buy milk\n- Buy bread",
        ] {
            assert!(!is_prose(text), "{text}");
        }
    }

    #[test]
    fn documents_of_text_are_known_by_the_names_of_all_editors() {
        for language in ["markdown", "Markdown", "mdx", "quarto", "rmd"] {
            assert_eq!(Kind::of(language), Kind::Markdown, "{language}");
        }
        for language in
            ["", "plaintext", "text", "restructuredtext", "rst", "git-commit", "gitcommit", "latex"]
        {
            assert_eq!(Kind::of(language), Kind::Text, "{language}");
        }
        for language in ["rust", "python", "html", "yaml", "sql"] {
            assert_eq!(Kind::of(language), Kind::Code, "{language}");
        }
    }
}
