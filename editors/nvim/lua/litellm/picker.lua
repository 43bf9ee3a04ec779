-- A list in a window of its own, with a line to filter it: for a Neovim whose `vim.ui.select` is only a pager.
local plain = require('litellm.plain')

local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.picker')

---@class litellm.Picker
---@field title string
---@field footer string which keys there are
---@field lines fun(width: integer): string[] the rows, no wider than that; called again where the width changes
---@field texts string[] what the filter looks at, one for each row
---@field keys table<string, any> what each key besides <CR> means
---@field done fun(number?: integer, key?: any) the number of the chosen row, none where the user gives up

---The numbers of the rows that a filter leaves, best first: those with all its words, else those that are like it.
---@param texts string[]
---@param filter string
---@return integer[]
function M.filtered(texts, filter)
  local words = vim.split(vim.fn.tolower(filter), '%s+', { trimempty = true })
  local found = {}
  for number, text in ipairs(texts) do
    local lower = vim.fn.tolower(text)
    local has_all = vim.iter(words):all(function(word)
      return lower:find(word, 1, true) ~= nil
    end)
    if has_all then
      table.insert(found, number)
    end
  end
  if #found == 0 then
    local numbered = {}
    for number, text in ipairs(texts) do
      table.insert(numbered, { number = number, text = text })
    end
    found = vim.tbl_map(function(like)
      return like.number
    end, vim.fn.matchfuzzy(numbered, filter, { key = 'text' }))
  end
  return found
end

---Opens the list, and waits for a choice in it.
---@param picker litellm.Picker
function M.open(picker)
  local found, at, lines = {}, 1, {}
  local list = vim.api.nvim_create_buf(false, true)
  local input = vim.api.nvim_create_buf(false, true)
  local list_window, input_window ---@type integer, integer
  local before = vim.api.nvim_get_current_win()

  local function place()
    local room = vim.o.columns - 4
    lines = picker.lines(room)
    local width = 20
    for _, line in ipairs(lines) do
      width = math.max(width, vim.fn.strdisplaywidth(line))
    end
    width = math.min(math.max(width, vim.fn.strdisplaywidth(picker.footer) + 2), room)
    local height = math.max(1, math.min(#lines, vim.o.lines - vim.o.cmdheight - 7))
    local row = math.max(0, math.floor((vim.o.lines - vim.o.cmdheight - height - 5) / 2))
    local shared = {
      relative = 'editor',
      col = math.floor((vim.o.columns - width - 2) / 2),
      width = width,
      style = 'minimal',
      border = 'rounded',
    }
    return vim.tbl_extend('force', shared, {
      row = row,
      height = 1,
      title = ' ' .. plain.short(picker.title, width - 2) .. ' ',
    }),
      vim.tbl_extend('force', shared, {
        row = row + 3,
        height = height,
        footer = ' ' .. plain.short(picker.footer, width - 2) .. ' ',
        focusable = false,
      })
  end

  local function show()
    vim.api.nvim_buf_set_lines(
      list,
      0,
      -1,
      false,
      vim.tbl_map(function(number)
        return lines[number]
      end, found)
    )
    vim.api.nvim_buf_clear_namespace(list, namespace, 0, -1)
    at = math.max(1, math.min(at, #found))
    if #found > 0 then
      vim.api.nvim_buf_set_extmark(list, namespace, at - 1, 0, { line_hl_group = 'PmenuSel' })
      vim.api.nvim_win_set_cursor(list_window, { at, 0 })
    end
  end

  local function filter()
    found = M.filtered(picker.texts, vim.api.nvim_buf_get_lines(input, 0, 1, false)[1] or '')
    at = 1
    show()
  end

  local over = false
  local function close(number, key)
    if over then
      return
    end
    over = true
    vim.cmd.stopinsert()
    for _, window in ipairs({ input_window, list_window }) do
      pcall(vim.api.nvim_win_close, window, true)
    end
    for _, buffer in ipairs({ input, list }) do
      pcall(vim.api.nvim_buf_delete, buffer, { force = true })
    end
    if vim.api.nvim_win_is_valid(before) then
      vim.api.nvim_set_current_win(before)
    end
    vim.schedule(function()
      picker.done(number, key)
    end)
  end

  local input_place, list_place = place()
  list_window = vim.api.nvim_open_win(list, false, list_place)
  input_window = vim.api.nvim_open_win(input, true, input_place)
  vim.bo[input].bufhidden = 'wipe'

  local function map(keys, run)
    for _, key in ipairs(keys) do
      vim.keymap.set({ 'i', 'n' }, key, run, { buffer = input, nowait = true })
    end
  end
  local function by(step)
    return function()
      at = at + step
      show()
    end
  end
  map({ '<Down>', '<C-n>' }, by(1))
  map({ '<Up>', '<C-p>' }, by(-1))
  map({ '<PageDown>', '<C-f>' }, by(list_place.height))
  map({ '<PageUp>', '<C-b>' }, by(-list_place.height))
  map({ '<Esc>', '<C-c>' }, function()
    close()
  end)
  map({ '<CR>' }, function()
    if found[at] then
      close(found[at])
    end
  end)
  for key, meaning in pairs(picker.keys) do
    map({ key }, function()
      close(found[at] or 0, meaning)
    end)
  end
  vim.api.nvim_create_autocmd({ 'TextChangedI', 'TextChanged' }, { buffer = input, callback = filter })
  vim.api.nvim_create_autocmd('WinLeave', {
    buffer = input,
    callback = function()
      vim.schedule(close)
    end,
  })
  vim.api.nvim_create_autocmd('VimResized', {
    buffer = input,
    callback = function()
      input_place, list_place = place()
      vim.api.nvim_win_set_config(input_window, input_place)
      vim.api.nvim_win_set_config(list_window, list_place)
      show()
    end,
  })
  filter()
  vim.cmd.startinsert()
end

return M
