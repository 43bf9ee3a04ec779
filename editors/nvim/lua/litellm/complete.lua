-- `:LiteLLM complete`: writes at the cursor, or in place of a range.
local notify = require('litellm.notify')
local place = require('litellm.place')
local task = require('litellm.task')

local M = {}

local SYSTEM = 'Your answer is inserted into a %s file as it is, in the place of the selection: answer with that text '
  .. 'only, with no explanation and no Markdown fence around it. Keep the indentation and the style of the file.'

---How many bytes of the text around the place go along.
local CONTEXT_BYTES = 16000

---The text on one side of the place, cut where a line begins.
---@param lines string[]
---@param from_end boolean whether the end of it is nearer to the place
local function near(lines, from_end)
  local text = table.concat(lines, '\n')
  if #text <= CONTEXT_BYTES / 2 then
    return text
  end
  local kept = from_end and text:sub(-CONTEXT_BYTES / 2) or text:sub(1, CONTEXT_BYTES / 2)
  return from_end and kept:match('\n(.*)') or kept:match('(.*)\n') or ''
end

---The text around a place, and in it.
---@param buffer integer
---@param range litellm.Range
---@return litellm.Surroundings
local function surroundings(buffer, range)
  local function text(row, col, end_row, end_col)
    return vim.api.nvim_buf_get_text(buffer, row, col, end_row, end_col, {})
  end
  local selected = table.concat(text(unpack(range)), '\n')
  return {
    language = vim.bo[buffer].filetype ~= '' and vim.bo[buffer].filetype or 'text',
    selection = selected ~= '' and selected or nil,
    before = near(text(0, 0, range[1], range[2]), true),
    after = near(text(range[3], range[4], -1, -1), false),
  }
end

---The question: the file's name, the text around the place, what is in it, and what to do.
---@param buffer integer
---@param around litellm.Surroundings
---@param prompt string
local function question(buffer, around, prompt)
  local selected = around.selection or ''
  if prompt == '' then
    prompt = selected == '' and 'Write what belongs at the empty selection, between before and after.'
      or 'The selection says what to write in its place.'
  end
  local name = vim.fs.basename(vim.api.nvim_buf_get_name(buffer))
  return ('The file is `%s` (%s).\n\n<before>\n%s</before>\n\n<selection>\n%s</selection>\n\n<after>\n%s</after>\n\n%s'):format(
    name ~= '' and name or 'unnamed',
    around.language,
    around.before,
    selected,
    around.after,
    prompt
  )
end

---Asks about a place in a buffer, and writes the answer there.
---@param buffer integer
---@param range litellm.Range
---@param prompt string empty to write on
function M.ask(buffer, range, prompt)
  local around = surroundings(buffer, range)
  local system = require('litellm.config').get().system or SYSTEM:format(around.language)
  local params = { prompt = question(buffer, around, prompt), system = system ~= '' and system or nil }
  require('litellm.answer').write(params, { buffer = buffer, range = range, around = around })
end

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

---@param command litellm.RangeCommand
---@param prompt string
function M.run(command, prompt)
  local buffer = vim.api.nvim_get_current_buf()
  if not M.can_write(buffer) then
    return
  end
  local range, problem = place.at_cursor(), nil
  if command.range > 0 then
    range, problem = place.of_command(command)
  end
  if not range then
    return notify.warn(problem or '')
  end
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  task.start(function()
    if vim.trim(prompt) == '' and command.range == 0 then
      local typed = task.input('Ask the model: ')
      if not typed or vim.trim(typed) == '' then
        return
      end
      prompt = typed
    end
    if not require('litellm.fit').may_send(buffer) then
      return
    end
    if not vim.api.nvim_buf_is_loaded(buffer) or vim.api.nvim_buf_get_changedtick(buffer) ~= tick then
      return notify.warn('the text has changed meanwhile: ask again')
    end
    M.ask(buffer, range, vim.trim(prompt))
  end)
end

---Writes on at the cursor, as the code action does.
---@param buffer integer
function M.here(buffer)
  if not M.can_write(buffer) then
    return
  end
  local range, tick = place.at_cursor(), vim.api.nvim_buf_get_changedtick(buffer)
  task.start(function()
    if require('litellm.fit').may_send(buffer) and vim.api.nvim_buf_get_changedtick(buffer) == tick then
      M.ask(buffer, range, '')
    end
  end)
end

return M
