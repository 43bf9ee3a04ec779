-- The mark behind a text that is not all of an answer.
local plain = require('litellm.plain')

local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.cut')

---Takes the mark away.
---@param buffer integer
function M.clear(buffer)
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
end

---Says behind a text that it is not all of it, until that text goes or is saved. Nothing of this is in the buffer.
---@param buffer integer
---@param row integer
---@param col integer
---@param why string
function M.mark(buffer, row, col, why)
  local from = col > 0 and { row, col - 1 } or { math.max(row - 1, 0), 0 }
  vim.api.nvim_buf_set_extmark(buffer, namespace, from[1], from[2], {
    end_row = row,
    end_col = col,
    invalidate = true,
    undo_restore = false,
    virt_text = { { ' ✂ ' .. plain.line(why) .. ' ', 'DiagnosticVirtualTextWarn' } },
    virt_text_pos = 'eol',
  })
  vim.api.nvim_create_autocmd('BufWritePost', {
    buffer = buffer,
    once = true,
    callback = function()
      M.clear(buffer)
    end,
  })
end

return M
