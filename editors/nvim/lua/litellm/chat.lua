-- `:LiteLLM chat`: a conversation in a Markdown buffer; what stands there is the history.
local notify = require('litellm.notify')
local page = require('litellm.page')
local place = require('litellm.place')

local M = {}

local HEADING = '^## (%l+):%s*$'
local ROLES = { user = true, assistant = true, system = true }
local QUESTION = { '## user:', '', '' }

---Buffers whose chat is being answered, each with the call.
---@type table<integer, litellm.Call>
local answering = {}

---The messages of a chat: each heading begins one, and text before the first is the system's.
---@param lines string[]
---@return litellm.Message[]
function M.messages(lines)
  local messages = {}
  local role, said = 'system', {}
  local function finish()
    local content = vim.trim(table.concat(said, '\n'))
    if content ~= '' then
      table.insert(messages, { role = role, content = content })
    end
  end
  for _, line in ipairs(lines) do
    local heading = line:match(HEADING)
    if ROLES[heading] then
      finish()
      role, said = heading, {}
    else
      table.insert(said, line)
    end
  end
  finish()
  return messages
end

---Sends the chat of the current buffer.
function M.send()
  local buffer = vim.api.nvim_get_current_buf()
  if answering[buffer] then
    return notify.warn('the answer is still coming: <C-c> ends it')
  end
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local messages = M.messages(lines)
  if #messages == 0 or messages[#messages].role ~= 'user' then
    return notify.warn('write a question under the last `## user:` first')
  end
  local last = #lines - 1
  answering[buffer] = require('litellm.answer').write({ messages = messages }, {
    buffer = buffer,
    range = { last, #lines[#lines], last, #lines[#lines] },
    follow = true,
    before = '\n\n## assistant:\n\n',
    after = '\n\n' .. table.concat(QUESTION, '\n'),
    done = function()
      answering[buffer] = nil
    end,
  })
end

---Ends the answer of the current chat, and no other.
function M.stop()
  local call = answering[vim.api.nvim_get_current_buf()]
  if not call then
    return notify.info('no answer is coming here')
  end
  call.cancel()
  notify.info('cancelled')
end

---Whether a buffer holds a chat, such as one that was saved.
---@param buffer integer
local function is_chat(buffer)
  return vim.iter(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)):any(function(line)
    return line:match(HEADING) == 'user'
  end)
end

---Gives a buffer the keys of a chat.
---@param buffer integer
local function take_up(buffer)
  vim.keymap.set('n', '<CR>', M.send, { buffer = buffer, desc = 'LiteLLM: send the chat' })
  vim.keymap.set('n', '<C-c>', M.stop, { buffer = buffer, desc = 'LiteLLM: end the answer' })
end

---The text that a range means, as a chat quotes it.
---@param command litellm.RangeCommand
---@return string[]
local function quoted(command)
  local text = place.text_of(command)
  local fence = '```'
  while text:find(fence, 1, true) do
    fence = fence .. '`'
  end
  local name = vim.fs.basename(vim.api.nvim_buf_get_name(0))
  local lines = command.line1 == command.line2 and command.line1
    or ('%d-%d'):format(command.line1, command.line2)
  local quote = { ('`%s:%s`'):format(name ~= '' and name or 'unnamed', lines), '', fence .. vim.bo.filetype }
  vim.list_extend(quote, vim.split(text, '\n', { plain = true }))
  return vim.list_extend(quote, { fence, '' })
end

---Begins a chat beside the current window.
---@param said string[] what it begins with
---@param question string
local function begin(said, question)
  local buffer = page.buffer('chat', true)
  vim.cmd('botright vsplit')
  vim.api.nvim_win_set_buf(0, buffer)
  vim.bo[buffer].filetype = 'markdown'
  vim.wo[0][0].wrap = true
  vim.wo[0][0].linebreak = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, QUESTION)
  take_up(buffer)
  vim.list_extend(said, vim.split(question, '\n', { plain = true }))
  vim.api.nvim_buf_set_lines(buffer, -2, -1, false, said)
  vim.cmd.normal({ 'G$', bang = true })
  if question ~= '' then
    M.send()
  else
    vim.cmd.startinsert()
  end
end

---Opens a new chat beside the current window; a buffer that holds a saved one is taken up where it is.
---@param command litellm.RangeCommand whose range is quoted
---@param question string what to ask at once; empty for nothing
function M.open(command, question)
  local here = vim.api.nvim_get_current_buf()
  if command.range == 0 and question == '' and is_chat(here) then
    take_up(here)
    return notify.info('the chat goes on: <CR> sends it')
  end
  if command.range == 0 then
    return begin({}, question)
  end
  local said = quoted(command)
  require('litellm.task').start(function()
    if require('litellm.fit').may_send(here) then
      begin(said, question)
    end
  end)
end

return M
