-- What is told of answers.
local plain = require('litellm.plain')
local session = require('litellm.session')
local t = require('litellm.language').t

local M = {}

---What is told where the text can't take the answer any more.
M.STOPPED = {
  gone = t('the text was closed'),
  undone = t('what it was writing was changed'),
  changed = t('what it was writing was changed'),
  fixed = t('the buffer can not be changed any more'),
}

local STATES = {
  ready = t('ready'),
  degraded = t('degraded'),
  unreachable = t('unreachable'),
  unauthorized = t('unauthorized'),
  failed = t('failed'),
  running = t('running'),
  unhealthy = t('unhealthy'),
  starting = t('starting'),
  stopped = t('stopped'),
}

local CHECKS = {
  settings = t('settings'),
  dns = t('host name'),
  connect = t('connection'),
  tls = t('encryption'),
  reachable = t('response'),
  server = t('server'),
  key = t('key'),
  models = t('models'),
  defaultModel = t('default model'),
  budget = t('budget'),
}

---A state of a connection or of a proxy on this machine, in words; a newer one as it is called.
---@param state litellm.State|litellm.ProxyState
---@return string
function M.state(state)
  return STATES[state] or state
end

---A check of the connection, in words; a newer one as it is called.
---@param name litellm.CheckName
---@return string
function M.check(name)
  return CHECKS[name] or name
end

M.BROKEN = t('the response was interrupted')

---What is told of an answer that is not whole. None where it is.
---@param result litellm.CompleteResult
---@return string?
function M.cut_off(result)
  local reason = result.finishReason
  if reason == 'length' then
    return t('the answer was cut off at its length limit')
  elseif reason == 'contentFilter' then
    return t('the answer was cut off by a content filter')
  elseif reason ~= nil and reason ~= vim.NIL and reason ~= 'stop' then
    return t('the answer was cut off: {0}', reason)
  end
end

---What is known of an answer, in a few words. `~` stands before what nobody has counted.
---@param result litellm.CompleteResult
---@return string
function M.about(result)
  local words = { plain.line(result.model or '') }
  local usage = result.usage or result.estimatedUsage or {}
  local mark, sum = '', session.money
  if not result.usage then
    mark, sum = '~', session.about
  end
  if usage.outputTokens then
    table.insert(words, t('{0} tokens', mark .. usage.outputTokens))
  end
  table.insert(words, usage.cost and sum(usage.cost) or t('cost unknown'))
  return table.concat(words, ' · ')
end

return M
