-- Which proxy a chat is held with: what was said to one is told to another only where the user wants that.
local plain = require('litellm.plain')
local protocol = require('litellm.protocol')

local M = {}

---@class litellm.ChatServer
---@field profile string
---@field baseUrl string

---@param profile litellm.ProfileSummary
---@return litellm.ChatServer
local function server_of(profile)
  return { profile = profile.name, baseUrl = profile.baseUrl or '' }
end

---Asks which proxies there are.
---@param done fun(error?: litellm.ResponseError, active?: litellm.ChatServer, all?: litellm.ChatServer[])
local function list(done)
  require('litellm.client').request(protocol.methods.listProfiles, {}, function(error, result)
    if error then
      return done(error)
    end
    local active = vim.iter(result.profiles):find(function(profile)
      return profile.active
    end)
    done(nil, active and server_of(active), vim.tbl_map(server_of, result.profiles))
  end)
end

---Has a chat go on with the proxy in use, whichever it was held with: the user has chosen a model of that.
---@param chat litellm.Chat
---@param done fun()
function M.use(chat, done)
  chat.record.server = nil
  list(function(_, active)
    chat.record.server = active
    done()
  end)
end

---The profile that a chat goes on with: that of its proxy, and for one that begins the one in use. None where its proxy
---is not among the profiles any more; says so. Only inside `task.start`.
---@param chat litellm.Chat
---@return string?
function M.profile(chat)
  local notify = require('litellm.notify')
  local known = require('litellm.session').server
  if known and (not chat.record.server or vim.deep_equal(chat.record.server, known)) then
    chat.record.server = known
    return known.profile
  end
  local error, active, all = require('litellm.task').wait(list)
  if error then
    return notify.error(error)
  elseif not active then
    return notify.warn('no profile is in use: `:LiteLLM configure`')
  end
  local server = chat.record.server or active
  for _, one in ipairs(all) do
    if vim.deep_equal(one, server) then
      chat.record.server = server
      return server.profile
    end
  end
  notify.warn(
    ('this chat was held with %s (profile %s): `gm` and <C-t> choose a model of %s to go on with'):format(
      plain.line(server.baseUrl),
      plain.line(server.profile),
      plain.line(active.baseUrl)
    )
  )
end

return M
