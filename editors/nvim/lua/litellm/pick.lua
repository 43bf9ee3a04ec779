-- A list to choose from, in the picker that the user has: snacks, telescope, fzf-lua or mini.pick, else a window of ours.
local t = require('litellm.language').t

local M = {}

---@class litellm.PickRow
---@field cells string[] its columns
---@field search string what the filter looks at
---@field name? string the same for pickers whose filter takes letters from anywhere: only what tells the row from others

---@class litellm.PickKey
---@field insert string the key while one types a filter, such as `<C-s>`
---@field normal string the key where one does not
---@field name string
---@field word string what it does, for the footer

---@class litellm.Pick
---@field title string
---@field rows litellm.PickRow[]
---@field highlights string[] the group of each column
---@field least_needed? litellm.LeastNeeded
---@field keys litellm.PickKey[] beside <CR>, whose word is `enter`
---@field enter string
---@field filter string what is typed already
---@field at integer the row that is chosen already
---@field is_question? boolean whether it has few rows, which nobody filters: one Escape leaves it
---@field done fun(number?: integer, key?: string, filter?: string) the chosen row, none where the user gives up

---@class litellm.PickBackend
---@field installed fun(): boolean
---@field open fun(pick: litellm.Pick)

---Which are looked for, in this order.
local INSTALLED = { 'snacks', 'telescope', 'fzf-lua', 'mini.pick' }

---Names of files can't have a dot or a dash for `require` and for people alike.
local MODULES = { ['fzf-lua'] = 'fzf_lua', ['mini.pick'] = 'mini_pick' }

---@param name string
---@return litellm.PickBackend
local function backend(name)
  return require('litellm.pick.' .. (MODULES[name] or name))
end

---The name of the picker to use: the one the settings name, else one that is installed.
---@return string
function M.name()
  local wanted = require('litellm.config').get().picker or 'auto'
  local names = wanted == 'auto' and INSTALLED or { wanted }
  local found = vim.iter(names):find(function(name)
    return backend(name).installed()
  end)
  if found then
    return found
  end
  if wanted ~= 'auto' then
    require('litellm.notify').warn(t('vim.g.litellm.picker: {0} is not installed', wanted))
  end
  -- Who has put another in the place of Neovim's pager wants that.
  local is_stock = require('litellm.plain').is_stock(vim.ui.select)
  return is_stock and 'window' or 'select'
end

---Opens a list.
---@param pick litellm.Pick
function M.open(pick)
  backend(M.name()).open(pick)
end

---The rows as lines of padded cells.
---@param pick litellm.Pick
---@param room? integer
---@return string[][]
function M.cells(pick, room)
  local rows = vim.tbl_map(function(row)
    return row.cells
  end, pick.rows)
  return require('litellm.columns').padded(rows, room, pick.least_needed)
end

---The words of the keys in one line.
---@param pick litellm.Pick
---@param mode 'insert'|'normal'
---@return string
function M.hints(pick, mode)
  local words = { '⏎ ' .. pick.enter }
  for _, key in ipairs(pick.keys) do
    table.insert(words, key[mode]:gsub('<C%-(%a)>', function(letter)
      return '^' .. letter:upper()
    end) .. ' ' .. key.word)
  end
  return table.concat(words, '  ')
end

return M
