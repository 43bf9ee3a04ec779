-- `:LiteLLM status` and `:LiteLLM usage`: what works, and what was used.
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local session = require('litellm.session')
local task = require('litellm.task')

local M = {}

local MARKS = { ok = '✓', warning = '!', failed = '✗', skipped = '-' }

---A status line by line, each failure with what to do.
---@param status litellm.StatusResult
---@return string[]
function M.lines(status)
  local lines = { ('%s: %s'):format(status.baseUrl, status.state) }
  for _, check in ipairs(status.checks) do
    table.insert(lines, ('%s %s'):format(MARKS[check.outcome], check.message))
    if check.remedy then
      table.insert(lines, '  → ' .. check.remedy)
    end
  end
  return lines
end

---Checks the connection, and shows it.
function M.show()
  task.start(function()
    local error, status = task.request(protocol.methods.status, {})
    if error then
      return notify.error(error)
    end
    session.update({ state = status.state, model = status.defaultModel })
    notify.float(M.lines(status))
  end)
end

---Shows what the answers of this session took.
function M.usage()
  local lines = {
    ('%d answers in this session'):format(session.answers),
    ('%d tokens in, %d out'):format(session.input_tokens, session.output_tokens),
    session.money(session.cost),
  }
  if session.unpriced > 0 then
    lines[3] = ('%s, and %d answers whose cost is not known'):format(lines[3], session.unpriced)
  end
  notify.float(lines)
end

return M
