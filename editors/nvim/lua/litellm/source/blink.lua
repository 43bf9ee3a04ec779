-- A source for blink.cmp: `providers = { litellm = { name = 'LiteLLM', module = 'litellm.source.blink', async = true } }`.
local M = {}
M.__index = M

function M.new()
  return setmetatable({}, M)
end

---@param context { line: string, cursor: [integer, integer] }
---@param callback fun(response: table)
function M.get_completions(_, context, callback)
  require('litellm.inline').propose(function(text)
    local row, col = unpack(context.cursor)
    local items = text and { require('litellm.source.item').of(text, context.line:sub(1, col), row - 1) }
    callback({ items = items or {}, is_incomplete_forward = true, is_incomplete_backward = true })
  end)
end

return M
