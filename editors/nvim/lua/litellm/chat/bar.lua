-- The line above a chat: its model, what it holds and has cost, and its keys.
local plain = require('litellm.plain')
local session = require('litellm.session')
local t = require('litellm.language').t

local M = {}

---A number of tokens in a few letters.
---@param tokens number
---@return string
function M.size(tokens)
  if tokens >= 1000000 then
    return ('%.3gM'):format(tokens / 1000000)
  end
  return tokens >= 1000 and ('%.3gk'):format(tokens / 1000) or ('%d'):format(tokens)
end

---What tells a name, in columns.
local TELLING = 8

---The words of the line; where there is no room for all, all keys but one go first, then the middle of the name.
---@param chat litellm.Chat
---@param room integer
---@return string
function M.text(chat, room)
  local record = chat.record
  local model = record.model or session.model
  local summary = session.summaries[model or '']
  local name, words = plain.line(model or t('no model yet')), {}
  if record.tokens then
    local size, limit = M.size(record.tokens), summary and summary.context ~= 'unknown' and summary.context
    table.insert(words, limit and t('{0} of {1}', size, plain.line(limit)) or t('{0} tokens', size))
  end
  if record.cost or record.unpriced then
    table.insert(words, session.total(record.cost or 0, record.unpriced or 0))
  end
  local keys = chat.call and { t('^C stop') }
    or { t('⏎ send'), t('gy yank'), t('ga apply'), t('gm model'), t('g? keys') }
  if chat.call then
    table.insert(words, t('answering …'))
  end
  while true do
    local rest = table.concat(vim.list_extend(vim.list_slice(words), { table.concat(keys, '  ') }), ' · ')
    local left = room - 2 - vim.api.nvim_strwidth(' · ' .. rest)
    -- The last key is worth more than the middle of a name.
    if left >= vim.api.nvim_strwidth(name) or #keys == 1 and left >= TELLING then
      return ' ' .. plain.ends(name, left) .. ' · ' .. rest
    elseif #keys == 1 then
      return ' ' .. plain.short(table.concat(vim.list_extend({ name }, words), ' · '), room - 2)
    end
    table.remove(keys)
  end
end

---Shows it in the windows of a chat.
---@param chat litellm.Chat
function M.show(chat)
  for _, window in ipairs(vim.fn.win_findbuf(chat.buffer)) do
    local text = M.text(chat, vim.api.nvim_win_get_width(window))
    vim.wo[window][0].winbar = plain.statusline(text)
  end
end

return M
