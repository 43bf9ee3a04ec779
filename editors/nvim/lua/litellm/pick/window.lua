-- Lists in a window of our own: a line to filter by, and below it the rows that it leaves.
local plain = require('litellm.plain')

local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.pick')

---How many rows are shown that are only like a filter.
local LIKE = 100
---How many are put in order by how like they are: of thousands that would take longer than a key may.
local COMPARED = 500

function M.installed()
  return true
end

---Whether a text has the letters of each word in their order, whatever stands between them: no other is like them.
---@param text string
---@param words string[]
---@return boolean
local function has_letters(text, words)
  for _, word in ipairs(words) do
    local at = 0
    for byte = 1, #word do
      local found = text:find(word:sub(byte, byte), at + 1, true)
      if not found then
        return false
      end
      at = found
    end
  end
  return true
end

---The numbers of the rows that a filter leaves: those with all its words, else those that are like it, best first.
---@param texts string[] all in lower case
---@param filter string
---@return integer[]
function M.filtered(texts, filter)
  local words = vim.split(filter:lower(), '%s+', { trimempty = true })
  local found = {}
  for number, text in ipairs(texts) do
    local has_all = true
    for _, word in ipairs(words) do
      has_all = has_all and text:find(word, 1, true) ~= nil
    end
    if has_all then
      found[#found + 1] = number
    end
  end
  if #found > 0 then
    return found
  end
  local alike, numbers_of = {}, {}
  for number, text in ipairs(texts) do
    if #alike < COMPARED and has_letters(text, words) then
      if not numbers_of[text] then
        numbers_of[text] = {}
        alike[#alike + 1] = text
      end
      table.insert(numbers_of[text], number)
    end
  end
  for _, text in ipairs(vim.fn.matchfuzzy(alike, filter, { limit = LIKE })) do
    vim.list_extend(found, numbers_of[text])
  end
  return found
end

---@class litellm.ListPlace: vim.api.keyset.win_config
---@field width integer
---@field height integer

---Where the two windows are, and how wide the rows may be.
---@param pick litellm.Pick
---@return litellm.ListPlace input
---@return litellm.ListPlace list
---@return string[][] cells
local function place(pick)
  local room = vim.o.columns - 4
  local cells = require('litellm.pick').cells(pick, room - 2)
  local hints = require('litellm.pick').hints(pick, 'insert')
  local width = math.max(vim.api.nvim_strwidth(hints) + 4, vim.api.nvim_strwidth(pick.title) + 4, 40)
  for _, row in ipairs(cells) do
    width = math.max(width, vim.api.nvim_strwidth(table.concat(row, '  ')) + 2)
  end
  width = math.min(width, room)
  local height = math.max(1, math.min(#cells, vim.o.lines - vim.o.cmdheight - 6))
  local top = math.max(0, math.floor((vim.o.lines - vim.o.cmdheight - height - 4) / 2))
  local both = {
    relative = 'editor',
    col = math.floor((vim.o.columns - width - 2) / 2),
    width = width,
    style = 'minimal',
    zindex = 60,
  }
  local input = vim.tbl_extend('force', both, {
    row = top,
    height = 1,
    border = { '╭', '─', '╮', '│', '', '', '', '│' },
    title = ' ' .. plain.short(pick.title, width - 4) .. ' ',
  }) --[[@as litellm.ListPlace]]
  local list = vim.tbl_extend('force', both, {
    row = top + 2,
    height = height,
    border = { '├', '─', '┤', '│', '╯', '─', '╰', '│' },
    footer = '',
    focusable = false,
  }) --[[@as litellm.ListPlace]]
  return input, list, cells
end

---@param pick litellm.Pick
function M.open(pick)
  local before = vim.api.nvim_get_current_win()
  local texts = vim.tbl_map(function(row)
    return vim.fn.tolower(row.search)
  end, pick.rows)
  local input_place, list_place, cells = place(pick)
  ---The rows that the filter leaves, which of them is chosen, and which is the first that is seen.
  local found, at, top = {}, 1, 1

  local list = vim.api.nvim_create_buf(false, true)
  local input = vim.api.nvim_create_buf(false, true)
  vim.bo[list].bufhidden, vim.bo[input].bufhidden = 'wipe', 'wipe'
  local list_window = vim.api.nvim_open_win(list, false, list_place)
  local input_window = vim.api.nvim_open_win(input, true, input_place)
  vim.wo[list_window][0].wrap = false
  vim.w[list_window].litellm_list = true

  local last_typed = pick.filter
  local function typed()
    if vim.api.nvim_buf_is_valid(input) then
      last_typed = vim.api.nvim_buf_get_lines(input, 0, 1, false)[1] or ''
    end
    return last_typed
  end

  ---Draws what is seen of the rows, and no more: there may be thousands.
  local function draw()
    at = math.max(1, math.min(at, #found))
    top = math.max(math.min(top, at), at - list_place.height + 1, 1)
    local seen = vim.list_slice(found, top, top + list_place.height - 1)
    vim.api.nvim_buf_set_lines(
      list,
      0,
      -1,
      false,
      vim.tbl_map(function(number)
        return ' ' .. table.concat(cells[number], '  ')
      end, seen)
    )
    vim.api.nvim_buf_clear_namespace(list, namespace, 0, -1)
    for row, number in ipairs(seen) do
      local col = 1
      for column, cell in ipairs(cells[number]) do
        vim.api.nvim_buf_set_extmark(list, namespace, row - 1, col, {
          end_col = col + #cell,
          hl_group = pick.highlights[column],
        })
        col = col + #cell + 2
      end
    end
    if #seen > 0 then
      vim.api.nvim_buf_set_extmark(list, namespace, at - top, 0, { line_hl_group = 'Visual', priority = 50 })
    end
    vim.api.nvim_buf_clear_namespace(input, namespace, 0, -1)
    if not pick.is_question then
      vim.api.nvim_buf_set_extmark(input, namespace, 0, 0, {
        virt_text = { { ('%d/%d '):format(#found, #pick.rows), 'Comment' } },
        virt_text_pos = 'right_align',
      })
    end
  end

  ---Filters by what is typed. Neovim tells of that only once no more keys wait, so each key looks, too.
  local filtered_by ---@type string?
  local function filter()
    if typed() ~= filtered_by then
      filtered_by = typed()
      found = M.filtered(texts, filtered_by)
      at, top = 1, 1
      draw()
    end
  end

  local over = false
  local function close(number, key)
    if over then
      return
    end
    over = true
    local text = typed()
    vim.cmd.stopinsert()
    -- A file that was opened in it goes to the window from which it came.
    local shown = vim.api.nvim_win_is_valid(input_window) and vim.api.nvim_win_get_buf(input_window) or input
    if shown ~= input and vim.api.nvim_win_is_valid(before) then
      vim.api.nvim_win_set_buf(before, shown)
    end
    for _, window in ipairs({ input_window, list_window }) do
      pcall(vim.api.nvim_win_close, window, true)
    end
    if vim.api.nvim_win_is_valid(before) then
      vim.api.nvim_set_current_win(before)
    end
    vim.schedule(function()
      pick.done(number, key, text)
    end)
  end

  local function show_hints()
    local mode = vim.api.nvim_get_mode().mode:find('^i') and 'insert' or 'normal'
    local hints = require('litellm.pick').hints(pick, mode)
    list_place.footer = ' ' .. plain.short(hints, list_place.width - 4) .. ' '
    pcall(vim.api.nvim_win_set_config, list_window, list_place)
  end

  local function map(modes, keys, run)
    for _, key in ipairs(keys) do
      vim.keymap.set(modes, key, run, { buffer = input, nowait = true })
    end
  end
  local function by(step)
    return function()
      filter()
      at = at + step
      draw()
    end
  end
  local both = { 'i', 'n' }
  map(both, { '<Down>', '<C-n>', '<C-j>' }, by(1))
  map(both, { '<Up>', '<C-p>', '<C-k>' }, by(-1))
  map('n', { 'j' }, by(1))
  map('n', { 'k' }, by(-1))
  map(both, { '<PageDown>', '<C-d>' }, by(list_place.height))
  map(both, { '<PageUp>', '<C-u>' }, by(-list_place.height))
  map('n', { 'gg' }, by(-#pick.rows))
  map('n', { 'G' }, by(#pick.rows))
  map('n', { '/' }, vim.cmd.startinsert)
  map('n', { '<Esc>', 'q' }, function()
    close()
  end)
  map(both, { '<C-c>' }, function()
    close()
  end)
  map(both, { '<CR>' }, function()
    filter()
    if found[at] then
      close(found[at])
    end
  end)
  for _, key in ipairs(pick.keys) do
    local function press()
      filter()
      close(found[at], key.name)
    end
    map('i', { key.insert }, press)
    map('n', { key.insert, key.normal }, press)
  end

  local function on(events, run)
    vim.api.nvim_create_autocmd(events, { buffer = input, callback = run })
  end
  on({ 'TextChangedI', 'TextChanged' }, filter)
  on({ 'InsertEnter', 'InsertLeave' }, vim.schedule_wrap(show_hints))
  on(
    { 'WinLeave', 'BufLeave' },
    vim.schedule_wrap(function()
      close()
    end)
  )
  on('VimResized', function()
    input_place, list_place, cells = place(pick)
    vim.api.nvim_win_set_config(input_window, input_place)
    show_hints()
    draw()
  end)

  vim.api.nvim_buf_set_lines(input, 0, -1, false, { pick.filter })
  filter()
  for position, number in ipairs(found) do
    if number == pick.at then
      at = position
      draw()
    end
  end
  if pick.is_question then
    vim.cmd.stopinsert()
    vim.bo[input].modifiable = false
  else
    vim.cmd('startinsert!')
  end
  vim.schedule(show_hints)
end

return M
