-- What waits for a proxy says so.
local session = require('litellm.session')
local t = require('litellm.language').t

local M = {}

---How long nobody wonders whether something happens.
local MOMENT_MS = 400

---Says that the proxy is asked where its answer is not there after a moment.
---@return fun() answered
function M.asking()
  local over = false
  vim.defer_fn(function()
    if not over then
      local asking = session.host and t('asking {0} …', session.host) or t('asking the proxy …')
      require('litellm.notify').info(asking)
    end
  end, MOMENT_MS)
  return function()
    over = true
  end
end

return M
