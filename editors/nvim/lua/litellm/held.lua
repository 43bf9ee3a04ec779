-- A place that somebody meant, held until it is used: it goes along with whatever is changed around it.
local t = require('litellm.language').t

local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.held')

---What is told where a place is gone.
M.GONE = t('the text has changed meanwhile: ask again')

---@class litellm.Held
---@field buffer integer
---@field place fun(): litellm.Range? where it is now, whatever stands there; none where it is gone
---@field range fun(): litellm.Range? the same; none where another text stands there, too
---@field let_go fun()

---A mark with the end of its place. Where it is gone it has no parts.
---@alias litellm.Mark [integer, integer, { end_row: integer, end_col: integer }]

---What is there as long as an empty place is: its line, or the end of one that is empty. None at the very beginning,
---which is always there.
---@param buffer integer
---@param row integer
---@param col integer
---@return litellm.Range?
local function around(buffer, row, col)
  local length = #vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
  if row == 0 and col == 0 then
    return nil
  elseif length > 0 then
    return { row, 0, row, length }
  elseif row + 1 < vim.api.nvim_buf_line_count(buffer) then
    return { row, 0, row + 1, 0 }
  end
  return { row - 1, #vim.api.nvim_buf_get_lines(buffer, row - 1, row, false)[1], row, 0 }
end

---@param buffer integer
---@param at litellm.Range
---@param options vim.api.keyset.set_extmark
---@return integer mark
local function mark_of(buffer, at, options)
  options.end_row, options.end_col = at[3], at[4]
  return vim.api.nvim_buf_set_extmark(buffer, namespace, at[1], at[2], options)
end

---Holds a place.
---@param buffer integer
---@param range litellm.Range
---@param grows? boolean whether what is typed at either border belongs to it; else that stays outside
---@return litellm.Held
function M.hold(buffer, range, grows)
  local is_empty = range[1] == range[3] and range[2] == range[4]
  local gravity = { right_gravity = not (is_empty or grows), end_right_gravity = grows == true }
  local mark = mark_of(buffer, range, gravity)
  local surroundings = is_empty and around(buffer, range[1], range[2])
  local neighbour = surroundings and mark_of(buffer, surroundings, {}) or nil
  local function text_in(at)
    return table.concat(vim.api.nvim_buf_get_text(buffer, at[1], at[2], at[3], at[4], {}), '\n')
  end
  local original = text_in(range)
  local is_held = true

  ---@param id integer
  ---@return litellm.Range?
  local function found(id)
    local there = vim.api.nvim_buf_get_extmark_by_id(buffer, namespace, id, { details = true }) --[[@as litellm.Mark]]
    return there[1] and { there[1], there[2], there[3].end_row, there[3].end_col }
  end

  ---Whether the text around an empty place was not taken out.
  local function is_surrounded()
    local at = not neighbour or found(neighbour)
    return at == true or at and (at[1] < at[3] or (at[1] == at[3] and at[2] < at[4]))
  end

  ---@return litellm.Range?
  ---@return string? text what stands there
  local function now()
    if not is_held or not vim.api.nvim_buf_is_loaded(buffer) then
      return nil
    end
    -- Where the text was read anew there are no marks.
    local at = is_surrounded() and (found(mark) or range)
    -- A mark may stand behind the last line.
    local readable, text = pcall(text_in, at or {})
    if readable and at and (text == original or found(mark)) then
      return at, text
    end
  end

  return {
    buffer = buffer,
    place = function()
      local at, text = now()
      return (text ~= '' or is_empty) and at or nil
    end,
    range = function()
      local at, text = now()
      return text == original and at or nil
    end,
    let_go = function()
      is_held = false
      if vim.api.nvim_buf_is_loaded(buffer) then
        vim.api.nvim_buf_del_extmark(buffer, namespace, mark)
        vim.api.nvim_buf_del_extmark(buffer, namespace, neighbour or mark)
      end
    end,
  }
end

return M
