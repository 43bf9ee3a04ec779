-- Questions about a place in a text: `:LiteLLM complete`, `edit` and `prompt`, and the server's code actions.
local notify = require('litellm.notify')
local place = require('litellm.place')
local plain = require('litellm.plain')
local protocol = require('litellm.protocol')
local session = require('litellm.session')
local task = require('litellm.task')

local M = {}

---What to do: in the user's words, as one of the server's tasks, or as a prompt of the settings.
---@class litellm.What
---@field instruction? string
---@field task? litellm.EditTask
---@field prompt? string

---Whether an answer can be written into a buffer; says why not.
---@param buffer integer
---@return boolean
function M.can_write(buffer)
  if vim.bo[buffer].modifiable then
    return true
  end
  notify.warn('this buffer can not be changed: `:set modifiable` first')
  return false
end

---@param buffer integer
---@param range litellm.Range
---@return string[]
local function diagnostics(buffer, range)
  local found = vim.tbl_filter(function(one)
    return one.lnum <= range[3] and (one.end_lnum or one.lnum) >= range[1]
  end, vim.diagnostic.get(buffer))
  return vim.tbl_map(function(one)
    return one.message
  end, found)
end

---A place as the server takes it: with the text as it stands in the buffer, saved or not.
---@param buffer integer
---@param range litellm.Range
---@param what litellm.What
---@return litellm.EditParams
local function params_of(buffer, range, what)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local encoding = require('litellm.client').encoding()
  local function position(row, col)
    return { line = row, character = vim.str_utfindex(lines[row + 1] or '', encoding, col, false) }
  end
  local name = vim.api.nvim_buf_get_name(buffer)
  local language = vim.bo[buffer].filetype
  return vim.tbl_extend('error', what, {
    textDocument = {
      uri = name ~= '' and vim.uri_from_bufnr(buffer) or ('untitled:buffer-%d'):format(buffer),
      languageId = language ~= '' and language or 'text',
      text = table.concat(lines, '\n') .. (vim.bo[buffer].endofline and '\n' or ''),
    },
    range = { start = position(range[1], range[2]), ['end'] = position(range[3], range[4]) },
    diagnostics = diagnostics(buffer, range),
  })
end

---What a question will be put to, and its price as far as that is known.
---@param dry litellm.EditResult
---@return string
local function before(dry)
  local words = { plain.line(dry.model) }
  if dry.estimatedInputTokens then
    table.insert(words, ('~%s tokens in'):format(require('litellm.chat.bar').size(dry.estimatedInputTokens)))
  end
  if dry.estimatedCost then
    table.insert(words, '~' .. session.money(dry.estimatedCost))
  end
  return table.concat(words, ' · ')
end

---What the question would be, and what it would cost: no model is asked. Says what is wrong.
---@param params litellm.EditParams
---@return litellm.EditResult?
local function dry_run(params)
  local error, dry = task.request(protocol.methods.edit, vim.tbl_extend('force', params, { dryRun = true }))
  if error then
    return notify.error(error)
  end
  return dry
end

---Asks about a place, and does with the answer what the server says. Only inside `task.start`.
---@param buffer integer
---@param range litellm.Range
---@param what litellm.What
---@param dry? litellm.EditResult what is known already
function M.ask(buffer, range, what, dry)
  local params = params_of(buffer, range, what)
  dry = dry or dry_run(params)
  if not dry then
    return
  end
  local writes = dry.place ~= 'page'
  if writes and not M.can_write(buffer) then
    return
  end
  require('litellm.answer').write(params, {
    buffer = buffer,
    range = range,
    edit = true,
    silent = not writes,
    note = before(dry),
    retry = function()
      M.start(buffer, range, what)
    end,
  })
end

---The range of a command, or the cursor; says why there is none.
---@param command litellm.RangeCommand
---@return litellm.Range?
local function range_of(command)
  if command.range == 0 then
    return place.at_cursor()
  end
  local range, problem = place.of_command(command)
  if not range then
    notify.warn(problem or '')
  end
  return range
end

---Asks about the place of a command, in the words that follow it; without these it asks for them where they are needed.
---@param command litellm.RangeCommand
---@param instruction string
---@param must_say boolean whether nothing can be asked without words
function M.run(command, instruction, must_say)
  local buffer = vim.api.nvim_get_current_buf()
  if not M.can_write(buffer) then
    return
  end
  local range = range_of(command)
  if not range then
    return
  end
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  task.start(function()
    local dry
    instruction = vim.trim(instruction)
    if instruction == '' and must_say then
      dry = dry_run(params_of(buffer, range, { instruction = '…' }))
      local typed = dry and task.input(('Ask %s: '):format(before(dry)))
      if not typed or vim.trim(typed) == '' then
        return
      end
      instruction = vim.trim(typed)
    end
    if not vim.api.nvim_buf_is_loaded(buffer) or vim.api.nvim_buf_get_changedtick(buffer) ~= tick then
      return notify.warn('the text has changed meanwhile: ask again')
    end
    M.ask(buffer, range, { instruction = instruction ~= '' and instruction or nil }, dry)
  end)
end

---Rewrites a range, or the current line, as the words say.
---@param command litellm.RangeCommand
---@param instruction string
function M.edit(command, instruction)
  if command.range == 0 then
    local line = vim.fn.line('.')
    command = vim.tbl_extend('force', command, { range = 2, line1 = line, line2 = line })
  end
  M.run(command, instruction, true)
end

---Asks about a place, as a code action does.
---@param buffer integer
---@param range litellm.Range
---@param what litellm.What
function M.start(buffer, range, what)
  if vim.api.nvim_get_current_buf() == buffer and vim.api.nvim_get_mode().mode:find('^[vV\22]') then
    -- What was selected is asked about, and the keys of the answer are those of normal mode.
    vim.cmd.normal({ '\27', bang = true })
  end
  task.start(function()
    M.ask(buffer, range, what)
  end)
end

return M
