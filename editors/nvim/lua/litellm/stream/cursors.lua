-- Cursors that go along with the end of what is written.
local M = {}

---Windows whose cursor goes along, each with how far it is behind that end: those at the end of the text, and those that
---type behind it in its line.
---@param buffer integer
---@param row integer
---@param col integer
---@return table<integer, integer>
function M.at(buffer, row, col)
  local behind = {}
  local is_end = row + 1 == vim.api.nvim_buf_line_count(buffer)
  local rest = #vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] - col
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    local cursor = vim.api.nvim_win_get_cursor(window)
    if cursor[1] == row + 1 and ((is_end and rest == 0) or (rest > 0 and cursor[2] >= col)) then
      behind[window] = math.max(cursor[2] - col, 0)
    end
  end
  return behind
end

---Has them be behind another place.
---@param windows table<integer, integer>
---@param row integer
---@param col integer
function M.move(windows, row, col)
  for window, behind in pairs(windows) do
    vim.api.nvim_win_set_cursor(window, { row + 1, col + behind })
  end
end

return M
