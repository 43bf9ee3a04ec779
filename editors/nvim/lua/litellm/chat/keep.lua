-- What is kept of a chat: on the disk, so that it is found again, and of its answers, so that they can go back.
local notify = require('litellm.notify')
local plain = require('litellm.plain')
local store = require('litellm.chat.store')
local text = require('litellm.chat.text')
local t = require('litellm.language').t

local M = {}

---How often a chat is kept while an answer comes, in milliseconds: whatever ends Neovim loses no more of it. A long one
---takes its time, during which nobody can type, and so is kept when this many times that have passed.
local EACH_MS, PATIENCE = 1000, 20

---What is told of an answer amid which Neovim ended.
local ENDED = t('cut off: Neovim ended before it did')

---What tells a text from others.
---@param content string
---@return string
local function digest(content)
  return vim.fn.sha256(plain.for_vim(content))
end

---What tells an answer of a chat from its others: its words, those that it answers, and how often the same was said
---before, for short answers are alike.
---@param messages litellm.ChatMessage[]
---@param number integer that of the answer
---@return string
local function key(messages, number)
  local function said(at)
    return (at > 1 and messages[at - 1].content or '') .. '\n' .. messages[at].content
  end
  local times = 0
  for at = 1, number do
    times = times + (said(at) == said(number) and 1 or 0)
  end
  return digest(times .. '\n' .. said(number))
end

---A chat as it is kept: what was typed amid an answer that still comes stands below it, as the next question.
---@param chat litellm.Chat
---@return string[] lines
---@return string? partial what tells that answer from others
local function kept_lines(chat)
  local before, come, typed ---@type string?, string?, string?
  if chat.writer then
    before, come, typed = chat.writer.apart()
  end
  if not before then
    return vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false)
  end
  local question = '\n\n' .. table.concat(text.QUESTION, '\n')
  local whole = (before .. come):gsub('%s+$', '') .. question
  local answered = text.messages(vim.split(whole, '\n', { plain = true }))
  local last = answered[#answered]
  return vim.split(whole .. vim.trim(typed or ''), '\n', { plain = true }),
    last and last.role == 'assistant' and key(answered, #answered) or nil
end

---The last answer of a chat, or the last with these words.
---@param messages litellm.ChatMessage[]
---@param words? string
---@return integer?
local function last_answer(messages, words)
  for number = #messages, 1, -1 do
    local message = messages[number]
    if message.role == 'assistant' and (not words or message.content == words) then
      return number
    end
  end
end

---Keeps a chat on the disk, as soon as something was said in it.
---@param chat litellm.Chat
function M.save(chat)
  if not vim.api.nvim_buf_is_loaded(chat.buffer) or vim.bo[chat.buffer].buftype == '' then
    -- One that the user has written into a file is the user's.
    return
  end
  local lines, partial = kept_lines(chat)
  chat.record.partial = partial
  local content = digest(table.concat(lines, '\n') .. vim.json.encode(chat.record))
  local asked = vim.iter(text.messages(lines)):any(function(message)
    -- What came of an answer whose question was deleted is kept where that was.
    return message.role == 'user' or (chat.path ~= nil and message.role == 'assistant')
  end)
  if not asked or content == chat.kept then
    return
  end
  if not chat.path or store.stamp(chat.path) ~= chat.stamp then
    -- Another Neovim has gone on with it, or there is one like it: neither takes the other's words away.
    chat.path = store.claim(chat.path or store.path(text.title(lines) or 'chat'))
  end
  local problem = store.save(chat.path, lines, chat.record)
  chat.stamp = store.stamp(chat.path)
  if problem and problem ~= chat.problem then
    notify.warn(t('the chat can not be kept: {0}; `:write FILE` keeps it', problem))
  end
  chat.problem = problem
  if problem then
    return
  end
  chat.kept = content
end

---Keeps what has come of an answer within a second, or soon where that takes long.
---@param chat litellm.Chat
function M.soon(chat)
  if chat.saving then
    return
  end
  chat.saving = true
  vim.defer_fn(function()
    chat.saving = nil
    if chat.call then
      local begin = vim.uv.hrtime()
      M.save(chat)
      chat.pause = PATIENCE * math.ceil((vim.uv.hrtime() - begin) / 1e6)
    end
  end, math.max(EACH_MS, chat.pause or 0))
end

---Notes that the last answer is not all of it.
local function note_cut(chat, lines, why)
  local messages = text.messages(lines)
  local last = last_answer(messages)
  if last then
    chat.record.cut = chat.record.cut or {}
    chat.record.cut[key(messages, last)] = why
  end
end

---Shows of a chat that was kept which of its answers are not all of it. One that was coming when Neovim ended is, and
---the next question has its place at the end.
---@param chat litellm.Chat
function M.restore(chat)
  local lines = vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false)
  if chat.record.partial then
    chat.record.cut = chat.record.cut or {}
    chat.record.cut[chat.record.partial] = ENDED
    chat.record.partial = nil
  end
  local role ---@type string?
  for _, line in ipairs(lines) do
    role = text.role(line) or role
  end
  if role == 'assistant' then
    while lines[#lines] == '' do
      table.remove(lines)
    end
    vim.list_extend(vim.list_extend(lines, { '' }), text.QUESTION)
    vim.api.nvim_buf_set_lines(chat.buffer, 0, -1, false, lines)
  end
  local messages = text.messages(lines)
  for number, message in ipairs(messages) do
    local why = message.role == 'assistant' and (chat.record.cut or {})[key(messages, number)]
    if why then
      local last = message.last
      while lines[last] == '' do
        last = last - 1
      end
      require('litellm.stream.cut').mark(chat.buffer, last - 1, #lines[last], why)
    end
  end
end

---Notes what an answer has cost, and what goes back to its model.
---@param chat litellm.Chat
---@param result? litellm.CompleteResult none where it was cancelled or failed
---@param cut? string why it is not all of it
function M.note(chat, result, cut)
  local record = chat.record
  if cut and vim.api.nvim_buf_is_loaded(chat.buffer) then
    note_cut(chat, vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false), cut)
  end
  local usage = result and result.usage
  if usage then
    record.tokens = (usage.inputTokens or 0) + (usage.outputTokens or 0)
  end
  if usage and usage.cost then
    record.cost = (record.cost or 0) + usage.cost
  else
    record.unpriced = (record.unpriced or 0) + 1
  end
  if result and vim.api.nvim_buf_is_loaded(chat.buffer) then
    local message = result.message
    local carried = {
      reasoning = message.reasoning,
      reasoningBlocks = message.reasoningBlocks,
      providerFields = message.providerFields,
    }
    local said = vim.trim(text.escaper()(message.text .. '\n'))
    local messages = text.messages(vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false))
    local number = last_answer(messages, said)
    record.carried = record.carried or {}
    if number then
      record.carried[key(messages, number)] = next(carried) and carried or nil
    end
  end
end

---The messages of a chat as they are sent.
---@param chat litellm.Chat
---@return litellm.Message[]
function M.messages(chat)
  local messages = text.messages(vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false))
  local all = {}
  for number, message in ipairs(messages) do
    local sent = { role = message.role, content = message.content }
    local carried = message.role == 'assistant' and (chat.record.carried or {})[key(messages, number)]
    all[number] = carried and vim.tbl_extend('error', sent, carried) or sent
  end
  return all
end

return M
