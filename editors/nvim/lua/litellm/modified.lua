-- Whether a buffer differs from its file.
local M = {}

---How lines end in a file, by 'fileformat'.
local LINE_ENDS = { unix = '\n', dos = '\r\n', mac = '\r' }

---Has a buffer with the text that its file has count as unmodified: putting a text back is a change like any other.
---@param buffer integer
function M.compare(buffer)
  local options = vim.bo[buffer]
  if not options.modified or options.buftype ~= '' or options.binary or options.bomb then
    return
  end
  local file = io.open(vim.api.nvim_buf_get_name(buffer), 'rb')
  local on_disk = file and file:read('*a')
  if file then
    file:close()
  end
  local line_end = LINE_ENDS[options.fileformat]
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), line_end)
  if on_disk == text .. (options.endofline and line_end or '') then
    options.modified = false
  end
end

return M
