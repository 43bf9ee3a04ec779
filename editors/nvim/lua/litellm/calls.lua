-- Requests under way: what becomes of each, and who takes the pieces of its answer.
local session = require('litellm.session')

local M = {}

---A request under way.
---@class litellm.Call
---@field cancel fun() ends it at once; no callback runs any more, but for `on_cancel`

---What went wrong: what the server says, or a word of the plugin itself, which has no kind.
---@alias litellm.Failure litellm.ResponseError|{ code: integer, message: string, data?: { remedy?: string } }

---@alias litellm.Done fun(error?: litellm.Failure, result?: any)

---@class litellm.OpenCall: litellm.Call
---@field token string names it in the server's progress
---@field finish litellm.Done
---@field is_open fun(): boolean
---@field sent fun(client: vim.lsp.Client, id?: integer) tells by which request it went out
---@field receive? fun(delta: litellm.Delta)
---@field id? integer

---By token.
---@type table<string, litellm.OpenCall>
local calls = {}
local last_number = 0

---@param done litellm.Done
---@param receive? fun(delta: litellm.Delta)
---@param on_cancel? fun()
---@return litellm.OpenCall
function M.begin(done, receive, on_cancel)
  last_number = last_number + 1
  local token = 'litellm-' .. last_number
  local call = { token = token, receive = receive }
  local client ---@type vim.lsp.Client?
  local function settle()
    local open = calls[token] ~= nil
    calls[token] = nil
    session.update({ running = M.count() })
    return open
  end
  function call.is_open()
    return calls[token] ~= nil
  end
  function call.sent(sent_by, id)
    client, call.id = sent_by, id
  end
  function call.finish(error, result)
    if settle() then
      done(error, result)
    end
  end
  -- Neovim runs no handler for a cancelled request, so it is over here and now.
  function call.cancel()
    if settle() then
      if call.id and client then
        client:cancel_request(call.id)
      end
      if on_cancel then
        on_cancel()
      end
    end
  end
  calls[token] = call
  session.update({ running = M.count() })
  return call
end

---@return integer
function M.count()
  return vim.tbl_count(calls)
end

---Hands on a piece of an answer; one that comes late goes to nobody.
---@param token string|integer
---@param value any
---@return boolean ours whether the token is one of these calls, also of one that is over
function M.receive(token, value)
  local call = calls[token]
  if call and call.receive then
    call.receive(value)
  end
  return tostring(token):find('^litellm%-%d+$') ~= nil
end

---Ends calls that get no answer any more.
---@param error litellm.Failure
---@param id? integer of one request alone
function M.lose(error, id)
  for _, call in pairs(vim.tbl_extend('force', {}, calls)) do
    if not id or call.id == id then
      call.finish(error)
    end
  end
end

---Ends all that is under way, and says how much that was.
---@return integer
function M.cancel()
  local ending = vim.tbl_values(calls)
  for _, call in ipairs(ending) do
    call.cancel()
  end
  return #ending
end

return M
