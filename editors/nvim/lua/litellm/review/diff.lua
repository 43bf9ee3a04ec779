-- A difference, drawn into the text itself.
local plain = require('litellm.plain')

local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.review')

---Takes what is drawn away.
---@param buffer integer
function M.clear(buffer)
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
end

---@param buffer integer
---@param hints string[][]
---@param about string[][]
---@return string[][][]
local function below(buffer, hints, about)
  local width = 0
  for _, part in ipairs(vim.list_extend(vim.list_slice(hints), about)) do
    width = width + vim.api.nvim_strwidth(part[1])
  end
  local has_room = vim.iter(vim.fn.win_findbuf(buffer)):all(function(window)
    return width <= vim.api.nvim_win_get_width(window) - vim.fn.getwininfo(window)[1].textoff
  end)
  return has_room and { vim.list_extend(hints, about) } or { hints, about }
end

---Draws the difference: what went as lines of its own, what came marked where it stands.
---@param buffer integer
---@param before string[] the lines that stood there
---@param row integer the first of the lines that stand there now
---@param end_row integer the last of them
---@param hints string[][] what stands below: texts with their highlights
---@param about string[][] what stands behind that, or below it where a window has no room for both in one line
function M.draw(buffer, before, row, end_row, hints, about)
  local lines = vim.api.nvim_buf_get_lines(buffer, row, end_row + 1, false)
  local hunks = vim.diff(
    table.concat(before, '\n') .. '\n',
    table.concat(lines, '\n') .. '\n',
    { result_type = 'indices', algorithm = 'histogram' }
  ) --[[@as litellm.Hunk[] ]]
  for _, hunk in ipairs(hunks) do
    local from, gone, at, came = unpack(hunk)
    local removed = vim.tbl_map(function(line)
      return { { plain.line(line) .. ' ', 'DiffDelete' } }
    end, vim.list_slice(before, from, from + gone - 1))
    local target = row + at - 1
    if gone > 0 then
      vim.api.nvim_buf_set_extmark(buffer, namespace, math.max(target, 0), 0, {
        virt_lines = removed,
        -- What went where nothing came stood behind the line that is named.
        virt_lines_above = came > 0 or target < 0,
      })
    end
    for line = target, target + came - 1 do
      vim.api.nvim_buf_set_extmark(buffer, namespace, line, 0, { line_hl_group = 'DiffAdd' })
    end
    if target == 0 and gone > 0 then
      -- Neovim shows lines above the first one only where the window has room for them.
      for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
        vim.api.nvim_win_call(window, function()
          if vim.fn.line('w0') == 1 then
            vim.fn.winrestview({ topline = 1, topfill = gone })
          end
        end)
      end
    end
  end
  vim.api.nvim_buf_set_extmark(buffer, namespace, end_row, 0, { virt_lines = below(buffer, hints, about) })
end

return M
