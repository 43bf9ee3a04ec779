//! What documents of a language are made of, by LSP's identifiers and by the names that editors give instead.

/// What a document is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text in which fences mean something.
    Markdown,
    /// Other text, and code that reads as sentences.
    Text,
    /// Code.
    Code,
}

impl Kind {
    /// What documents of a language are made of.
    pub(super) fn of(language: &str) -> Self {
        match language.to_ascii_lowercase().as_str() {
            "markdown" | "md" | "mdx" | "markdown.mdx" | "markdown.pandoc" | "markdown_inline" | "pandoc"
            | "quarto" | "qmd" | "rmd" | "rmarkdown" | "markdoc" | "vimwiki" | "telekasten" | "gfm"
            | "gfm-mode" | "prompt" | "instructions" | "chatagent" | "chatmode" | "skill" => Self::Markdown,
            "" | "text" | "plaintext" | "plain" | "txt" | "fundamental" | "rst" | "restructuredtext"
            | "asciidoc" | "asciidoctor" | "adoc" | "org" | "norg" | "latex" | "tex" | "plaintex"
            | "context" | "typst" | "textile" | "mediawiki" | "creole" | "fountain" | "mail" | "help"
            | "man" | "git-commit" | "gitcommit" | "scminput" | "hgcommit" | "jj-commit"
            | "jjdescription" | "srt" | "bibtex" => Self::Text,
            "gherkin" | "cucumber" | "feature" | "robotframework" | "cobol" | "inform7" | "applescript"
            | "coq" | "rocq" | "isabelle" | "lean" | "smalltalk" => Self::Text,
            _ => Self::Code,
        }
    }
}

/// What the indentation of a line means in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Nothing: marks and words begin and end blocks.
    Free,
    /// A block, behind a line that ends with a colon.
    Colon,
    /// A block of YAML, below a key or within the item of a list.
    Data,
    /// A block, behind lines of many kinds.
    Offside,
    /// A paragraph of a list's item.
    Prose,
}

impl Layout {
    /// What indentation means in documents of a language.
    pub(super) fn of(language: &str) -> Self {
        const COLON: &[&str] =
            &["python", "py", "cython", "starlark", "bazel", "gdscript", "snakemake", "mojo", "xonsh", "nim"];
        const OFFSIDE: &[&str] = &[
            "haskell",
            "hs",
            "elm",
            "purescript",
            "idris",
            "agda",
            "lean",
            "fsharp",
            "coffeescript",
            "livescript",
            "pug",
            "jade",
            "haml",
            "slim",
            "sass",
            "stylus",
            "gherkin",
            "cucumber",
            "feature",
            "robotframework",
        ];
        let is_of = |names: &[&str]| is_one_of(names, language);
        match Kind::of(language) {
            _ if is_of(COLON) => Self::Colon,
            _ if is_of(OFFSIDE) => Self::Offside,
            _ if is_yaml(language) || is_of(&["home-assistant"]) => Self::Data,
            Kind::Markdown | Kind::Text => Self::Prose,
            Kind::Code => Self::Free,
        }
    }
}

/// Whether a language has one of these names.
pub(super) fn is_one_of(names: &[&str], language: &str) -> bool {
    names.iter().any(|name| language.eq_ignore_ascii_case(name))
}

/// The word that code begins with. Blank where it begins with another sign.
pub(super) fn first_word(code: &str) -> &str {
    code.split(|letter| !is_of_word(letter)).next().unwrap_or_default()
}

/// Whether a letter is one of names.
pub(super) fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The names of YAML, and of what is written in it.
pub(super) const YAML: &[&str] = &[
    "yaml",
    "yml",
    "ansible",
    "helm",
    "docker-compose",
    "dockercompose",
    "github-actions-workflow",
    "gitlab-ci",
];

/// Whether a language is YAML, or something written in it.
pub(super) fn is_yaml(language: &str) -> bool {
    is_one_of(YAML, language) || language.starts_with("yaml.")
}

/// Languages in which a value goes on to the end of its line.
pub(super) const VALUES_OF_LINES: &[&str] =
    &["ini", "dosini", "cfg", "conf", "properties", "jproperties", "systemd", "desktop", "dotenv"];
/// Languages whose lines are cells.
pub(super) const CELLS: &[&str] = &["csv", "tsv"];

/// Whether a language is one of names and values, in which a sentence may be a value.
pub(super) fn is_data(language: &str) -> bool {
    const OTHERS: &[&str] = &["systemd-conf", "toml", "deb-control", "debcontrol", "http", "po"];
    is_yaml(language) || [VALUES_OF_LINES, CELLS, OTHERS].iter().any(|names| is_one_of(names, language))
}

/// Languages of the family of Lisp.
pub(super) const LISPS: &[&str] =
    &["lisp", "clojure", "scheme", "racket", "emacs-lisp", "elisp", "commonlisp", "fennel"];
/// JavaScript and what is made into it.
pub(super) const JAVASCRIPT: &[&str] = &[
    "javascript",
    "js",
    "mjs",
    "cjs",
    "jsx",
    "javascriptreact",
    "typescript",
    "ts",
    "tsx",
    "typescriptreact",
];

/// Languages that a block of code may be in where it is not in the document's: what is in one row stands in the same
/// files. The names are those of editors and of fences.
const FAMILIES: &[&[&str]] = &[
    &["rust", "rs"],
    &["python", "py", "python3", "cython"],
    &["go", "golang"],
    &["c", "h", "cpp", "c++", "cc", "hpp", "cuda", "objective-c", "objc", "objective-cpp"],
    &["java"],
    &["kotlin", "kt", "kts"],
    &["csharp", "cs", "c#"],
    &["ruby", "rb"],
    &["swift"],
    &["haskell", "hs"],
    &["lua"],
    &["perl", "pl"],
    &["scala"],
    &["elixir", "ex", "exs"],
    &["zig"],
    &["julia", "jl"],
    &["dart"],
    JAVASCRIPT,
    &["css", "scss", "sass", "less"],
    &["sql", "postgresql", "postgres", "mysql", "sqlite", "plsql", "tsql"],
    &["json", "jsonc", "json5"],
    &["toml"],
    &["shell", "sh", "bash", "zsh", "console", "shellscript", "shellsession", "terminal"],
    &["powershell", "ps1", "pwsh"],
];

/// Whether a block that says it is in one language has no place in a document of another. What is not known may have.
pub(super) fn are_strangers(info: &str, language: &str) -> bool {
    let first = info.split([' ', ',', '{', ':']).next().unwrap_or_default();
    matches!((family(first), family(language)), (Some(one), Some(other)) if one != other)
}

/// Whether two names are names of one language, or of languages that stand in the same files.
pub(super) fn are_kin(name: &str, other: &str) -> bool {
    let is_member = |kin: usize| family(other) == Some(kin);
    !name.is_empty() && name.eq_ignore_ascii_case(other) || family(name).is_some_and(is_member)
}

/// The row of the languages that stand in the same files; each name is in one.
fn family(name: &str) -> Option<usize> {
    FAMILIES.iter().position(|family| family.iter().any(|member| member.eq_ignore_ascii_case(name)))
}

/// Whether a word is a name of a language that fences have.
pub(super) fn is_known(name: &str) -> bool {
    let is = |member: &&str| member.eq_ignore_ascii_case(name);
    FAMILIES.iter().any(|family| family.iter().any(is))
}

/// Whether a backtick may mean something in a language: where it means nothing, a line between two of them is code in
/// Markdown's form.
pub(super) fn has_backticks(language: &str) -> bool {
    const FAMILIES: &[&str] = &[
        "sh",
        "perl",
        "ruby",
        "javascript",
        "go",
        "sql",
        "julia",
        "kotlin",
        "scala",
        "swift",
        "haskell",
        "powershell",
    ];
    const OTHERS: &[&str] = &[
        "php",
        "fish",
        "r",
        "crystal",
        "nim",
        "makefile",
        "make",
        "dockerfile",
        "vue",
        "svelte",
        "astro",
        "verilog",
        "systemverilog",
        "fsharp",
    ];
    FAMILIES.iter().any(|name| are_kin(name, language))
        || is_one_of(OTHERS, language)
        || is_one_of(LISPS, language)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_block_is_a_stranger_only_where_both_languages_are_known() {
        for (info, language, strangers) in [
            ("sh", "rust", true),
            ("py", "rust", true),
            ("Python", "go", true),
            ("rs", "rust", false),
            ("ts", "javascriptreact", false),
            ("rust,ignore", "rust", false),
            ("", "rust", false),
            ("html", "vue", false),
            ("js", "html", false),
            ("bash", "dockerfile", false),
            ("sh", "makefile", false),
            ("x", "rust", false),
        ] {
            assert_eq!(are_strangers(info, language), strangers, "{info} in {language}");
        }
    }
}
