-- `:LiteLLM models`: the picker.
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local session = require('litellm.session')
local task = require('litellm.task')

local M = {}

---Field and word of each ability, in the order they are shown.
local ABILITIES = {
  { 'supportsTools', 'tools' },
  { 'supportsImages', 'images' },
  { 'supportsReasoning', 'reasoning' },
  { 'supportsPromptCache', 'cache' },
  { 'supportsComputerUse', 'computer' },
  { 'supportsPdf', 'pdf' },
  { 'supportsAudio', 'audio' },
  { 'supportsResponseSchema', 'json' },
}

---@param tokens integer?
local function size(tokens)
  if not tokens then
    return '?'
  elseif tokens >= 1000000 then
    return ('%.3gM'):format(tokens / 1000000)
  end
  return tokens >= 1000 and ('%.0fk'):format(tokens / 1000) or tostring(tokens)
end

---@param dollars number?
local function price(dollars)
  return dollars and ('$%.4g'):format(dollars) or '?'
end

---The columns of a model; `~` marks what the proxy did not say.
---@param model litellm.Model
---@param current? string
---@return string[]
function M.columns(model, current)
  local assumed = model.assumed or {}
  local function mark(field, text)
    return (assumed[field] and '~' or '') .. text
  end
  local abilities = {}
  for _, ability in ipairs(ABILITIES) do
    if model[ability[1]] then
      table.insert(abilities, mark(ability[1], ability[2]))
    end
  end
  return {
    (model.id == current and '* ' or '  ') .. model.id,
    model.provider or '?',
    mark('contextWindow', size(model.contextWindow)),
    mark('inputPrice', price(model.inputPrice)),
    mark('outputPrice', price(model.outputPrice)),
    table.concat(abilities, ' '),
  }
end

---One line for each row, its columns as wide as the widest.
---@param rows string[][]
---@return string[]
function M.aligned(rows)
  local widths = {}
  for _, row in ipairs(rows) do
    for column, text in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, vim.fn.strdisplaywidth(text))
    end
  end
  return vim.tbl_map(function(row)
    local padded = {}
    for column, text in ipairs(row) do
      table.insert(padded, text .. (' '):rep(widths[column] - vim.fn.strdisplaywidth(text)))
    end
    return (table.concat(padded, '  '):gsub('%s+$', ''))
  end, rows)
end

---Makes a model the one to use: for good where settings can be saved, else for this session.
---@param id string
local function use(id)
  local error, result =
    task.request(protocol.methods.configure, { model = id, verify = false, persist = true })
  if error then
    error, result = task.request(protocol.methods.configure, { model = id, verify = false })
  end
  if error then
    return notify.error(error)
  end
  require('litellm.client').remember({ model = id })
  session.update({ model = vim.tbl_get(result, 'settings', 'model', 'value') or id })
  notify.info('using ' .. session.model)
end

---Chooses a model: the one named, else one from a list.
---@param id string
---@param refresh boolean whether to ask the proxy anew
function M.run(id, refresh)
  task.start(function()
    if id ~= '' then
      return use(id)
    end
    local error, list = task.request(protocol.methods.listModels, { refresh = refresh })
    if error then
      return notify.error(error)
    end
    session.update({
      ids = vim.tbl_map(function(model)
        return model.id
      end, list.models),
    })
    for _, warning in ipairs(list.warnings) do
      notify.warn(warning)
    end
    if #list.models == 0 then
      return notify.warn('the proxy lists no models')
    end
    local rows = vim.tbl_map(function(model)
      return M.columns(model, list.defaultModel)
    end, list.models)
    local lines = M.aligned(rows)
    local numbers = vim.tbl_keys(lines)
    table.sort(numbers)
    local chosen = task.select(numbers, {
      prompt = 'Model, provider, context, $ per million tokens in and out (~ assumed): ',
      kind = 'litellm.model',
      format_item = function(number)
        return lines[number]
      end,
    })
    if chosen then
      use(list.models[chosen].id)
    end
  end)
end

return M
