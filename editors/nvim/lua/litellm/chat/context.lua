-- What a question is about: lines such as `> calc.py:8-12`, below which the text that they name is put when it is sent.
local M = {}

---@class litellm.Context
---@field name string as it stands in the line
---@field buffer integer
---@field first? integer
---@field last? integer
---@field diagnostics? boolean whether what is wrong in the file is meant, and not its text

---The line for a range of a buffer.
---@param buffer integer
---@param first integer
---@param last integer
---@return string
function M.line(buffer, first, last)
  local name = M.name(buffer)
  return first == last and ('> %s:%d'):format(name, first) or ('> %s:%d-%d'):format(name, first, last)
end

---How a buffer is called here: by its path from the folder that one works in.
---@param buffer integer
---@return string
function M.name(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  return name == '' and ('buffer %d'):format(buffer) or vim.fn.fnamemodify(name, ':.')
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
    vim.fn.bufload(open)
  end
  return open
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
  return buffer
      and {
        name = text,
        buffer = buffer,
        first = tonumber(first),
        last = tonumber(last) or tonumber(first),
      }
    or nil
end

---@param buffer integer
---@return string[]
local function diagnostics(buffer)
  local found = vim.diagnostic.get(buffer)
  table.sort(found, function(a, b)
    return a.lnum < b.lnum
  end)
  return vim.tbl_map(function(one)
    local severity = vim.diagnostic.severity[one.severity]:lower()
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

---Puts below each context line of a question the text that it names. Only inside `task.start`, for the user is asked
---about files that may hold secrets; false where one of them shall not be sent.
---@param buffer integer that of the chat
---@param first integer the line after the heading of the question
---@return boolean
function M.expand(buffer, first)
  local text = require('litellm.chat.text')
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  for number = #lines, first, -1 do
    local context = not text.context_end(lines, number) and M.read(lines[number])
    if context then
      if not require('litellm.secrets').may_send(context.buffer) then
        return false
      elseif vim.api.nvim_buf_get_lines(buffer, number - 1, number, false)[1] ~= lines[number] then
        return false
      end
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
