-- Lists by mini.pick.
---@diagnostic disable: unresolved-require
local M = {}

function M.installed()
  return (pcall(require, 'mini.pick'))
end

---@param pick litellm.Pick
function M.open(pick)
  local mini = require('mini.pick')
  if not _G.MiniPick then
    mini.setup()
  end
  local items = {}
  for number, cells in ipairs(require('litellm.pick').cells(pick)) do
    table.insert(items, { text = table.concat(cells, '  '), number = number })
  end
  local key_pressed, filter
  local function stop(key)
    return function()
      key_pressed, filter = key, table.concat(mini.get_picker_query() or {})
      local matches = mini.get_picker_matches()
      pick.at = matches and matches.current and matches.current.number
      return true
    end
  end
  -- Its own keys that stand where ours are.
  ---@type table<string, any>
  local mappings = { choose_in_split = '', choose_in_tabpage = '', scroll_down = '', paste = '' }
  for _, key in ipairs(pick.keys) do
    mappings['litellm_' .. key.name] = { char = key.insert, func = stop(key.name) }
  end
  if pick.filter ~= '' then
    vim.schedule(function()
      mini.set_picker_query(vim.fn.split(pick.filter, '\\zs'))
    end)
  end
  local chosen = mini.start({
    source = { items = items, name = pick.title, choose = function() end },
    mappings = mappings,
  })
  if key_pressed then
    pick.done(pick.at, key_pressed, filter)
  else
    pick.done(chosen and chosen.number)
  end
end

return M
