//! What CR alone is in a text: LSP says a line end, and not every editor counts lines so.

/// What CR alone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::server) enum Cr {
    /// A line end, as LSP has it.
    #[default]
    End,
    /// A line end where there is no other one: Neovim has a file format with CR, and files with a CR amid a line.
    EndAlone,
    /// A letter as any other.
    Letter,
}

impl Cr {
    /// What an editor takes it for, by the name of the client in lower case; nothing else tells.
    pub(in crate::server) fn of(client: &str) -> Self {
        match client {
            "neovim" => Self::EndAlone,
            // Helix 25.01; Eglot, lsp-mode and ours; Kakoune, whose buffers end lines with LF alone.
            "helix" | "eglot" | "emacs" | "kak-lsp" | "kakoune-lsp" => Self::Letter,
            _ => Self::End,
        }
    }

    /// Whether it ends no line in a text.
    pub(in crate::server) fn is_a_letter(self, has_lf: impl FnOnce() -> bool) -> bool {
        match self {
            Self::End => false,
            Self::EndAlone => has_lf(),
            Self::Letter => true,
        }
    }
}
