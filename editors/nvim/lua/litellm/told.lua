-- What is told of answers.
local plain = require('litellm.plain')
local session = require('litellm.session')

local M = {}

---What is told where the text can't take the answer any more.
M.STOPPED = {
  gone = 'the text was closed',
  undone = 'what it was writing was changed',
  changed = 'what it was writing was changed',
  fixed = 'the buffer can not be changed any more',
}

M.BROKEN = 'the response was interrupted'

---What is told of an answer that is not whole. None where it is.
---@param result litellm.CompleteResult
---@return string?
function M.cut_off(result)
  local reason = result.finishReason
  if reason == 'length' then
    return 'the answer was cut off at its length limit'
  elseif reason == 'contentFilter' then
    return 'the answer was cut off by a content filter'
  elseif reason ~= nil and reason ~= vim.NIL and reason ~= 'stop' then
    return ('the answer was cut off: %s'):format(reason)
  end
end

---What is known of an answer, in a few words.
---@param result litellm.CompleteResult
---@return string
function M.about(result)
  local words = { plain.line(result.model or '') }
  local usage = result.usage or {}
  if usage.outputTokens then
    table.insert(words, ('%d tokens'):format(usage.outputTokens))
  end
  table.insert(words, usage.cost and session.money(usage.cost) or 'cost unknown')
  return table.concat(words, ' · ')
end

return M
