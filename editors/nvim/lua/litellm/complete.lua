-- `:LiteLLM complete`: writes at the cursor, or in place of a range.
local M = {}

local SYSTEM = 'Your answer is inserted into a %s file as it is: answer with that text only, '
  .. 'with no explanation and no Markdown fence around it.'

---The range of a command: characters where it is the one selected that way, else whole lines.
---@param command vim.api.keyset.create_user_command.command_args
---@return [integer, integer, integer, integer]
local function selected(command)
  local from, to = vim.fn.getpos("'<"), vim.fn.getpos("'>")
  if vim.fn.visualmode() == 'v' and from[2] == command.line1 and to[2] == command.line2 then
    local lines = vim.fn.getregionpos(from, to, { type = 'v', eol = false })
    local first, last = lines[1][1], lines[#lines][2]
    return { first[2] - 1, math.max(first[3] - 1, 0), last[2] - 1, last[3] }
  end
  return { command.line1 - 1, 0, command.line2 - 1, #vim.fn.getline(command.line2) }
end

---After the character under the cursor; in insert mode at the cursor.
local function at_cursor()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  if not vim.api.nvim_get_mode().mode:find('^i') then
    col = col + #vim.fn.matchstr(vim.fn.getline(row), '.', col)
  end
  return { row - 1, col, row - 1, col }
end

---@param command vim.api.keyset.create_user_command.command_args
---@param prompt string
function M.run(command, prompt)
  if not vim.bo.modifiable then
    return require('litellm.notify').warn('this buffer can not be changed')
  end
  local buffer = vim.api.nvim_get_current_buf()
  local range = command.range > 0 and selected(command) or at_cursor()
  local text =
    table.concat(vim.api.nvim_buf_get_text(buffer, range[1], range[2], range[3], range[4], {}), '\n')
  if prompt ~= '' and text ~= '' then
    prompt = prompt .. '\n\n' .. text
  elseif prompt == '' then
    prompt = text
  end
  local filetype = vim.bo.filetype ~= '' and vim.bo.filetype or 'text'
  local system = require('litellm.config').get().system or SYSTEM:format(filetype)
  require('litellm.task').start(function()
    if vim.trim(prompt) == '' then
      prompt = require('litellm.task').input('Ask the model: ') or ''
    end
    if vim.trim(prompt) ~= '' then
      local params = { prompt = prompt, system = system ~= '' and system or nil }
      require('litellm.answer').write(params, { buffer = buffer, range = range })
    end
  end)
end

return M
