-- The settings of the plugin: `vim.g.litellm`, read and checked at each use.
local t = require('litellm.language').t

local M = {}

---@class (exact) litellm.Config
---The program, with arguments. Default: `litellm-ls` on PATH, else the one that `:LiteLLM install`
---has brought, else the one built in this repository.
---@field cmd? string|string[]
---Whether this Neovim shares one server with your other editors, as far as they are set so too. Default: false.
---@field shared? boolean
---Settings of the server, as `provider/configure` takes them. Give keys as references, for Neovim may log these.
---@field settings? litellm.ConfigureParams
---Ghost text while typing, on or with options. Default off, since it sends code while you type.
---@field inline? boolean|litellm.InlineOptions
---Whether what a model has written is shown as a `diff` to accept or reject (the default), or stands `at once`.
---@field edits? 'diff'|'at once'
---Where lists are shown: `snacks`, `telescope`, `fzf-lua`, `mini.pick`, `select` (`vim.ui.select`) or `window` (one of
---ours). Default `auto`: the first of these that is installed.
---@field picker? string

local KNOWN = {
  cmd = { 'string', 'table' },
  shared = { 'boolean' },
  settings = { 'table' },
  inline = { 'boolean', 'table' },
  edits = { 'string' },
  picker = { 'string' },
}

---@type table<string, true>
local warned = {}

---What is wrong in a table of settings, one sentence each.
---@param given table
---@return string[]
local function check(given)
  local problems = {}
  for name, value in vim.spairs(given) do
    local types = KNOWN[name]
    if not types then
      local nearest = vim.fn.matchfuzzy(vim.tbl_keys(KNOWN), name)[1]
      table.insert(
        problems,
        nearest and t('vim.g.litellm has no setting `{0}`: did you mean `{1}`?', name, nearest)
          or t('vim.g.litellm has no setting `{0}`', name)
      )
    elseif not vim.list_contains(types, type(value)) then
      table.insert(problems, t('vim.g.litellm.{0} must be a {1}', name, table.concat(types, t(' or a '))))
    end
  end
  return problems
end

---What is wrong in the settings.
---@return string[]
function M.problems()
  local given = vim.g.litellm or {}
  return type(given) == 'table' and check(given) or { t('vim.g.litellm must be a table') }
end

---The settings that can be used; what can't is named once.
---@return litellm.Config
function M.get()
  for _, problem in ipairs(M.problems()) do
    if not warned[problem] then
      warned[problem] = true
      vim.notify('LiteLLM: ' .. problem, vim.log.levels.WARN)
    end
  end
  local given = type(vim.g.litellm) == 'table' and vim.g.litellm or {}
  local usable = {}
  for name, types in pairs(KNOWN) do
    if vim.list_contains(types, type(given[name])) then
      usable[name] = given[name]
    end
  end
  return usable
end

return M
