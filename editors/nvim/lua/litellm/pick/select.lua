-- Lists by `vim.ui.select`, as a plugin of the user's provides it. It knows no keys but <CR>.
local M = {}

function M.installed()
  return true
end

---@param pick litellm.Pick
function M.open(pick)
  local lines = vim.tbl_map(function(cells)
    return table.concat(cells, '  ')
  end, require('litellm.pick').cells(pick))
  local numbers = vim.tbl_keys(lines)
  table.sort(numbers)
  vim.ui.select(numbers, {
    prompt = pick.title .. ': ',
    kind = 'litellm.model',
    format_item = function(number)
      return lines[number]
    end,
  }, function(number)
    pick.done(number)
  end)
end

return M
