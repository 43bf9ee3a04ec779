-- `:LiteLLM models`: the picker.
local plain = require('litellm.plain')
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

---The columns of a row, and which of them go first where there is not enough room.
local LEAST_NEEDED = { 6, 2, 4, 5, 3 }

---How long the command line may wait for ids to complete.
local LIST_LIMIT_MS = 2000

---@param tokens integer
local function size(tokens)
  if tokens >= 1000000 then
    return ('%.3gM'):format(tokens / 1000000)
  end
  return tokens >= 1000 and ('%.0fk'):format(tokens / 1000) or tostring(tokens)
end

---@param dollars number
local function price(dollars)
  return ('$%.4g'):format(dollars)
end

---What a model's retirement means today. None where nothing is known of one.
---@param model litellm.Model
---@return string?
local function retirement(model)
  if model.retiresOn then
    local is_past = model.retiresOn < os.date('!%Y-%m-%d')
    return plain.line((is_past and 'retired ' or 'retires ') .. model.retiresOn)
  end
end

---The columns of a model. What LiteLLM's public price list says stands behind `~`; what nobody says is `?`.
---@param model litellm.Model
---@param current? string
---@return string[]
function M.columns(model, current)
  local assumed = model.assumed or {}
  local function told(field, write)
    local filler = assumed[field]
    if model[field] == nil or filler == 'default' then
      return '?'
    end
    return (filler == 'costMap' and '~' or '') .. write(model[field])
  end
  local notes = {}
  for _, ability in ipairs(ABILITIES) do
    if model[ability[1]] then
      local filler = assumed[ability[1]]
      table.insert(notes, (filler and filler ~= 'override' and '~' or '') .. ability[2])
    end
  end
  notes[#notes + 1] = retirement(model)
  return {
    (model.id == current and '* ' or '  ') .. plain.line(model.id),
    plain.line(model.provider or '?'),
    told('contextWindow', size),
    told('inputPrice', price),
    told('outputPrice', price),
    table.concat(notes, ' '),
  }
end

---One line for each row, its columns as wide as the widest. Where that is wider than there is room, columns go, and
---then the ends of names.
---@param rows string[][]
---@param room? integer
---@param least_needed? integer[] the columns that may go, in this order
---@return string[]
function M.aligned(rows, room, least_needed)
  local widths = {}
  for _, row in ipairs(rows) do
    for column, text in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, vim.fn.strdisplaywidth(text))
    end
  end
  local shown = vim.tbl_map(function()
    return true
  end, widths)
  local function total()
    local sum = -2
    for column, width in ipairs(widths) do
      sum = sum + (shown[column] and width + 2 or 0)
    end
    return sum
  end
  for _, column in ipairs(room and least_needed or {}) do
    if total() > room then
      shown[column] = false
    end
  end
  if room and total() > room then
    widths[1] = math.max(8, widths[1] - (total() - room))
  end
  return vim.tbl_map(function(row)
    local padded = {}
    for column, text in ipairs(row) do
      if shown[column] then
        text = plain.short(text, widths[column])
        table.insert(padded, text .. (' '):rep(widths[column] - vim.fn.strdisplaywidth(text)))
      end
    end
    return (table.concat(padded, '  '):gsub('%s+$', ''))
  end, rows)
end

---The models as they are listed: the one in use, then by provider and price, the retired ones last.
---@param models litellm.Model[]
---@param current? string
---@return litellm.Model[]
function M.sorted(models, current)
  local today = os.date('!%Y-%m-%d')
  local function key(model)
    local is_retired = model.retiresOn ~= nil and model.retiresOn < today
    local is_guess = (model.assumed or {}).inputPrice == 'default'
    return {
      model.id == current and 0 or 1,
      is_retired and 1 or 0,
      model.provider or '\255',
      not is_guess and model.inputPrice or math.huge,
      model.id,
    }
  end
  local keyed = vim.tbl_map(function(model)
    return { key = key(model), model = model }
  end, models)
  table.sort(keyed, function(a, b)
    for place, value in ipairs(a.key) do
      if value ~= b.key[place] then
        return value < b.key[place]
      end
    end
    return false
  end)
  return vim.tbl_map(function(one)
    return one.model
  end, keyed)
end

---Makes a model the one to use: for good where settings can be saved, else for this session.
---@param id string
---@param for_session? boolean whether not to save it
local function use(id, for_session)
  local error, result
  if not for_session then
    error, result = task.request(protocol.methods.configure, { model = id, verify = false, persist = true })
  end
  if for_session or error then
    error, result = task.request(protocol.methods.configure, { model = id, verify = false })
  end
  if error then
    return notify.error(error)
  end
  require('litellm.client').remember({ model = id })
  session.update({ model = vim.tbl_get(result, 'settings', 'model', 'value') or id })
  notify.info('using ' .. plain.line(session.model) .. (for_session and ' in this session' or ''))
end

---Uses a model by its name; one that is not listed is asked about first, for it is saved for every editor.
---@param id string
---@param refresh boolean
local function use_named(id, refresh)
  local error, list = task.request(protocol.methods.listModels, { refresh = refresh })
  local ids = error and {} or vim.tbl_map(function(model)
    return model.id
  end, list.models)
  if vim.list_contains(ids, id) then
    return use(id)
  end
  local why = error and 'the models can not be listed' or 'the proxy does not list it'
  local all_the_same = ('Use %s all the same'):format(plain.line(id))
  local choices = vim.list_slice(vim.fn.matchfuzzy(ids, id), 1, 3)
  vim.list_extend(choices, { all_the_same, 'Leave the model as it is' })
  local chosen = task.select(choices, {
    prompt = ('%s: %s: '):format(plain.line(id), why),
    format_item = plain.line,
  })
  if chosen == all_the_same then
    use(id)
  elseif chosen and vim.list_contains(ids, chosen) then
    use(chosen)
  end
end

---Waits for a row of a list: in a window of ours where `vim.ui.select` is Neovim's own, which is only a pager.
---@param list litellm.ListModelsResult
---@param models litellm.Model[]
---@return integer? number
---@return any key
local function choose(list, models)
  local rows = vim.tbl_map(function(model)
    return M.columns(model, list.defaultModel)
  end, models)
  if not plain.is_stock(vim.ui.select) then
    local lines = M.aligned(rows)
    local numbers = vim.tbl_keys(lines)
    table.sort(numbers)
    return task.select(numbers, {
      prompt = 'Model, provider, context, $ per million tokens in and out (~ public price list, ? unknown): ',
      kind = 'litellm.model',
      format_item = function(number)
        return lines[number]
      end,
    })
  end
  return task.wait(function(done)
    require('litellm.picker').open({
      title = ('Models · %d'):format(#models),
      footer = '⏎ every editor · ^S session · ^R reload · ~ public price · ? unknown',
      lines = function(room)
        return M.aligned(rows, room, LEAST_NEEDED)
      end,
      texts = vim.tbl_map(function(row)
        return table.concat(row, ' ')
      end, rows),
      keys = { ['<C-s>'] = 'session', ['<C-r>'] = 'reload' },
      done = done,
    })
  end)
end

---@param list litellm.ListModelsResult
local function remember_ids(list)
  session.update({
    ids = vim.tbl_map(function(model)
      return model.id
    end, list.models),
  })
end

---Ids for the command line. The first time they are asked for.
---@return string[]
function M.ids()
  if #session.ids == 0 then
    local over = false
    require('litellm.client').request(protocol.methods.listModels, {}, function(_, list)
      over = true
      if list then
        remember_ids(list)
      end
    end)
    vim.wait(LIST_LIMIT_MS, function()
      return over
    end, 10)
  end
  return session.ids
end

---Chooses a model: the one named, else one from a list.
---@param id string
---@param refresh boolean whether to ask the proxy anew
function M.run(id, refresh)
  task.start(function()
    if id ~= '' then
      return use_named(id, refresh)
    end
    local error, list = task.request(protocol.methods.listModels, { refresh = refresh })
    if error then
      return notify.error(error)
    end
    remember_ids(list)
    for _, warning in ipairs(list.warnings) do
      notify.warn(warning)
    end
    if #list.models == 0 then
      return notify.warn('the proxy lists no models')
    end
    local models = M.sorted(list.models, list.defaultModel)
    local number, key = choose(list, models)
    if key == 'reload' then
      M.run('', true)
    elseif number and models[number] then
      use(models[number].id, key == 'session')
    end
  end)
end

return M
