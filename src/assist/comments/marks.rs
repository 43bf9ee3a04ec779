//! The marks of comments in each language: the one table of them.

use crate::assist::language::{JAVASCRIPT, LISPS, YAML};

/// What the comments of some languages are written with.
pub(super) struct Marks {
    languages: &'static [&'static str],
    /// What a comment goes on from to the end of its line.
    pub(super) line: &'static [&'static str],
    /// What a comment stands between, or a text that documents.
    pub(super) blocks: &'static [Block],
    /// What another text of several lines stands between.
    pub(super) texts: &'static [Block],
}

/// What something stands between.
pub(in crate::assist) type Block = (&'static str, &'static str);

const SLASH: &[Block] = &[("/*", "*/")];
/// With those of JSX first, which are of code beside their comment.
const SCRIPT: &[Block] = &[("{/*", "*/}"), ("/*", "*/"), ("<!--", "-->")];
const MARKUP: &[Block] = &[("<!--", "-->")];
const DASHES: &[Block] = &[("{-", "-}")];
const QUOTES: &[Block] = &[("\"\"\"", "\"\"\""), ("'''", "'''")];

const fn marks(
    languages: &'static [&'static str],
    line: &'static [&'static str],
    blocks: &'static [Block],
    texts: &'static [Block],
) -> Marks {
    Marks { languages, line, blocks, texts }
}

const MARKS: &[Marks] = &[
    marks(
        &[
            "python",
            "py",
            "python3",
            "cython",
            "starlark",
            "bazel",
            "gdscript",
            "snakemake",
            "mojo",
            "xonsh",
            "graphql",
            "elixir",
            "ex",
            "exs",
            "julia",
            "jl",
            "nim",
        ],
        &["#"],
        QUOTES,
        &[],
    ),
    marks(YAML, &["#"], &[], &[]),
    marks(&["toml"], &["#"], &[], QUOTES),
    marks(
        &["dockerfile", "makefile", "make", "cmake", "just", "dotenv", "gherkin", "coffeescript"],
        &["#"],
        &[],
        &[],
    ),
    marks(&["shell", "sh", "bash", "zsh", "fish", "shellscript", "tcl", "awk"], &["#"], &[], &[]),
    marks(&["powershell", "ps1", "pwsh"], &["#"], &[("<#", "#>")], &[]),
    marks(&["ruby", "rb"], &["#"], &[("=begin", "=end")], &[]),
    marks(&["crystal", "perl", "pl", "nginx", "caddyfile"], &["#"], &[], &[]),
    marks(&["r"], &["#'", "#"], &[], &[]),
    marks(&["fortran", "fortranfreeform", "fortran-modern"], &["!"], &[], &[]),
    marks(&["nix"], &["#"], SLASH, &[]),
    marks(&["terraform", "hcl"], &["#", "//"], SLASH, &[]),
    marks(&["php"], &["#", "//"], &[("/*", "*/"), ("<!--", "-->")], &[]),
    marks(&["ini", "dosini", "conf", "cfg", "properties", "systemd"], &["#", ";"], &[], &[]),
    marks(&["sql", "postgresql", "postgres", "mysql", "sqlite", "plsql", "tsql"], &["--"], SLASH, &[]),
    marks(&["lua"], &["--"], &[("--[[", "]]")], &[("[[", "]]")]),
    marks(&["haskell", "hs", "elm", "purescript", "idris", "agda"], &["--"], DASHES, &[]),
    marks(&["vim", "viml"], &["\""], &[], &[]),
    marks(&["ada", "vhdl"], &["--"], &[], &[]),
    marks(LISPS, &[";"], &[("#|", "|#")], &[]),
    marks(&["erlang", "prolog", "latex", "tex"], &["%"], &[], &[]),
    marks(&["matlab", "octave"], &["%"], &[("%{", "%}")], &[]),
    marks(&["html", "xml", "svg", "markdown", "md"], &[], MARKUP, &[]),
    marks(&["css"], &[], SLASH, &[]),
    marks(&["json", "csv", "tsv"], &[], &[], &[]),
    marks(&["ocaml"], &[], &[("(*", "*)")], &[]),
    marks(&["fsharp"], &["//"], &[("(*", "*)")], QUOTES),
    marks(JAVASCRIPT, &["//"], SCRIPT, &[]),
    marks(&["vue", "svelte", "astro"], &["//"], SCRIPT, &[]),
    marks(
        &["java", "kotlin", "kt", "kts", "scala", "swift", "csharp", "cs", "c#", "groovy", "dart"],
        &["//"],
        SLASH,
        QUOTES,
    ),
    marks(
        &[
            "rust",
            "rs",
            "go",
            "golang",
            "c",
            "h",
            "cpp",
            "c++",
            "cc",
            "hpp",
            "cuda",
            "objective-c",
            "objc",
            "objective-cpp",
            "zig",
            "scss",
            "less",
            "jsonc",
            "json5",
            "proto",
            "verilog",
            "systemverilog",
            "glsl",
            "typst",
        ],
        &["//"],
        SLASH,
        &[],
    ),
];
/// A language that is not known: its comments begin lines, and have a blank behind marks that code begins with too.
const UNKNOWN: Marks = marks(
    &[],
    &["//", "# ", "-- ", "; ", ";; ", "% "],
    &[("{/*", "*/}"), ("/*", "*/"), ("<!--", "-->"), ("\"\"\"", "\"\"\""), ("'''", "'''")],
    &[],
);

impl Marks {
    /// The marks of a language, or of any where it is not known.
    pub(super) fn of(language: &str) -> &'static Self {
        let find = |name: &str| {
            MARKS.iter().find(|marks| marks.languages.iter().any(|one| one.eq_ignore_ascii_case(name)))
        };
        // `yaml.ansible`
        let first = language.split('.').next().unwrap_or_default();
        find(language).or_else(|| find(first)).unwrap_or(&UNKNOWN)
    }

    /// Whether they are those of any language.
    pub(super) fn is_unknown(&self) -> bool {
        self.languages.is_empty()
    }
}
