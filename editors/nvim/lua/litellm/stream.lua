-- Writes an answer into a buffer while it comes, where it belongs whatever else is edited meanwhile.
local cursors = require('litellm.stream.cursors')
local plain = require('litellm.plain')
local taken = require('litellm.stream.taken')
local t = require('litellm.language').t

local M = {}

---What draws the word at each place where nothing has come yet, and how many questions the user has to answer first.
---@type table<fun(), true>
local words = {}
local questions = 0

local namespace = vim.api.nvim_create_namespace('litellm.stream')

---How many times as long as it took to write a piece nothing is written then, so that one can type: what Neovim does at
---a change may take the longer the longer the text is.
local PATIENCE = 2

---@class litellm.Writer
---@field append fun(text: string) adds to what is written, at the latest in the next tick unless writing takes long
---@field settle fun(text: string): boolean puts a text in the place of all that is written; false where it can't
---@field restore fun() puts back what stood there before
---@field hold fun(): fun(text: string): boolean keeps the place, to write there later if what stands there is unchanged
---@field note fun(text: string) shows a word where the text will come
---@field written fun(): boolean whether anything came
---@field region fun(): litellm.Range, string where what is written stands, and what stood there before
---@field apart fun(): string?, string?, string? what stands before the answer, what has come of it, and what others typed
---into it and behind it; none before it has begun
---Writes what is left, and lets go of the buffer. What was cut off is marked at its end, which stands so many lines above
---that of what was written.
---@field close fun(cut?: string, below?: integer)

---@class litellm.Place
---@field buffer integer
---@field range litellm.Range
---@field follow? boolean whether cursors at its end go along
---@field own? boolean whether the place is the answer's alone: what others do in it does not end the writing

---Why no more is written: the buffer is gone, the user took back what was written, changed it, or made the buffer
---unmodifiable.
---@alias litellm.Stopped 'gone'|'undone'|'changed'|'fixed'

---Has the user answer a question, before which nothing goes out.
---@generic T
---@param ask fun(): T
---@return T
function M.asking(ask)
  local function count(more)
    questions = questions + more
    for show_word in pairs(words) do
      show_word()
    end
  end
  count(1)
  local answer = ask()
  count(-1)
  return answer
end

---Begins to write. What is in the range is replaced with the first piece, and all of it is one step of undo, the last
---one, also where something else is changed in between.
---@param place litellm.Place
---@param stopped fun(why: litellm.Stopped)
---@return litellm.Writer
function M.open(place, stopped)
  local buffer = place.buffer
  local mark, tick ---@type integer, integer?
  local pieces, scheduled, started, closed = {}, false, false, false
  local pause, ends = 0, plain.line_ends()
  ---Whether something else was changed since the first piece, so that what is written is several steps of undo.
  local is_split = false

  local function set_mark(row, col, end_row, end_col, word, position)
    mark = vim.api.nvim_buf_set_extmark(buffer, namespace, row, col, {
      id = mark,
      end_row = end_row,
      end_col = end_col,
      -- What is typed at either border stays outside.
      right_gravity = row ~= end_row or col ~= end_col,
      end_right_gravity = false,
      virt_text = word and { { word, 'Comment' } } or nil,
      virt_text_pos = word and position or nil,
    })
  end

  ---@return integer row
  ---@return integer col
  ---@return integer end_row
  ---@return integer end_col
  local function region()
    local found = vim.api.nvim_buf_get_extmark_by_id(buffer, namespace, mark, { details = true }) --[[@as litellm.Mark]]
    if place.own then
      return require('litellm.stream.typed').within(buffer, found)
    end
    return found[1], found[2], found[3].end_row, found[3].end_col
  end

  local function text_in(row, col, end_row, end_col)
    return table.concat(vim.api.nvim_buf_get_text(buffer, row, col, end_row, end_col, {}), '\n')
  end

  ---The place until something is written there. A chat takes an answer whatever becomes of that.
  local held = not place.own and require('litellm.held').hold(buffer, place.range) or nil

  local word = '' ---@type string
  ---Shows where the text will come that it is asked for, unless the user has to say first whether it may be.
  local function show_word()
    if not started and not closed and vim.api.nvim_buf_is_loaded(buffer) then
      local from_row, from_col, to_row, to_col = region()
      local shown = questions > 0 and t('not sent yet') or '… ' .. word
      set_mark(from_row, from_col, to_row, to_col, '   ' .. shown, 'eol')
    end
  end

  local function let_go()
    closed = true
    words[show_word] = nil
    taken.leave(place)
    if held then
      held.let_go()
    end
    if vim.api.nvim_buf_is_loaded(buffer) then
      vim.api.nvim_buf_del_extmark(buffer, namespace, mark)
    end
  end

  local function stop(why)
    if not closed then
      let_go()
      stopped(why)
    end
  end

  local row, col, end_row, end_col = unpack(place.range)
  local original = text_in(row, col, end_row, end_col)
  ---What stands in the region, if nobody changed it.
  local parts = { original }

  ---Runs what writes. Who makes a chat unmodifiable amid an answer does so to read it.
  local function writing(run)
    if not place.own or vim.bo[buffer].modifiable then
      return run()
    end
    vim.bo[buffer].modifiable = true
    local ok, problem = pcall(run)
    vim.bo[buffer].modifiable = false
    if not ok then
      error(problem, 0)
    end
  end

  ---A step of undo begins or ends here, also where the user is amid one.
  local function break_undo()
    vim.cmd('let &l:undolevels = &l:undolevels')
  end

  ---Whether the text that was to be replaced is not there any more.
  local function is_taken_out()
    local readable, found = pcall(function()
      return text_in(region())
    end)
    return original ~= '' and readable and found == ''
  end

  ---Writes behind what is written, or in the place of all of it.
  local function put(text, whole)
    if held and not held.range() then
      return stop(is_taken_out() and 'undone' or 'changed')
    elseif held then
      held.let_go()
      held = nil
    end
    local from_row, from_col, to_row, to_col = region()
    if tick ~= vim.api.nvim_buf_get_changedtick(buffer) then
      local found = text_in(from_row, from_col, to_row, to_col)
      if found ~= table.concat(parts) then
        if not place.own then
          return stop((found == original or found == '') and 'undone' or 'changed')
        elseif vim.trim(found) == '' and not whole then
          -- It was taken out, by an undo for one: it is written anew.
          text, whole = table.concat(parts) .. text, true
        end
      end
    end
    whole = whole or not started
    is_split = is_split or started and tick ~= vim.api.nvim_buf_get_changedtick(buffer)
    local windows = place.follow and cursors.at(buffer, to_row, to_col) or {}
    local lines = vim.split(text, '\n', { plain = true })
    local at_row, at_col = to_row, to_col
    if whole then
      at_row, at_col = from_row, from_col
    end
    writing(function()
      vim.api.nvim_buf_call(buffer, function()
        if started and tick == vim.api.nvim_buf_get_changedtick(buffer) then
          vim.cmd.undojoin()
        else
          break_undo()
        end
        vim.api.nvim_buf_set_text(buffer, at_row, at_col, to_row, to_col, lines)
      end)
    end)
    started, tick = true, vim.api.nvim_buf_get_changedtick(buffer)
    parts = whole and {} or parts
    table.insert(parts, text)
    local new_row, new_col = at_row + #lines - 1, (#lines == 1 and at_col or 0) + #lines[#lines]
    set_mark(from_row, from_col, new_row, new_col)
    cursors.move(windows, new_row, new_col)
    return true
  end

  ---Makes one step of undo of all that is written, where what somebody else changed stands between its pieces: takes it
  ---back, and writes it once more. What else was changed stays.
  local function join()
    is_split = is_split or tick ~= vim.api.nvim_buf_get_changedtick(buffer)
    if not started or not is_split then
      return
    end
    local text = table.concat(parts)
    local from_row, from_col, to_row, to_col = region()
    if text_in(from_row, from_col, to_row, to_col) ~= text then
      return
    end
    local before = vim.iter(vim.fn.win_findbuf(buffer)):fold({}, function(kept, window)
      kept[window] = vim.api.nvim_win_get_cursor(window)
      return kept
    end)
    put(original, true)
    -- The next piece is the first of a new step.
    started = false
    put(text)
    for window, cursor in pairs(before) do
      pcall(vim.api.nvim_win_set_cursor, window, cursor)
    end
  end

  ---Whether it could be written.
  local function try_to_put(text, whole)
    if closed then
      return false
    elseif not vim.api.nvim_buf_is_loaded(buffer) then
      stop('gone')
      return false
    end
    local ok, written = pcall(put, text, whole)
    if not ok then
      stop(vim.bo[buffer].modifiable and 'changed' or 'fixed')
    end
    return ok and written == true
  end

  ---Writes what has come. A line end waits for what follows it, or for the end: what the user types on the line behind the
  ---last one is theirs, and nothing is to be glued to it.
  ---@param all? boolean
  local function flush(all)
    scheduled = false
    local text = table.concat(pieces)
    local waits = not all and text:match('\n%s*$') or ''
    pieces = waits ~= '' and { waits } or {}
    text = text:sub(1, #text - #waits)
    if text ~= '' then
      local begin = vim.uv.hrtime()
      try_to_put(text)
      pause = PATIENCE * math.floor((vim.uv.hrtime() - begin) / 1e6)
    end
  end

  ---Puts all that is written in its place, where others have changed something there, and what they typed behind it.
  local function put_right()
    local from_row, from_col, to_row, to_col = region()
    local found, written = text_in(from_row, from_col, to_row, to_col), table.concat(parts)
    if not place.own or not started or found == written then
      return
    end
    local typed = require('litellm.stream.typed').into(found, written)
    local typing = vim.tbl_filter(function(window)
      local at = vim.api.nvim_win_get_cursor(window)
      return at[1] > from_row and (at[1] <= to_row or at[1] == to_row + 1 and at[2] <= to_col)
    end, vim.fn.win_findbuf(buffer))
    put(written, true)
    if vim.trim(typed) ~= '' then
      local _, _, last_row, last_col = region()
      writing(function()
        require('litellm.stream.typed').put_behind(buffer, last_row, last_col, typed, typing)
      end)
    end
  end

  local attach ---@type fun()

  ---Goes on in a text that was read anew, as by `:edit!`, where that is as it was.
  ---@param lines string[] what it was
  ---@param at litellm.Range
  local function go_on(lines, at)
    if closed then
      return
    elseif not vim.api.nvim_buf_is_loaded(buffer) then
      return stop('gone')
    elseif not vim.deep_equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), lines) then
      return stop('changed')
    end
    set_mark(unpack(at))
    held = held and require('litellm.held').hold(buffer, at)
    is_split, tick = true, vim.api.nvim_buf_get_changedtick(buffer)
    attach()
  end

  function attach()
    vim.api.nvim_buf_attach(buffer, false, {
      on_lines = function()
        return closed
      end,
      on_reload = vim.schedule_wrap(function()
        stop('changed')
      end),
      -- `:edit!` detaches, too.
      on_detach = function()
        local is_loaded = not closed and vim.api.nvim_buf_is_loaded(buffer)
        local lines = is_loaded and vim.api.nvim_buf_get_lines(buffer, 0, -1, false) or {}
        local at = is_loaded and { region() } or place.range
        vim.schedule(function()
          go_on(lines, at)
        end)
      end,
    })
  end

  require('litellm.stream.cut').clear(buffer)
  set_mark(row, col, end_row, end_col, ' … ', 'inline')
  if not place.own then
    taken.take(place, function()
      return { region() }
    end)
  end
  attach()
  return {
    append = function(text)
      table.insert(pieces, ends(text))
      if not scheduled and not closed then
        scheduled = true
        local function write()
          require('litellm.idle').run(function()
            flush()
          end)
        end
        if pause == 0 then
          vim.schedule(write)
        else
          vim.defer_fn(write, pause)
        end
      end
    end,
    settle = function(text)
      flush(true)
      text = table.concat(plain.lines(text), '\n')
      return not closed and (text == table.concat(parts) or try_to_put(text, true))
    end,
    restore = function()
      pieces = {}
      if started and try_to_put(original, true) then
        started = false
        require('litellm.modified').compare(buffer)
      end
    end,
    hold = function()
      if closed then
        return function()
          return false
        end
      end
      local later = require('litellm.held').hold(buffer, { region() })
      return function(text)
        local at = later.range()
        if not at or not vim.bo[buffer].modifiable then
          return false
        end
        later.let_go()
        vim.api.nvim_buf_set_text(buffer, at[1], at[2], at[3], at[4], plain.lines(text))
        return true
      end
    end,
    note = function(text)
      word = plain.line(text)
      words[show_word] = true
      show_word()
    end,
    region = function()
      flush(true)
      return { region() }, original
    end,
    written = function()
      return started or #pieces > 0
    end,
    apart = function()
      if closed or not started or not vim.api.nvim_buf_is_loaded(buffer) then
        return nil
      end
      local written = table.concat(parts)
      local from_row, from_col, to_row, to_col = region()
      local typed = require('litellm.stream.typed').into(text_in(from_row, from_col, to_row, to_col), written)
      return text_in(0, 0, from_row, from_col),
        written .. table.concat(pieces),
        typed .. text_in(to_row, to_col, -1, -1)
    end,
    close = function(cut, below)
      flush(true)
      if not closed and vim.api.nvim_buf_is_loaded(buffer) and not (pcall(put_right) and pcall(join)) then
        stop('changed')
      end
      if closed then
        return
      end
      local _, _, to_row, to_col = region()
      let_go()
      if started then
        vim.api.nvim_buf_call(buffer, break_undo)
      end
      if started and cut then
        local cut_row = to_row - (below or 0) --[[@as integer]]
        local cut_col = cut_row == to_row and to_col
          or #vim.api.nvim_buf_get_lines(buffer, cut_row, cut_row + 1, false)[1]
        require('litellm.stream.cut').mark(buffer, cut_row, cut_col, cut)
      end
    end,
  }
end

return M
