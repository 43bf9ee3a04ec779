-- Where an answer belongs: what a command's range names, or the cursor.
local plain = require('litellm.plain')
local t = require('litellm.language').t

local M = {}

---First and last row and column, from 0, the end exclusive.
---@alias litellm.Range [integer, integer, integer, integer]

---@class litellm.RangeCommand: vim.api.keyset.create_user_command.command_args
---@field by_marks? boolean whether the range was written as `'<,'>`, and so means the selection

---Whether a command means what is selected, and how that was selected; else it means the lines of its range.
---@param command litellm.RangeCommand
---@return string? kind `v`, `V` or CTRL-V
local function selection(command)
  local from, to = vim.fn.getpos("'<")[2], vim.fn.getpos("'>")[2]
  if command.by_marks and from == command.line1 and to == command.line2 then
    return vim.fn.visualmode()
  end
end

---The range of a command: characters where these are selected, else whole lines.
---@param command litellm.RangeCommand
---@return litellm.Range? range
---@return string? problem why there is none
function M.of_command(command)
  local kind = selection(command)
  if kind == '\22' then
    return nil, t('a block can not be replaced: select characters with `v` or lines with `V`')
  elseif kind == 'v' then
    local lines = vim.fn.getregionpos(vim.fn.getpos("'<"), vim.fn.getpos("'>"), { type = 'v', eol = false })
    local first, last = lines[1][1], lines[#lines][2]
    return { first[2] - 1, math.max(first[3] - 1, 0), last[2] - 1, last[3] }
  end
  local first = math.max(command.line1, 1)
  local last = math.min(math.max(command.line2, first), vim.api.nvim_buf_line_count(0))
  return { first - 1, 0, last - 1, #vim.fn.getline(last) }
end

---The text that a command means, blocks too.
---@param command litellm.RangeCommand
---@return string
function M.text_of(command)
  local kind = selection(command)
  if kind then
    local lines = plain.from_vim(vim.fn.getregion(vim.fn.getpos("'<"), vim.fn.getpos("'>"), { type = kind }))
    return table.concat(lines, '\n')
  end
  return table.concat(
    vim.api.nvim_buf_get_lines(0, math.max(command.line1, 1) - 1, command.line2, false),
    '\n'
  )
end

---After the character under the cursor, as `a` begins; in insert mode at the cursor.
---@return litellm.Range
function M.at_cursor()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  if not vim.api.nvim_get_mode().mode:find('^i') then
    col = col + #vim.fn.matchstr(vim.fn.getline(row), '.', col)
  end
  return { row - 1, col, row - 1, col }
end

return M
