-- Which proxy a chat is held with.
local plain = require('litellm.plain')
local server = require('litellm.server')
local t = require('litellm.language').t

local M = {}

---Has a chat go on with the proxy in use, whichever it was held with: the user has chosen a model of that.
---@param chat litellm.Chat
---@param done fun()
function M.use(chat, done)
  chat.record.server = nil
  server.active(function(active)
    chat.record.server = active
    done()
  end)
end

---@param meant litellm.Server
---@param active litellm.Server
---@return string
local function gone(meant, active)
  return t(
    'this chat was held with {0} (profile {1}): `gm` and <C-t> choose a model of {2} to go on with',
    plain.line(meant.baseUrl),
    plain.line(meant.profile),
    plain.line(active.baseUrl)
  )
end

---The profile that a chat goes on with: that of its proxy, and for one that begins the one in use. None where its proxy
---is not among the profiles any more; says so. Only inside `task.start`.
---@param chat litellm.Chat
---@return string?
function M.profile(chat)
  local found = server.of(chat.record.server, gone)
  if found then
    chat.record.server = found
    return found.profile
  end
end

return M
