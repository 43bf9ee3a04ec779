//! What editors do otherwise than the protocol says, by the name of the client: nothing else tells.

/// What an editor does otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Quirks {
    pub(super) cr: Cr,
    /// Whether what it sends may overtake a change that it made before.
    pub(super) overtakes: bool,
    /// Whether it moves the focus to every document that it shows, whatever it is asked.
    pub(super) always_takes_focus: bool,
}

/// What CR alone is in a text: LSP says a line end, and not every editor counts lines so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Cr {
    /// A line end, as LSP has it.
    #[default]
    End,
    /// A line end where there is no other one: Neovim has a file format with CR, and files with a CR amid a line.
    EndAlone,
    /// A letter as any other.
    Letter,
}

impl Quirks {
    /// Those of the client of this name.
    pub(super) fn of(client: &str) -> Self {
        let only = |cr| Self { cr, ..Self::default() };
        match client.to_lowercase().as_str() {
            // 25.01.
            "helix" => Self { cr: Cr::Letter, overtakes: true, always_takes_focus: true },
            "neovim" => only(Cr::EndAlone),
            // Eglot, lsp-mode and ours; Kakoune, whose buffers end lines with LF alone.
            "eglot" | "emacs" | "kak-lsp" | "kakoune-lsp" => only(Cr::Letter),
            _ => Self::default(),
        }
    }
}

impl Cr {
    /// Whether it ends no line in a text.
    pub(super) fn is_a_letter(self, has_lf: impl FnOnce() -> bool) -> bool {
        match self {
            Self::End => false,
            Self::EndAlone => has_lf(),
            Self::Letter => true,
        }
    }
}
