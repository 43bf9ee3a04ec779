-- What this session knows: the state, the model, and what was used.
local plain = require('litellm.plain')
local t = require('litellm.language').t

---What the server says was spent, by profile, since it started. Empty where it does not say.
---@type table<string, litellm.UsageSum>
local spent = {}
---The same of servers that have ended.
---@type litellm.UsageSum[]
local before = {}
---What all programs of this machine spent on a day, and what may be spent on one where the user has said so.
---@type { day: string, sum: litellm.UsageSum, limit?: number }?
local daily
---Work of the server that goes on, by token of its progress.
---@type table<string|integer, true>
local work = {}

local M = {
  ---@type litellm.State?
  state = nil,
  ---@type string?
  model = nil,
  ---Ids of the models listed last, for completion.
  ---@type string[]
  ids = {},
  ---How the models that were listed last are shown, by id.
  ---@type table<string, litellm.ModelSummary>
  summaries = {},
  ---The proxy in use.
  ---@type litellm.Server?
  server = nil,
  ---Where the proxy is, in a few letters.
  ---@type string?
  host = nil,
  running = 0,
  answers = 0,
  input_tokens = 0,
  output_tokens = 0,
  ---USD, of the answers whose cost is known.
  cost = 0,
  ---Answers whose cost is not known.
  unpriced = 0,
}

---Takes news of any of the fields, and shows them.
---@param news table
function M.update(news)
  for name, value in pairs(news) do
    M[name] = value
  end
  vim.cmd.redrawstatus({ bang = true })
end

---Takes which proxy is in use.
---@param profile string
---@param base_url? string none where its settings can't be used
function M.at(profile, base_url)
  M.server = base_url and { profile = profile, baseUrl = base_url }
  M.host = base_url and plain.line((base_url:gsub('^%a+://', ''):gsub('/.*$', '')))
  M.update({})
end

---Takes what the server says was spent: it knows of code actions and ghost text, too.
---@param profile string
---@param total litellm.UsageSum
function M.spent(profile, total)
  spent[profile] = total
  local sums = vim.list_extend(vim.tbl_values(spent), before)
  local function sum(field)
    return vim.iter(sums):fold(0, function(all, one)
      return all + (one[field] or 0)
    end)
  end
  M.update({
    answers = sum('calls'),
    input_tokens = sum('inputTokens'),
    output_tokens = sum('outputTokens'),
    cost = sum('cost'),
    unpriced = sum('unpricedCalls'),
  })
end

---Takes what all programs of this machine spent on a day; nothing where none of that is recorded.
---@param day string
---@param sum? litellm.UsageSum
---@param budgets? litellm.Budget[]
function M.spent_on(day, sum, budgets)
  local own = vim.iter(budgets or {}):find(function(budget)
    return budget.scope == 'own' and budget.window == 'day'
  end)
  daily = sum and { day = day, sum = sum, limit = own and own.limit }
  M.update({})
end

---The server has ended; what was spent is not forgotten.
function M.ended()
  vim.list_extend(before, vim.tbl_values(spent))
  spent, work, M.state = {}, {}, nil
end

---Takes news of work that the server does by itself, such as code actions.
---@param token string|integer
---@param value { kind: string }
function M.progress(token, value)
  if value.kind == 'begin' then
    work[token] = true
  elseif value.kind == 'end' then
    work[token] = nil
  else
    return
  end
  M.update({})
end

---@return (string|integer)[]
function M.tokens()
  return vim.tbl_keys(work)
end

---@return boolean
function M.working()
  return next(work) ~= nil
end

---Counts an answer, or the part of one that came; not where the server counts.
---@param result litellm.CompleteResult
function M.count(result)
  if next(spent) then
    return M.update({ model = M.model or result.model })
  end
  local usage = result.usage or {}
  local cost = usage.cost
  M.update({
    model = M.model or result.model,
    answers = M.answers + 1,
    input_tokens = M.input_tokens + (usage.inputTokens or 0),
    output_tokens = M.output_tokens + (usage.outputTokens or 0),
    cost = M.cost + (cost or 0),
    unpriced = M.unpriced + (cost and 0 or 1),
  })
end

---A sum of money: two digits behind the point, or four where it takes them to see it.
---@param dollars number
---@return string
function M.money(dollars)
  if dollars > 0 and dollars < 0.00005 then
    return '<$0.0001'
  end
  return (dollars == 0 or dollars >= 0.1) and ('$%.2f'):format(dollars) or ('$%.4f'):format(dollars)
end

---About what something costs.
---@param dollars number
---@return string
function M.about(dollars)
  local sum = M.money(dollars)
  return sum:find('^<') and sum or '~' .. sum
end

---What was spent, as far as it is known.
---@param cost number
---@param unpriced integer answers whose cost is not known
---@return string
function M.total(cost, unpriced)
  if cost == 0 and unpriced > 0 then
    return t('cost unknown')
  end
  return M.money(cost) .. (unpriced > 0 and '+' or '')
end

---What was spent today, where there is more to say than what this session has cost.
---@return string?
local function today()
  if not daily or daily.day ~= os.date('%Y-%m-%d') then
    return
  end
  local sum, limit = daily.sum, daily.limit
  local cost = sum.cost or 0
  -- Parts of a cent are no difference.
  if limit or cost > M.cost + 0.00005 then
    local spent_today = M.total(cost, sum.unpricedCalls)
    return limit and t('{0} of {1} today', spent_today, M.money(limit)) or t('{0} today', spent_today)
  end
end

---@return string
function M.line()
  local words = {}
  if M.running > 0 or M.working() then
    table.insert(words, '…')
  elseif M.state and M.state ~= 'ready' then
    table.insert(words, '!' .. require('litellm.told').state(M.state))
  end
  table.insert(words, M.model)
  -- Of ghost text alone, whose model nobody named and whose cost nobody knows, there is nothing to tell.
  if M.answers > 0 and (M.model or M.cost > 0) then
    table.insert(words, M.total(M.cost, M.unpriced))
  end
  local spent_today = today()
  if spent_today and M.model then
    table.insert(words, '· ' .. spent_today)
  end
  return #words > 0 and plain.statusline('LiteLLM ' .. table.concat(words, ' ')) or ''
end

return M
