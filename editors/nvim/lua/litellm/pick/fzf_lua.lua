-- Lists by fzf-lua.
---@diagnostic disable: unresolved-require
local M = {}

function M.installed()
  return vim.fn.executable('fzf') == 1 and (pcall(require, 'fzf-lua'))
end

---@param pick litellm.Pick
function M.open(pick)
  local lines = {}
  for number, cells in ipairs(require('litellm.pick').cells(pick)) do
    table.insert(lines, ('%d\t%s'):format(number, table.concat(cells, '  ')))
  end
  local function chosen(key)
    return function(selected)
      local number = selected and selected[1] and tonumber(selected[1]:match('^%d+')) --[[@as integer?]]
      pick.done(number, key, require('fzf-lua').get_last_query())
    end
  end
  local actions = { ['default'] = chosen(), ['esc'] = chosen('close') }
  for _, key in ipairs(pick.keys) do
    actions[key.insert:gsub('<C%-(%a)>', 'ctrl-%1')] = chosen(key.name)
  end
  require('fzf-lua').fzf_exec(lines, {
    prompt = '> ',
    query = pick.filter,
    winopts = { title = ' ' .. pick.title .. ' ', height = 0.6 },
    fzf_opts = {
      ['--delimiter'] = '\t',
      ['--with-nth'] = '2..',
      ['--header'] = require('litellm.pick').hints(pick, 'insert'),
      ['--exact'] = true,
      ['--no-sort'] = true,
      ['--tiebreak'] = 'index',
      ['--no-multi'] = true,
    },
    actions = actions,
  })
end

return M
