-- Writes an answer into a buffer while it comes, where it belongs whatever else is edited meanwhile.
local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.stream')

---@class litellm.Writer
---@field append fun(text: string) adds to what is written, at the latest in the next tick
---@field note fun(text: string) shows a word where the text will come
---@field written fun(): boolean whether anything came
---@field close fun() writes what is left, and lets go of the buffer

---@class litellm.Place
---@field buffer integer
---@field range [integer, integer, integer, integer] first and last row and column, from 0, the end exclusive
---@field follow? boolean whether cursors on the last line go along

---Begins to write. What is in the range is replaced with the first piece, and all of it is one undo step, unless
---something else is changed in between.
---@param place litellm.Place
---@param stopped fun(why?: string) the buffer is gone, or what was written was changed
---@return litellm.Writer
function M.open(place, stopped)
  local buffer = place.buffer
  local mark, size, tick ---@type integer?, integer, integer?
  local pieces, carry, scheduled, started, closed = {}, '', false, false, false

  local function set_mark(row, col, end_row, end_col, word)
    mark = vim.api.nvim_buf_set_extmark(buffer, namespace, row, col, {
      id = mark,
      end_row = end_row,
      end_col = end_col,
      -- What is typed at either border stays outside.
      right_gravity = row ~= end_row or col ~= end_col,
      end_right_gravity = false,
      virt_text = word and { { word, 'Comment' } } or nil,
      virt_text_pos = word and 'inline' or nil,
    })
  end

  local function bytes(row, col, end_row, end_col)
    local offset = vim.api.nvim_buf_get_offset
    return offset(buffer, end_row) + end_col - offset(buffer, row) - col
  end

  local function region()
    local found = vim.api.nvim_buf_get_extmark_by_id(buffer, namespace, mark, { details = true })
    return found[1], found[2], found[3].end_row, found[3].end_col
  end

  local function close()
    if not closed then
      closed = true
      if vim.api.nvim_buf_is_loaded(buffer) then
        vim.api.nvim_buf_del_extmark(buffer, namespace, mark)
      end
    end
  end

  local function stop(why)
    if not closed then
      close()
      stopped(why)
    end
  end

  ---Cursors on the last line, where `follow` says so.
  local function followers()
    local last = vim.api.nvim_buf_line_count(buffer)
    return vim.iter(place.follow and vim.fn.win_findbuf(buffer) or {}):filter(function(window)
      return vim.api.nvim_win_get_cursor(window)[1] == last
    end)
  end

  local function write(text)
    local row, col, end_row, end_col = region()
    if bytes(row, col, end_row, end_col) ~= size then
      return stop('what it was writing was changed')
    end
    local windows = followers():totable()
    local lines = vim.split(text, '\n', { plain = true })
    local from_row, from_col = end_row, end_col
    if not started then
      from_row, from_col, size = row, col, 0
    end
    vim.api.nvim_buf_call(buffer, function()
      if tick == vim.api.nvim_buf_get_changedtick(buffer) then
        vim.cmd.undojoin()
      end
      vim.api.nvim_buf_set_text(buffer, from_row, from_col, end_row, end_col, lines)
    end)
    started, tick, size = true, vim.api.nvim_buf_get_changedtick(buffer), size + #text
    local last_col = (#lines == 1 and from_col or 0) + #lines[#lines]
    set_mark(row, col, from_row + #lines - 1, last_col)
    for _, window in ipairs(windows) do
      vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(buffer), 0 })
    end
  end

  local function flush(is_last)
    scheduled = false
    local text = carry .. table.concat(pieces)
    pieces, carry = {}, ''
    if not is_last and text:sub(-1) == '\r' then
      -- The other half of a line end may come with the next piece.
      text, carry = text:sub(1, -2), '\r'
    end
    if text == '' or closed then
      return
    end
    if not vim.api.nvim_buf_is_loaded(buffer) then
      return stop()
    end
    local ok, problem = pcall(write, (text:gsub('\r\n', '\n')))
    if not ok then
      stop(tostring(problem):gsub('^.-: ', ''))
    end
  end

  local row, col, end_row, end_col = unpack(place.range)
  size = bytes(row, col, end_row, end_col)
  set_mark(row, col, end_row, end_col, ' … ')
  vim.api.nvim_buf_attach(buffer, false, {
    on_lines = function()
      return closed
    end,
    on_detach = vim.schedule_wrap(function()
      stop()
    end),
  })
  return {
    append = function(text)
      table.insert(pieces, text)
      if not scheduled and not closed then
        scheduled = true
        vim.schedule(flush)
      end
    end,
    note = function(word)
      if not started and not closed then
        local from_row, from_col, to_row, to_col = region()
        set_mark(from_row, from_col, to_row, to_col, ' ' .. word .. ' ')
      end
    end,
    written = function()
      return started or #pieces > 0
    end,
    close = function()
      flush(true)
      close()
    end,
  }
end

return M
