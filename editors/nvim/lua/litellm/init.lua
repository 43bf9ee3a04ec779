-- What other configuration may call.
local M = {}

---State, model and this session's cost in one short text, for a statusline. Empty before the server is used.
---@return string
function M.statusline()
  return require('litellm.session').line()
end

return M
