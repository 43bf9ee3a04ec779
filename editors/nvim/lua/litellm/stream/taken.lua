-- Where answers are being written into texts: two in one place would be mixed.
local M = {}

---@type table<litellm.Place, fun(): litellm.Range>
local taken = {}

---An answer is written at a place from now on.
---@param place litellm.Place
---@param region fun(): litellm.Range where what is written stands
function M.take(place, region)
  taken[place] = region
end

---@param place litellm.Place
function M.leave(place)
  taken[place] = nil
end

---Whether a place of a text lies behind another one.
local function is_behind(row, col, other_row, other_col)
  return row > other_row or (row == other_row and col > other_col)
end

---Whether an answer is being written at a place, or next to it.
---@param buffer integer
---@param range litellm.Range
---@return boolean
function M.is_taken(buffer, range)
  return vim.iter(pairs(taken)):any(function(place, region)
    -- Of a text that is read anew just now nobody knows.
    local known, at = pcall(region)
    return place.buffer == buffer
      and known
      and not is_behind(range[1], range[2], at[3], at[4])
      and not is_behind(at[1], at[2], range[3], range[4])
  end)
end

return M
