-- What the plugin says to the user.
local M = {}

---@param text string
function M.info(text)
  vim.notify('LiteLLM: ' .. text)
end

---@param text string
function M.warn(text)
  vim.notify('LiteLLM: ' .. text, vim.log.levels.WARN)
end

---What went wrong, and on the next line what to do. Nothing for an empty message: the user was told already.
---@param error litellm.ResponseError
function M.error(error)
  if error.message == '' then
    return
  end
  local lines = { 'LiteLLM: ' .. error.message }
  local data = error.data or {}
  for _, problem in ipairs(data.problems or {}) do
    table.insert(lines, ('%s: %s: %s'):format(problem.path, problem.reason, problem.remedy))
  end
  if data.remedy and not data.problems then
    table.insert(lines, data.remedy)
  end
  vim.notify(table.concat(lines, '\n'), vim.log.levels.ERROR)
end

---Shows lines of Markdown beside the cursor; they go when it moves.
---@param lines string[]
function M.float(lines)
  vim.lsp.util.open_floating_preview(
    lines,
    'markdown',
    { border = 'rounded', title = ' LiteLLM ', wrap = false }
  )
end

return M
