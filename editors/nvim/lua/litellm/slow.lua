-- What waits for a proxy says so.
local session = require('litellm.session')
local t = require('litellm.language').t

local M = {}

---How long nobody wonders whether something happens.
local MOMENT_MS = 400

---Waits for what asks the proxy, and says that it is asked where nothing has come after a moment. Only inside `task.start`.
---@param ask fun(...): ...
---@param ... any what it is called with
---@return any ...
function M.wait(ask, ...)
  local notify = require('litellm.notify')
  local over, asking = false, nil ---@type boolean, string?
  vim.defer_fn(function()
    if not over then
      asking = session.host and t('asking {0} …', session.host) or t('asking the proxy …')
      notify.info(asking)
    end
  end, MOMENT_MS)
  local results = vim.F.pack_len(ask(...))
  over = true
  if asking then
    notify.take_back(asking)
  end
  return vim.F.unpack_len(results)
end

return M
