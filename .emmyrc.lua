-- How the types of Lua are checked: `scripts/lint/run types`, which brings Neovim's own, and EmmyLua's language server.
return {
  runtime = {
    version = 'LuaJIT',
  },
  workspace = {
    workspaceRoots = { 'editors/nvim/lua', 'protocol/clients/lua' },
    library = { 'target/lint/nvim/runtime/lua', 'scripts/lint/lua' },
    ignoreDir = { 'target' },
    ignoreGlobs = { 'scripts/lint/wrong.lua' },
  },
  -- An item of a list is there: most numbers of items come from a loop or from `#`.
  strict = { arrayIndex = false },
  diagnostics = {
    severity = { deprecated = 'warning' },
    enables = { 'unknown-doc-tag' },
    disable = {
      -- It does not see what a function writes that was called meanwhile, and calls a condition on that needless.
      'unnecessary-if',
    },
  },
}
