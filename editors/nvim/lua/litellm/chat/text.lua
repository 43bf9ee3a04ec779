-- A chat as text: headings begin its messages, quotes its reasoning, and lines such as `> calc.py:8-12` its context.
local plain = require('litellm.plain')

local M = {}

local HEADING = '^## (%l+):%s*$'
local ROLES = { user = true, assistant = true, system = true }

---What a chat ends with: a place for the next question.
M.QUESTION = { '## user:', '', '' }
---What the answer of a model begins with.
M.ANSWER = '\n\n## assistant:\n\n'
---What the reasoning of a model begins with; every line of it is a quote.
M.REASONING = '> *reasoning*'

---The role that a heading names.
---@param line string
---@return string?
function M.role(line)
  local role = line:match(HEADING)
  return ROLES[role] and role or nil
end

---The column behind a text that begins in this one; a tab ends at each fourth.
---@param blanks string
---@param column integer
local function column_behind(blanks, column)
  for character in blanks:gmatch('.') do
    column = character == '\t' and column - column % 4 + 4 or column + 1
  end
  return column
end

---The fence that a block of code begins with in this line, and its column. It may stand behind the marker of a list.
---@param line string
---@return string? fence
---@return integer? column
local function fence_in(line)
  local blanks, rest = line:match('^(%s*)(.*)$') --[[@as string, string]]
  local marker = rest:match('^[-*+]%s+') or rest:match('^%d+[.)]%s+') or ''
  rest = rest:sub(#marker + 1)
  local fence = rest:match('^(```+)[^`]*$') or rest:match('^(~~~+)')
  return fence, fence and column_behind(blanks .. marker, 0)
end

---The line that ends a block of code which begins here. None where none does.
---@param lines string[]
---@param number integer
---@param most? integer the last line where it may end
---@return integer?
local function block_end(lines, number, most)
  local fence = fence_in(lines[number] or '')
  if not fence then
    return nil
  end
  for last = number + 1, most or #lines do
    local closing = lines[last]:match('^%s*([`~]+)%s*$')
    if closing and vim.startswith(closing, fence) then
      return last
    end
  end
end

---A line of a block without the blanks that stand in front of its fence too, by CommonMark's rule.
---@param line string
---@param column integer that of the fence
---@return string
local function dedented(line, column)
  local kept, at = 1, 0
  while line:find('^[ \t]', kept) and column_behind(line:sub(kept, kept), at) <= column do
    kept, at = kept + 1, column_behind(line:sub(kept, kept), at)
  end
  return line:sub(kept)
end

---The last line of what belongs to a context line: the text that was put below it, so that the chat has it.
---@param lines string[]
---@param number integer that of a context line
---@return integer?
function M.context_end(lines, number)
  if (lines[number] or ''):match('^> %S') and (lines[number + 1] or '') == '' then
    return block_end(lines, number + 2)
  end
end

---The last line of a piece of reasoning that begins here.
---@param lines string[]
---@param number integer
---@return integer?
function M.reasoning_end(lines, number)
  if lines[number] ~= M.REASONING then
    return nil
  end
  while vim.startswith(lines[number + 1] or '', '>') do
    number = number + 1
  end
  return number
end

---@class litellm.ChatMessage
---@field role string
---@field content string
---@field first integer the line of its heading
---@field last integer

---The messages of a chat: each heading begins one, and text before the first is the system's.
---@param lines string[]
---@return litellm.ChatMessage[]
function M.messages(lines)
  local messages = {}
  local said, open = {}, { role = 'system', first = 1 }
  local function finish(last)
    open.content, open.last = vim.trim(table.concat(said, '\n')), last
    if open.content ~= '' then
      table.insert(messages, open)
    end
  end
  local number = 1
  while number <= #lines do
    local role = M.role(lines[number])
    local context = open.role == 'user' and M.context_end(lines, number)
    local reasoning = open.role == 'assistant' and M.reasoning_end(lines, number)
    if role then
      finish(number - 1)
      open, said = { role = role, first = number }, {}
    elseif context then
      vim.list_extend(said, lines, number, context)
      number = context
    elseif reasoning then
      number = reasoning
    else
      table.insert(said, lines[number])
    end
    number = number + 1
  end
  finish(#lines)
  return messages
end

---What a chat is about: the first line of its first question, what is quoted left out. None before one is asked.
---@param lines string[]
---@return string?
function M.title(lines)
  local asked = false
  local number = 1
  while number <= #lines do
    number = M.context_end(lines, number) or number
    asked = asked or M.role(lines[number]) == 'user'
    if asked and lines[number]:find('^[^#>`%s]') then
      return lines[number]
    end
    number = number + 1
  end
end

---Where the block of code around a line stands, else the last one of an answer: what the user sent is there already.
---@param lines string[]
---@param at integer
---@return integer? first
---@return integer? last
local function code_block(lines, at)
  local first, last ---@type integer?, integer?
  for _, message in ipairs(M.messages(lines)) do
    local number = message.first
    while number <= message.last do
      local stop = block_end(lines, number, message.last)
      if stop and number <= at and at <= stop then
        return number, stop
      elseif stop and message.role == 'assistant' then
        first, last = number, stop
      end
      number = (stop or number) + 1
    end
  end
  return first, last
end

---The block of code around a line, else the last one of an answer.
---@param lines string[]
---@param at integer
---@return string[]? code
---@return integer? first the line where it begins
function M.code(lines, at)
  local first, last = code_block(lines, at)
  if not first or not last then
    return nil
  end
  local _, column = fence_in(lines[first])
  local code = vim.tbl_map(function(line)
    return dedented(line, column or 0)
  end, vim.list_slice(lines, first + 1, last - 1))
  return code, first
end

---Makes the pieces of an answer unable to begin a message: where a line of it looks like a heading of ours, a space
---stands before it. What may become one is held back until it is known, or until nothing more comes.
---@return fun(piece: string, is_last?: boolean): string
function M.escaper()
  local held, is_begin, ends = '', true, plain.line_ends()
  return function(piece, is_last)
    -- A line end stands before each line, also before the first.
    local text = (is_begin and '\n' or '') .. held .. ends(piece)
    held = not is_last and text:match('\n(##? ?)$') or ''
    held = vim.startswith('## ', held) and held or ''
    local out = text:sub(1, #text - #held):gsub('\n(## [uas])', '\n %1')
    local skipped = is_begin and 1 or 0
    is_begin = out:sub(-1) == '\n'
    return out:sub(1 + skipped)
  end
end

---Whether a buffer holds a chat, such as one that the user wrote into a file.
---@param buffer integer
function M.holds_chat(buffer)
  return vim.iter(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)):any(function(line)
    return M.role(line) == 'user'
  end)
end

return M
