-- What is folded in a chat: reasoning, and the texts of context lines.
local text = require('litellm.chat.text')
local t = require('litellm.language').t

local M = {}

local QUOTE = ('>'):byte()

---The levels of the lines of each buffer that are in a fold, by its text.
---@type table<integer, { tick: integer, levels: table<integer, string|integer> }>
local known = {}

---@param buffer integer
---@return table<integer, string|integer>
local function levels_of(buffer)
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  if not known[buffer] or known[buffer].tick ~= tick then
    local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
    local levels, last = {}, 0
    for number, line in ipairs(lines) do
      local fold = line:byte() == QUOTE
        and (text.reasoning_end(lines, number) or text.context_end(lines, number))
      last = fold or last
      levels[number] = fold and '>1' or number <= last and 1 or nil
    end
    known[buffer] = { tick = tick, levels = levels }
  end
  return known[buffer].levels
end

---`foldexpr`. Each line has its level: behind one that has that of the line before, Neovim asks again of all lines before.
---@return string|integer
function M.level()
  return levels_of(vim.api.nvim_get_current_buf())[vim.v.lnum] or 0
end

---`foldtext`: the first line, and how much is below it.
---@return string
function M.text()
  local line = vim.fn.getline(vim.v.foldstart) --[[@as string]]
  local count = vim.v.foldend - vim.v.foldstart
  if line == text.REASONING then
    return t('▸ reasoning · {0} lines', count)
  end
  return t('▸ {0} · {1} lines', line:sub(3), math.max(count - 3, 1))
end

---@param buffer integer
function M.forget(buffer)
  known[buffer] = nil
end

return M
