-- `:LiteLLM usage`: what was spent lately, by model, and what is left of budgets.
local columns = require('litellm.columns')
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local session = require('litellm.session')
local task = require('litellm.task')
local t = require('litellm.language').t

local M = {}

---What this session counted itself, for a server that makes no page.
---@return string[]
local function own_lines()
  local cost = session.money(session.cost)
  if session.unpriced > 0 then
    cost = t('{0}, and {1} answers whose cost is unknown', cost, session.unpriced)
  end
  return {
    t('{0} answers in this session', session.answers),
    t('{0} tokens in, {1} out', session.input_tokens, session.output_tokens),
    cost,
  }
end

function M.show()
  task.start(function()
    local error, report = require('litellm.slow').wait(task.request, protocol.methods.usage, { page = true })
    if error then
      return notify.error(error)
    end
    local page = report.page and vim.split(vim.trim(report.page), '\n', { plain = true })
    notify.float(page and columns.read(page, vim.o.columns - 6) or own_lines())
  end)
end

return M
