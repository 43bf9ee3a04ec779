-- Which proxy a question goes to: what was said to one is told to another only where the user wants that.
local protocol = require('litellm.protocol')
local t = require('litellm.language').t

local M = {}

---@class litellm.Server
---@field profile string
---@field baseUrl string

---@param profile litellm.ProfileSummary
---@return litellm.Server
local function server_of(profile)
  return { profile = profile.name, baseUrl = profile.baseUrl or '' }
end

---Asks which proxies there are.
---@param done fun(error?: litellm.Failure, active?: litellm.Server, all?: litellm.Server[])
local function list(done)
  require('litellm.client').request(protocol.methods.listProfiles, {}, function(error, result)
    if not result then
      return done(error)
    end
    local active = vim.iter(result.profiles):find(function(profile)
      return profile.active
    end)
    done(nil, active and server_of(active), vim.tbl_map(server_of, result.profiles))
  end)
end

---The proxy in use. None where there is none, or nobody says.
---@param done fun(active?: litellm.Server)
function M.active(done)
  list(function(_, active)
    done(active)
  end)
end

---The proxy that a question is for, and its profile: the one that was meant, else the one in use. None where that is not
---among the profiles any more; says so. Only inside `task.start`.
---@param meant? litellm.Server
---@param gone fun(meant: litellm.Server, active: litellm.Server): string what is told then
---@return litellm.Server?
function M.of(meant, gone)
  local notify = require('litellm.notify')
  local known = require('litellm.session').server
  if known and (not meant or vim.deep_equal(meant, known)) then
    return known
  end
  local error, active, all = require('litellm.task').wait(list)
  if error then
    return notify.error(error)
  elseif not active then
    return notify.warn(t('no profile is in use: `:LiteLLM configure`'))
  end
  local server = meant or active
  for _, one in ipairs(all) do
    if vim.deep_equal(one, server) then
      return server
    end
  end
  notify.warn(gone(server, active))
end

return M
