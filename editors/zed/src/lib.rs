//! Tells Zed how to start `litellm-ls`, which it can't be told by settings alone.

use zed_extension_api::{
    self as zed, LanguageServerId, Result, Worktree, serde_json::Value, settings::LspSettings,
};

struct LiteLlm;

impl zed::Extension for LiteLlm {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<zed::Command> {
        let command = worktree.which("litellm-ls").ok_or("litellm-ls is not on the PATH: install it")?;
        Ok(zed::Command { command, args: Vec::new(), env: worktree.shell_env() })
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
