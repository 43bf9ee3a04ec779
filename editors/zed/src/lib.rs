//! Tells Zed how to start `litellm-ls`, which it can't be told by settings alone.

use zed_extension_api::{
    self as zed, LanguageServerId, Result, Worktree, serde_json::Value, settings::LspSettings,
};

struct LiteLlm;

impl zed::Extension for LiteLlm {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<zed::Command> {
        // Zed leaves it to extensions to mind what its settings say of the program.
        let said = LspSettings::for_worktree(server.as_ref(), worktree)?.binary;
        let (path, arguments) = said.map(|said| (said.path, said.arguments)).unwrap_or_default();
        let command = path.or_else(|| worktree.which("litellm-ls"));
        let command = command.ok_or("litellm-ls is not on the PATH: install it")?;
        Ok(zed::Command { command, args: arguments.unwrap_or_default(), env: worktree.shell_env() })
    }

    fn language_server_initialization_options(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        Ok(LspSettings::for_worktree(server.as_ref(), worktree)?.initialization_options)
    }
}

zed::register_extension!(LiteLlm);
