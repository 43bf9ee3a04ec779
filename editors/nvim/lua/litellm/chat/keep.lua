-- What is kept of a chat: on the disk, so that it is found again, and of its answers, so that they can go back.
local notify = require('litellm.notify')
local plain = require('litellm.plain')
local store = require('litellm.chat.store')
local text = require('litellm.chat.text')

local M = {}

---What tells a text from others.
---@param content string
---@return string
local function digest(content)
  return vim.fn.sha256(plain.for_vim(content))
end

---Keeps a chat on the disk, as soon as something was said in it.
---@param chat litellm.Chat
function M.save(chat)
  if not vim.api.nvim_buf_is_loaded(chat.buffer) or vim.bo[chat.buffer].buftype == '' then
    -- One that the user has written into a file is the user's.
    return
  end
  local lines = vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false)
  local content = digest(table.concat(lines, '\n') .. vim.json.encode(chat.record))
  local asked = vim.iter(text.messages(lines)):any(function(message)
    return message.role == 'user'
  end)
  if not asked or content == chat.kept then
    return
  end
  chat.path = chat.path or store.path(text.title(lines) or 'chat')
  if store.stamp(chat.path) ~= chat.stamp then
    -- Another Neovim has gone on with it: neither takes the other's words away.
    chat.path = store.beside(chat.path)
  end
  local problem = store.save(chat.path, lines, chat.record)
  if problem then
    return notify.warn(('the chat can not be kept: %s; `:write FILE` keeps it'):format(problem))
  end
  chat.kept, chat.stamp = content, store.stamp(chat.path)
end

---Notes what an answer has cost, and what goes back to its model.
---@param chat litellm.Chat
---@param result? litellm.CompleteResult none where it was cancelled or failed
function M.note(chat, result)
  local record = chat.record
  local usage = result and result.usage
  if usage then
    record.tokens = (usage.inputTokens or 0) + (usage.outputTokens or 0)
  end
  if usage and usage.cost then
    record.cost = (record.cost or 0) + usage.cost
  else
    record.unpriced = (record.unpriced or 0) + 1
  end
  if result then
    local message = result.message
    local carried = {
      reasoning = message.reasoning,
      reasoningBlocks = message.reasoningBlocks,
      providerFields = message.providerFields,
    }
    local said = vim.trim(text.escaper()(message.text .. '\n'))
    record.carried = record.carried or {}
    record.carried[digest(said)] = next(carried) and carried or nil
  end
end

---The messages of a chat as they are sent.
---@param chat litellm.Chat
---@return litellm.Message[]
function M.messages(chat)
  local lines = vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false)
  return vim.tbl_map(function(message)
    local sent = { role = message.role, content = message.content }
    local carried = message.role == 'assistant' and (chat.record.carried or {})[digest(message.content)]
    return carried and vim.tbl_extend('error', sent, carried) or sent
  end, text.messages(lines))
end

return M
