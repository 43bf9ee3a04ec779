-- What a question is about: lines such as `> calc.py:8-12`, below which the text that they name is put when it is sent.
local t = require('litellm.language').t

local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.chat.context')

---No text has more lines.
local LAST = 2147483647

---The places that the lines of a chat mean, by its buffer and the mark of the line; each with what stands in the line.
---@type table<integer, table<integer, { name: string, held: litellm.Held }>>
local meant = {}

---@class litellm.Context
---@field name string as it stands in the line
---@field buffer integer
---@field first? integer the first of the lines that it names
---@field last? integer the last of them; there with the first
---@field diagnostics? boolean whether what is wrong in the file is meant, and not its text
---@field is_gone? boolean whether the place that was meant is not there any more

---The line for a range of a buffer.
---@param buffer integer
---@param first integer
---@param last integer
---@return string
function M.line(buffer, first, last)
  local name = M.name(buffer)
  return first == last and ('> %s:%d'):format(name, first) or ('> %s:%d-%d'):format(name, first, last)
end

---How a buffer is called here: by its path from the folder that one works in, where a line can say that.
---@param buffer integer
---@return string
function M.name(buffer)
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':.')
  local can_stand = name ~= '' and name == vim.trim(name) and not name:find('\n')
  return can_stand and name or ('buffer %d'):format(buffer)
end

---The buffer that a name means: one that is open, else a file.
---@param name string
---@return integer?
local function buffer_of(name)
  local number = name:match('^buffer (%d+)$')
  if number then
    return vim.api.nvim_buf_is_loaded(tonumber(number) --[[@as integer]]) and tonumber(number) or nil
  end
  local path = vim.fn.fnamemodify(name, ':p')
  local open = vim.iter(vim.api.nvim_list_bufs()):find(function(buffer)
    return vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer) == path
  end)
  local stat = not open and vim.uv.fs_stat(path)
  if stat and stat.type == 'file' then
    open = vim.fn.bufadd(path)
    -- It is to be read: that another Neovim was killed on it is no question now.
    local shortmess = vim.o.shortmess
    vim.opt.shortmess:append('A')
    pcall(vim.fn.bufload, open)
    vim.o.shortmess = shortmess
    open = vim.api.nvim_buf_is_loaded(open) and open or nil
  end
  return open
end

---The number of a line, however many digits were typed: Neovim takes only what fits into an integer.
---@param digits? string
---@return integer?
local function line_number(digits)
  local number = tonumber(digits)
  return number and math.min(number, LAST) --[[@as integer]]
end

---What a context line names. None where it is a quote like any other.
---@param line string
---@return litellm.Context?
function M.read(line)
  local text = line:match('^> (%S.-)%s*$')
  if not text then
    return nil
  end
  local diagnostics = text:match('^diagnostics of (.+)$')
  local name, first, last = text:match('^(.-):(%d+)%-?(%d*)$')
  local buffer = buffer_of(diagnostics or text)
  if buffer then
    return { name = text, buffer = buffer, diagnostics = diagnostics ~= nil }
  end
  buffer = name and buffer_of(name)
  if buffer then
    return {
      name = text,
      buffer = buffer,
      first = line_number(first),
      last = line_number(last) or line_number(first),
    }
  end
end

---The mark of a line of a chat whose place is held.
---@param chat integer
---@param row integer
---@param name string what stands there
---@return integer?
local function mark_at(chat, row, name)
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(chat, namespace, { row, 0 }, { row, -1 }, {})) do
    local one = meant[chat] and meant[chat][mark[1]]
    if one and one.name == name then
      return mark[1]
    end
  end
end

---@param chat integer
---@param row integer
---@param context litellm.Context
local function hold(chat, row, context)
  local first = context.first or 0
  local last = math.min(context.last or 0, vim.api.nvim_buf_line_count(context.buffer))
  if first < 1 or first > last then
    return
  end
  local length = #vim.api.nvim_buf_get_lines(context.buffer, last - 1, last, false)[1]
  local held = require('litellm.held').hold(context.buffer, { first - 1, 0, last - 1, length })
  local mark = vim.api.nvim_buf_set_extmark(chat, namespace, row, 0, {})
  meant[chat] = meant[chat] or {}
  meant[chat][mark] = { name = context.name, held = held }
end

---Holds the places that lines of a chat name from now on, whatever happens to the texts until they are sent.
---@param chat integer
---@param first integer the line from which on they are looked for
function M.hold(chat, first)
  local text = require('litellm.chat.text')
  local lines = vim.api.nvim_buf_get_lines(chat, 0, -1, false)
  for number = first, #lines do
    local name = lines[number]:match('^> (%S.-:%d+%-?%d*)%s*$')
    if name and not mark_at(chat, number - 1, name) and not text.context_end(lines, number) then
      local context = M.read(lines[number])
      if context and context.first then
        hold(chat, number - 1, context)
      end
    end
  end
end

---Holds no place of a chat any more.
---@param chat integer
function M.let_go(chat)
  for _, one in pairs(meant[chat] or {}) do
    one.held.let_go()
  end
  meant[chat] = nil
end

---What a line of a chat means now. None where it is a quote like any other.
---@param chat integer
---@param number integer
---@return litellm.Context?
function M.at(chat, number)
  local line = vim.api.nvim_buf_get_lines(chat, number - 1, number, false)[1]
  local name = line:match('^> (%S.-)%s*$')
  local mark = name and mark_at(chat, number - 1, name)
  if not name or not mark then
    return M.read(line)
  end
  local held = meant[chat][mark].held
  local at = held.place()
  if not at then
    return { name = name, buffer = held.buffer, is_gone = true }
  end
  local first, last = at[1] + 1, at[3] + 1
  return { name = M.line(held.buffer, first, last):sub(3), buffer = held.buffer, first = first, last = last }
end

---@param buffer integer
---@return string[]
local function diagnostics(buffer)
  local found = vim.diagnostic.get(buffer)
  table.sort(found, function(a, b)
    return a.lnum < b.lnum
  end)
  return vim.tbl_map(function(one)
    local severity = (vim.diagnostic.severity[one.severity] --[[@as string]]):lower()
    return ('%d: %s: %s'):format(one.lnum + 1, severity, (one.message:gsub('%s*\n%s*', ' ')))
  end, found)
end

---The text that is meant, in a block of code.
---@param context litellm.Context
---@return string[]
local function block(context)
  local lines = context.diagnostics and diagnostics(context.buffer)
    or vim.api.nvim_buf_get_lines(context.buffer, (context.first or 1) - 1, context.last or -1, false)
  local fence = '```'
  while table.concat(lines, '\n'):find(fence, 1, true) do
    fence = fence .. '`'
  end
  local language = context.diagnostics and 'text' or vim.bo[context.buffer].filetype
  if language == '' then
    language = vim.filetype.match({ buf = context.buffer }) or ''
  end
  local all = { '', fence .. language }
  vim.list_extend(all, #lines > 0 and lines or { '(nothing)' })
  return vim.list_extend(all, { fence })
end

---Has a line of a chat name a place as it is now.
---@param chat integer
---@param number integer
---@param context litellm.Context
local function rename(chat, number, context)
  local line = vim.api.nvim_buf_get_lines(chat, number - 1, number, false)[1]
  local mark = mark_at(chat, number - 1, line:match('^> (%S.-)%s*$') or '')
  vim.api.nvim_buf_set_text(chat, number - 1, 2, number - 1, #line, { context.name })
  if mark then
    meant[chat][mark].held.let_go()
    vim.api.nvim_buf_del_extmark(chat, namespace, mark)
    meant[chat][mark] = nil
  end
  if context.first then
    hold(chat, number - 1, context)
  end
end

---Puts below each context line of a question the text that it names, as it is now. Only inside `task.start`, for the user
---is asked about files that may hold secrets; false where one of them shall not be sent, or is gone.
---@param buffer integer that of the chat
---@param first integer the line after the heading of the question
---@return boolean
function M.expand(buffer, first)
  local text = require('litellm.chat.text')
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  for number = #lines, first, -1 do
    local context = not text.context_end(lines, number) and M.at(buffer, number)
    if context then
      if context.is_gone then
        local name = require('litellm.plain').line(context.name)
        require('litellm.notify').warn(
          t('`> {0}` is not there any more: name the place again, or take the line out', name)
        )
        return false
      elseif not require('litellm.secrets').may_send(context.buffer) then
        return false
      elseif vim.api.nvim_buf_get_lines(buffer, number - 1, number, false)[1] ~= lines[number] then
        return false
      end
      -- The user may have been asked meanwhile.
      context = M.at(buffer, number) or context
      rename(buffer, number, context)
      vim.api.nvim_buf_set_lines(buffer, number, number, false, block(context))
    end
  end
  return true
end

---Names for context lines, for completion behind `> `.
---@return string[]
function M.names()
  local names = {}
  for _, info in ipairs(vim.fn.getbufinfo({ buflisted = 1 })) do
    if vim.bo[info.bufnr].buftype == '' then
      table.insert(names, M.name(info.bufnr))
      if #vim.diagnostic.get(info.bufnr) > 0 then
        table.insert(names, 'diagnostics of ' .. M.name(info.bufnr))
      end
    end
  end
  return names
end

---`omnifunc` of a chat: what may stand behind `> `; files by their path, too.
---@param find_start integer
---@param base string
function M.complete(find_start, base)
  if find_start == 1 then
    local before = vim.api.nvim_get_current_line():sub(1, vim.api.nvim_win_get_cursor(0)[2])
    return before:find('^> ') and 2 or -3
  end
  local names = M.names()
  for _, path in ipairs(vim.fn.getcompletion(base, 'file')) do
    if not vim.list_contains(names, path) then
      table.insert(names, path)
    end
  end
  return vim.tbl_filter(function(name)
    return name:lower():find(base:lower(), 1, true) ~= nil
  end, names)
end

return M
