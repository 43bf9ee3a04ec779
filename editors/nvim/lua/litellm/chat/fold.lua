-- What is folded in a chat: reasoning, and the texts of context lines.
local text = require('litellm.chat.text')

local M = {}

---The folds of each buffer, by its text: first and last lines.
---@type table<integer, { tick: integer, folds: table<integer, integer> }>
local known = {}

---@param buffer integer
---@return table<integer, integer> last line of a fold by its first
local function folds_of(buffer)
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  if not known[buffer] or known[buffer].tick ~= tick then
    local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
    local folds = {}
    for number = 1, #lines do
      folds[number] = vim.startswith(lines[number], '>')
          and (text.reasoning_end(lines, number) or text.context_end(lines, number))
        or nil
    end
    known[buffer] = { tick = tick, folds = folds }
  end
  return known[buffer].folds
end

---`foldexpr`.
---@return string|integer
function M.level()
  local folds = folds_of(vim.api.nvim_get_current_buf())
  if folds[vim.v.lnum] then
    return '>1'
  end
  for _, last in pairs(folds) do
    if last == vim.v.lnum then
      return '<1'
    end
  end
  return '='
end

---`foldtext`: the first line, and how much is below it.
---@return string
function M.text()
  local line = vim.fn.getline(vim.v.foldstart)
  local count = vim.v.foldend - vim.v.foldstart
  if line == text.REASONING then
    return ('▸ reasoning · %d lines'):format(count)
  end
  return ('▸ %s · %d lines'):format(line:sub(3), math.max(count - 3, 1))
end

---@param buffer integer
function M.forget(buffer)
  known[buffer] = nil
end

return M
