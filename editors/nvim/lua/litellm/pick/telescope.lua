-- Lists by telescope.nvim.
---@diagnostic disable: unresolved-require
local M = {}

function M.installed()
  return (pcall(require, 'telescope'))
end

---@param pick litellm.Pick
function M.open(pick)
  local actions = require('telescope.actions')
  local state = require('telescope.actions.state')
  local config = require('telescope.config').values
  local all = require('litellm.pick').cells(pick)
  local numbers = vim.tbl_keys(all)
  table.sort(numbers)

  local function entry(number)
    return {
      value = number,
      ordinal = pick.rows[number].name or pick.rows[number].search,
      display = function()
        local text, spans = '', {}
        for column, cell in ipairs(all[number]) do
          table.insert(spans, { { #text, #text + #cell }, pick.highlights[column] })
          text = text .. cell .. '  '
        end
        return text, spans
      end,
    }
  end

  require('telescope.pickers')
    .new({}, {
      prompt_title = pick.title,
      results_title = require('litellm.pick').hints(pick, 'insert'),
      previewer = false,
      finder = require('telescope.finders').new_table({ results = numbers, entry_maker = entry }),
      sorter = config.generic_sorter({}),
      default_text = pick.filter,
      default_selection_index = pick.at,
      layout_strategy = 'vertical',
      attach_mappings = function(prompt, map)
        local function choose(key)
          return function()
            local chosen, filter = state.get_selected_entry(), state.get_current_line()
            actions.close(prompt)
            pick.done(chosen and chosen.value, key, filter)
          end
        end
        actions.select_default:replace(choose())
        for _, key in ipairs(pick.keys) do
          map('i', key.insert, choose(key.name))
          map('n', key.normal, choose(key.name))
        end
        return true
      end,
    })
    :find()
end

return M
