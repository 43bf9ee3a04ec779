-- A source for nvim-cmp: `require('cmp').register_source('litellm', require('litellm.source.cmp').new())`.
local M = {}
M.__index = M

function M.new()
  return setmetatable({}, M)
end

function M.get_debug_name()
  return 'litellm'
end

function M.get_position_encoding_kind()
  return 'utf-16'
end

---@param params { context: { cursor_before_line: string, cursor: { row: integer } } }
---@param callback fun(response: table)
function M.complete(_, params, callback)
  require('litellm.inline').propose(function(text)
    local context = params.context
    local items = text
      and { require('litellm.source.item').of(text, context.cursor_before_line, context.cursor.row - 1) }
    callback({ items = items or {}, isIncomplete = true })
  end)
end

return M
