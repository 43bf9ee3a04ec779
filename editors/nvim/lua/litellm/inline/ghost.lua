-- The ghost text that stands at a place of a buffer.
local plain = require('litellm.plain')

local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.inline')

---What is shown at a place of a buffer: one of several texts, of which what is typed or taken goes.
---@class litellm.Ghost
---@field buffer integer
---@field row integer
---@field col integer
---@field texts string[]
---@field at integer

---@type litellm.Ghost?
M.shown = nil

---Takes it away.
function M.hide()
  if M.shown then
    pcall(vim.api.nvim_buf_clear_namespace, M.shown.buffer, namespace, 0, -1)
    M.shown = nil
  end
end

---@param ghost litellm.Ghost
function M.draw(ghost)
  M.shown = ghost
  vim.api.nvim_buf_clear_namespace(ghost.buffer, namespace, 0, -1)
  local lines = vim.split(ghost.texts[ghost.at], '\n', { plain = true })
  local count = #ghost.texts > 1 and (' (%d/%d)'):format(ghost.at, #ghost.texts) or ''
  vim.api.nvim_buf_set_extmark(ghost.buffer, namespace, ghost.row, ghost.col, {
    virt_text = { { lines[1], 'Comment' }, { count, 'NonText' } },
    virt_text_pos = 'inline',
    virt_lines = vim.tbl_map(function(line)
      return { { line, 'Comment' } }
    end, vim.list_slice(lines, 2)),
  })
end

---Shortens what is shown by what was typed of it. False where something else was typed.
---@return boolean
function M.typed_along()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  if not M.shown or M.shown.row ~= row - 1 or col < M.shown.col then
    return false
  end
  local typed = vim.api.nvim_get_current_line():sub(M.shown.col + 1, col)
  local text = M.shown.texts[M.shown.at]
  if not vim.startswith(text, typed) or #typed == #text then
    return false
  end
  M.draw({ buffer = M.shown.buffer, row = row - 1, col = col, texts = { text:sub(#typed + 1) }, at = 1 })
  return true
end

---The first word of a text, or its first line, or all of it.
---@param text string
---@param part 'all'|'word'|'line'
---@return string
function M.part(text, part)
  if part == 'word' then
    local word = vim.fn.matchstr(plain.for_vim(text), [=[^\_s*\%(\k\+\|[^[:keyword:][:space:]]\+\|$\)]=])
    return text:sub(1, #word)
  elseif part == 'line' then
    return text:match('^\n*[^\n]+') or text
  end
  return text
end

return M
