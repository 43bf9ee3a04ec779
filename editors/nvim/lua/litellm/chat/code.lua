-- The code in a chat: yanked, or put into the file that the question was about.
local notify = require('litellm.notify')
local plain = require('litellm.plain')
local text = require('litellm.chat.text')
local t = require('litellm.language').t

local M = {}

---The code at the cursor, else the last of an answer; says where there is none.
---@return string[]? code
---@return integer? line
local function code_here()
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  local code, line = text.code(lines, vim.api.nvim_win_get_cursor(0)[1])
  if not code then
    notify.info(t('no answer of this chat has code yet'))
  end
  return code, line
end

---Yanks the code at the cursor into the register that was named.
function M.yank()
  local code = code_here()
  if code then
    vim.fn.setreg(vim.v.register, vim.tbl_map(plain.for_vim, code), 'l')
    notify.info(#code == 1 and t('yanked 1 line') or t('yanked {0} lines', #code))
  end
end

---What the question before a line was about: the last of its context lines that names a range, else any.
---@param line integer
---@return litellm.Context?
---@return string[]? sent its text, as it stood when it was sent; none where nothing was sent yet
local function context_before(line)
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  local found, sent ---@type litellm.Context?, string[]?
  for number = line, 1, -1 do
    if text.role(lines[number]) == 'user' then
      break
    end
    local context = require('litellm.chat.context').at(vim.api.nvim_get_current_buf(), number)
    if context and not context.diagnostics and (not found or (context.first and not found.first)) then
      local last = text.context_end(lines, number)
      found, sent = context, last and vim.list_slice(lines, number + 3, last - 1) or nil
    end
  end
  return found, sent
end

---Where the code goes: in the place of the text that the question named, as long as that is unchanged, else to the cursor
---of the window that was left last.
---@param line integer
---@param source? integer
---@return integer? buffer
---@return litellm.Range? range
local function target(line, source)
  local context, sent = context_before(line)
  if context and context.first and context.last then
    local now = vim.api.nvim_buf_get_lines(context.buffer, context.first - 1, context.last, false)
    if vim.deep_equal(now, sent) then
      return context.buffer, { context.first - 1, 0, context.last - 1, #now[#now] }
    end
  end
  local buffer = context and context.buffer or source
  if not buffer or not vim.api.nvim_buf_is_loaded(buffer) then
    return nil
  end
  local window = vim.fn.bufwinid(buffer)
  local row = window ~= -1 and vim.api.nvim_win_get_cursor(window)[1]
    or vim.api.nvim_buf_get_mark(buffer, '"')[1]
  row = math.max(1, math.min(row, vim.api.nvim_buf_line_count(buffer)))
  local length = #vim.api.nvim_buf_get_lines(buffer, row - 1, row, false)[1]
  return buffer, { row - 1, length, row - 1, length }
end

---Writes the code at the cursor into the file, as a diff to accept or reject.
---@param source? integer the buffer that the chat was opened from
function M.apply(source)
  local code, line = code_here()
  if not code or not line then
    return
  end
  local buffer, range = target(line, source)
  if not buffer or not range then
    return notify.warn(
      t('no file to write into: name one by a line such as `> calc.py:8-12`, or yank with gy')
    )
  elseif not require('litellm.edit').can_write(buffer) then
    return
  end
  local original =
    table.concat(vim.api.nvim_buf_get_text(buffer, range[1], range[2], range[3], range[4], {}), '\n')
  if original == table.concat(code, '\n') then
    return notify.info(t('this code stands there already'))
  end
  local lines = vim.deepcopy(code)
  if original == '' and range[2] > 0 then
    -- Below the line of the cursor, not behind it.
    table.insert(lines, 1, '')
  end
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    vim.cmd('aboveleft split')
    vim.api.nvim_win_set_buf(0, buffer)
    window = vim.api.nvim_get_current_win()
  end
  vim.api.nvim_set_current_win(window)
  vim.cmd('let &l:undolevels = &l:undolevels')
  vim.api.nvim_buf_set_text(buffer, range[1], range[2], range[3], range[4], lines)
  local end_row = range[1] + #lines - 1
  local end_col = (#lines == 1 and range[2] or 0) + #lines[#lines]
  vim.api.nvim_win_set_cursor(window, { math.min(range[1] + 1, vim.api.nvim_buf_line_count(buffer)), 0 })
  require('litellm.review').begin(
    buffer,
    { range[1], range[2], end_row, end_col },
    original,
    t('from the chat')
  )
end

return M
