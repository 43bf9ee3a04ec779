-- Lists by snacks.nvim.
---@diagnostic disable: unresolved-require
local M = {}

function M.installed()
  local found, snacks = pcall(require, 'snacks')
  return found and snacks.picker ~= nil
end

---@param pick litellm.Pick
function M.open(pick)
  local all = require('litellm.pick').cells(pick)
  local over = false
  local function choose(key)
    return function(picker, item)
      over = true
      local filter = picker.input.filter.pattern
      picker:close()
      vim.schedule(function()
        pick.done(item and item.number, key, filter)
      end)
    end
  end
  local items = {}
  for number, row in ipairs(pick.rows) do
    table.insert(items, { idx = number, number = number, text = row.name or row.search })
  end
  local actions, inserted, normal = { confirm = choose() }, {}, {}
  for _, key in ipairs(pick.keys) do
    actions['litellm_' .. key.name] = choose(key.name)
    inserted[key.insert] = { 'litellm_' .. key.name, mode = { 'i', 'n' } }
    inserted[key.normal] = { 'litellm_' .. key.name, mode = 'n' }
    normal[key.normal] = 'litellm_' .. key.name
  end
  require('snacks').picker.pick({ ---@diagnostic disable-line: undefined-field
    source = 'litellm',
    title = pick.title,
    items = items,
    pattern = pick.filter,
    layout = { preset = 'select', layout = { width = 0.9, max_width = 120, title = pick.title, footer = '' } },
    format = function(item)
      local chunks = {}
      for column, cell in ipairs(all[item.number]) do
        table.insert(chunks, { cell .. '  ', pick.highlights[column] })
      end
      return chunks
    end,
    actions = actions,
    win = {
      input = {
        keys = inserted,
        footer = require('litellm.pick').hints(pick, 'insert'),
        footer_pos = 'center',
      },
      list = { keys = normal },
    },
    on_show = function(picker)
      if pick.at > 1 then
        picker.list:view(pick.at)
      end
    end,
    on_close = function()
      if not over then
        over = true
        vim.schedule(pick.done)
      end
    end,
  })
end

return M
