-- `:LiteLLM status`: what works, and what to do where something does not.
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local session = require('litellm.session')
local task = require('litellm.task')
local told = require('litellm.told')
local t = require('litellm.language').t

local M = {}

local MARKS = { ok = '✓', warning = '!', failed = '✗', skipped = '-' }

---How soon a check is told: what is wrong first, which a small window must not cut off.
local RANKS = { failed = 1, warning = 2, ok = 3, skipped = 4 }

---A status line by line, each failure with what to do.
---@param status litellm.StatusResult
---@return string[]
function M.lines(status)
  local lines = { t('{0}: {1}', status.baseUrl or status.profile, told.state(status.state)) }
  local places = {} ---@type table<litellm.Check, integer>
  for place, check in ipairs(status.checks) do
    places[check] = (RANKS[check.outcome] or RANKS.warning) * #status.checks + place
  end
  local checks = vim.list_slice(status.checks)
  table.sort(checks, function(one, other)
    return places[one] < places[other]
  end)
  for _, check in ipairs(checks) do
    local message = check.outcome == 'skipped' and t('{0}: {1}', told.check(check.name), check.message)
      or check.message
    table.insert(lines, ('%s %s'):format(MARKS[check.outcome] or MARKS.warning, message))
    if check.remedy then
      table.insert(lines, '  → ' .. check.remedy)
    end
  end
  return lines
end

---Checks the connection, and shows it.
function M.show()
  task.start(function()
    local error, status = require('litellm.slow').wait(task.request, protocol.methods.status, {})
    if error then
      return notify.error(error)
    end
    session.update({ state = status.state, model = status.defaultModel })
    session.at(status.profile, status.baseUrl)
    notify.float(M.lines(status))
  end)
end

return M
