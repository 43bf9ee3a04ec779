-- What this session knows: the state, the model, and what was used.
local M = {
  ---@type litellm.State?
  state = nil,
  ---@type string?
  model = nil,
  ---Ids of the models listed last, for completion.
  ---@type string[]
  ids = {},
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

---Counts an answer, or the part of one that came.
---@param result litellm.CompleteResult
function M.count(result)
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

---A sum of money: two digits behind the point, or as many as it takes to see it.
---@param dollars number
---@return string
function M.money(dollars)
  return (dollars == 0 or dollars >= 0.1) and ('$%.2f'):format(dollars) or ('$%.4f'):format(dollars)
end

---@return string
function M.line()
  local words = {}
  if M.running > 0 then
    table.insert(words, '…')
  elseif M.state and M.state ~= 'ready' then
    table.insert(words, '!' .. M.state)
  end
  table.insert(words, M.model)
  if M.answers > 0 then
    table.insert(words, M.money(M.cost) .. (M.unpriced > 0 and '+' or ''))
  end
  return #words > 0 and 'LiteLLM ' .. table.concat(words, ' ') or ''
end

return M
