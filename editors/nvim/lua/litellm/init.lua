-- What other configuration may call.
local M = {}

---State, model, this session's cost and today's in one short text, for a statusline. Empty before the server is used.
---@return string
function M.statusline()
  return require('litellm.session').line()
end

return M
