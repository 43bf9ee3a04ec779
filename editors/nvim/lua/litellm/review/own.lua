-- What a user has written within an answer, and what stood there before the answer, put together.
local M = {}

---A difference between two texts: the first line and the count of lines in the one, and in the other.
---@alias litellm.Hunk [integer, integer, integer, integer]

---@param from string[]
---@param to string[]
---@return litellm.Hunk[]
local function hunks(from, to)
  local function text(lines)
    return table.concat(lines, '\n') .. '\n'
  end
  return vim.diff(text(from), text(to), { result_type = 'indices' }) --[[@as litellm.Hunk[] ]]
end

---The last line of a hunk's side, or the line behind which it would stand.
---@param first integer
---@param count integer
---@return integer
local function last_of(first, count)
  return count > 0 and first + count - 1 or first
end

---The lines that stood before an answer, with what its user has put between its lines since, or changed in those that
---had stood there before.
---@param original string[]
---@param answer string[] as it was written
---@param now string[] as it is now
---@return string[] lines
---@return boolean is_kept whether nothing that the user wrote is left out
function M.back(original, answer, now)
  local changes = hunks(answer, original)

  ---How many lines stood there before what is behind a line of the answer.
  ---@param line integer
  ---@return integer
  local function behind(line)
    local shift = 0
    for _, change in ipairs(changes) do
      local first, count, before, before_count = unpack(change)
      local last, last_before = last_of(first, count), last_of(before, before_count)
      if line < first then
        break
      elseif line <= last then
        return last_before
      end
      shift = last_before - last
    end
    return line + shift
  end

  ---Whether lines of the answer are those that stood there before.
  local function had_stood(first, last)
    return vim.iter(changes):all(function(change)
      return last < change[1]
        or first > last_of(change[1], change[2])
        or (change[2] == 0 and last == change[1])
    end)
  end

  local lines, is_kept = vim.list_slice(original), true
  local edits = hunks(answer, now)
  for number = #edits, 1, -1 do
    local first, count, at, added = unpack(edits[number])
    local own = vim.list_slice(now, at, at + added - 1)
    if count == 0 or had_stood(first, first + count - 1) then
      local place = behind(count == 0 and first or first - 1)
      for _ = 1, count do
        table.remove(lines, place + 1)
      end
      for offset, line in ipairs(own) do
        table.insert(lines, place + offset, line)
      end
    elseif added > 0 then
      is_kept = false
    end
  end
  return lines, is_kept
end

return M
