-- `:LiteLLM`: one command, its subcommands in a table; each loads its module when it is used.
local notify = require('litellm.notify')
local t = require('litellm.language').t

local M = {}

---@class litellm.Command
---@field impl fun(command: litellm.RangeCommand, argument: string)
---@field complete? fun(): string[]

---@type table<string, litellm.Command>
local COMMANDS = {
  configure = {
    impl = function()
      require('litellm.configure').run()
    end,
  },
  install = {
    impl = function()
      require('litellm.install').run()
    end,
  },
  models = {
    impl = function(command, argument)
      require('litellm.models').run(argument, command.bang)
    end,
    complete = function()
      return require('litellm.models').ids()
    end,
  },
  complete = {
    impl = function(command, argument)
      require('litellm.edit').run(command, argument, command.range == 0)
    end,
  },
  edit = {
    impl = function(command, argument)
      require('litellm.edit').edit(command, argument)
    end,
  },
  prompt = {
    impl = function(command, argument)
      require('litellm.prompts').run(command, argument)
    end,
    complete = function()
      return require('litellm.prompts').names()
    end,
  },
  chat = {
    impl = function(command, argument)
      require('litellm.chat').open(command, argument)
    end,
  },
  chats = {
    impl = function()
      require('litellm.chat.resume').choose()
    end,
  },
  cancel = {
    impl = function()
      local count = require('litellm.client').cancel()
      notify.info(count == 0 and t('nothing is running') or t('cancelled'))
    end,
  },
  accept = {
    impl = function()
      require('litellm.review').accept()
    end,
  },
  reject = {
    impl = function()
      require('litellm.review').reject()
    end,
  },
  ghost = {
    impl = function()
      require('litellm.inline').toggle()
    end,
  },
  last = {
    impl = function()
      require('litellm.page').again()
    end,
  },
  status = {
    impl = function()
      require('litellm.status').show()
    end,
  },
  usage = {
    impl = function()
      require('litellm.usage').show()
    end,
  },
  proxy = {
    impl = function(_, argument)
      require('litellm.proxy').run(argument)
    end,
    complete = function()
      return require('litellm.proxy').words()
    end,
  },
  log = {
    impl = function()
      require('litellm.log').show()
    end,
  },
}

---Words that begin like this, then those that have it within them.
---@param part string
---@param words string[]
local function matching(part, words)
  local begin, within = {}, {}
  for _, word in ipairs(words) do
    local at = word:lower():find(part:lower(), 1, true)
    if at then
      table.insert(at == 1 and begin or within, word)
    end
  end
  table.sort(begin)
  table.sort(within)
  return vim.list_extend(begin, within)
end

---Runs a subcommand; without one, `status`.
---@param command litellm.RangeCommand
function M.run(command)
  local name, argument = command.args:match('^(%S*)%s*(.-)$')
  local chosen = COMMANDS[name == '' and 'status' or name]
  if not chosen then
    return notify.warn(
      t('`{0}` is none of: {1}', name, table.concat(matching('', vim.tbl_keys(COMMANDS)), ', '))
    )
  end
  chosen.impl(command, argument)
end

---What may follow on the command line.
---@param beginning string the word under the cursor
---@param line string
---@return string[]
function M.candidates(beginning, line)
  local name = line:match('LiteLLM!?%s+(%S+)%s')
  if not name then
    return matching(beginning, vim.tbl_keys(COMMANDS))
  end
  local complete = vim.tbl_get(COMMANDS, name, 'complete')
  return complete and matching(beginning, complete()) or {}
end

return M
