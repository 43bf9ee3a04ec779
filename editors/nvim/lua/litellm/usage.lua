-- `:LiteLLM usage`: what was used, and what the key may still spend.
local protocol = require('litellm.protocol')
local client = require('litellm.client')
local plain = require('litellm.plain')
local notify = require('litellm.notify')
local session = require('litellm.session')
local task = require('litellm.task')

local M = {}

---The columns that go first where there is not enough room: tokens out and in, the outcome, the calls.
local LEAST_NEEDED = { go = { 5, 4, 2, 3 } }

---What the server counted, by model and outcome, as lines.
---@param report litellm.UsageReportResult
---@param room? integer
---@return string[]
function M.lines(report, room)
  local function columns(name, outcome, sum)
    local cost = sum.calls == 0 and '$0.00' or sum.cost and session.money(sum.cost) or '?'
    return {
      plain.line(name),
      outcome,
      tostring(sum.calls),
      tostring(sum.inputTokens),
      tostring(sum.outputTokens),
      cost .. (sum.cost and sum.unpricedCalls > 0 and '+' or ''),
    }
  end
  local rows = { { 'model', 'outcome', 'calls', 'tokens in', 'out', 'cost' } }
  for _, row in ipairs(report.rows) do
    table.insert(rows, columns(row.model, row.outcome, row.sum))
  end
  table.insert(rows, columns('all', '', report.total))
  local lines = require('litellm.columns').lines(rows, room, LEAST_NEEDED)
  local key = report.key
  -- A proxy without a database says 0 of every key, whatever was spent.
  if key and key.spend and (key.spend > 0 or key.maxBudget) then
    local limit = key.maxBudget and (' of ' .. session.money(key.maxBudget)) or ''
    table.insert(lines, ('The key has spent %s%s.'):format(session.money(key.spend), limit))
  end
  return lines
end

---What this session counted itself, for a server that does not count.
---@return string[]
local function own_lines()
  local cost = session.money(session.cost)
  if session.unpriced > 0 then
    cost = ('%s, and %d answers whose cost is unknown'):format(cost, session.unpriced)
  end
  return {
    ('%d answers in this session'):format(session.answers),
    ('%d tokens in, %d out'):format(session.input_tokens, session.output_tokens),
    cost,
  }
end

function M.show()
  if not client.has(protocol.methods.usage) then
    return notify.float(own_lines())
  end
  task.start(function()
    local error, report = task.request(protocol.methods.usage, {})
    if error then
      return notify.error(error)
    end
    notify.float(M.lines(report, vim.o.columns - 4))
  end)
end

return M
