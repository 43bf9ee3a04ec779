-- What was typed into the place of an answer, amid it.
local M = {}

---@param text string
---@return string[]
local function characters(text)
  return vim.iter(text:gmatch('[%z\1-\127\194-\244][\128-\191]*')):totable()
end

---How many bytes two texts have in common at their begin, of whole characters. Of megabytes that come again with every
---piece no list of characters can be made.
---@param one string
---@param other string
---@return integer
local function common(one, other)
  local least, most = 0, math.min(#one, #other)
  while least < most do
    local middle = math.ceil((least + most) / 2)
    if one:sub(least + 1, middle) == other:sub(least + 1, middle) then
      least = middle
    else
      most = middle - 1
    end
  end
  local function is_within(text)
    return text:find('^[\128-\191]', least + 1) ~= nil
  end
  while least > 0 and (is_within(one) or is_within(other)) do
    least = least - 1
  end
  return least
end

---The part of a text that was not written there. Empty where the rest of what was written is all there is.
---@param found string what stands there
---@param written string
---@return string
function M.into(found, written)
  local same = common(found, written)
  if same == #found then
    return ''
  end
  local there, ours = characters(found:sub(same + 1)), characters(written:sub(same + 1))
  local shorter = math.min(#there, #ours)
  local first, last = 1, 0
  while first <= shorter and there[first] == ours[first] do
    first = first + 1
  end
  while last <= shorter - first and there[#there - last] == ours[#ours - last] do
    last = last + 1
  end
  local typed = vim.list_slice(there, first, #there - last)
  local at = first
  for _, character in ipairs(typed) do
    while ours[at] and ours[at] ~= character do
      at = at + 1
    end
    if not ours[at] then
      return table.concat(typed)
    end
    at = at + 1
  end
  return ''
end

---The region of a mark, within the lines that are left: where those behind it were deleted, it ends with the last one.
---@param buffer integer
---@param mark litellm.Mark
---@return integer row
---@return integer col
---@return integer end_row
---@return integer end_col
function M.within(buffer, mark)
  local last = vim.api.nvim_buf_line_count(buffer) - 1
  local length = #vim.api.nvim_buf_get_lines(buffer, last, last + 1, false)[1]
  ---@param row integer
  ---@param col integer
  ---@return integer, integer
  local function there(row, col)
    if row > last then
      return last, length
    end
    return row, col
  end
  local row, col = there(mark[1], mark[2])
  local end_row, end_col = there(mark[3].end_row, mark[3].end_col)
  if end_row < row or (end_row == row and end_col < col) then
    return row, col, row, col
  end
  return row, col, end_row, end_col
end

---Puts what was typed behind a place, on lines of its own; whoever was typing it goes on there.
---@param buffer integer
---@param row integer
---@param col integer
---@param typed string
---@param typing integer[] the windows where it was typed
function M.put_behind(buffer, row, col, typed, typing)
  local lines = vim.split(typed, '\n', { plain = true })
  local end_row, end_col = row + #lines - 1, (#lines == 1 and col or 0) + #lines[#lines]
  local rest = vim.api.nvim_buf_get_text(buffer, row, col, -1, -1, {})
  if vim.trim(table.concat(rest)) ~= '' then
    vim.list_extend(lines, { '', '' })
  end
  vim.api.nvim_buf_set_text(buffer, row, col, row, col, lines)
  for _, window in ipairs(typing) do
    vim.api.nvim_win_set_cursor(window, { end_row + 1, end_col })
  end
end

return M
