-- `:LiteLLM models`: chooses the model.
local plain = require('litellm.plain')
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local session = require('litellm.session')
local slow = require('litellm.slow')
local task = require('litellm.task')
local language = require('litellm.language')

local M, t = {}, language.t

---How long the command line may wait for ids to complete.
local LIST_LIMIT_MS = 2000

---The group of each column of a row.
local HIGHLIGHTS = { 'LiteLLMName', 'Number', 'String', 'Comment', 'DiagnosticWarn' }

---Abilities can be cut short; what retires is to be seen.
local LEAST_NEEDED = { shrink = 4, begins = 5, go = { 4, 2, 3, 5 } }

---@type litellm.PickKey[]
local KEYS = {
  { insert = '<C-s>', normal = 's', name = 'session', word = t('session') },
  { insert = '<C-t>', normal = 'c', name = 'chat', word = t('this chat') },
  { insert = '<C-f>', normal = '*', name = 'favourite', word = t('favourite') },
  { insert = '<C-r>', normal = 'r', name = 'reload', word = t('reload') },
}

---A model as a row: its mark and name, context, price, abilities, and what to know before choosing it.
---@param model litellm.Model
---@param current? string
---@return litellm.PickRow
function M.row(model, current)
  local summary = model.summary
  local mark = model.id == current and '●' or model.favourite and '★' or ' '
  local id, abilities = plain.line(model.id), language.words(plain.line(table.concat(summary.abilities, ' ')))
  local notice = plain.line(summary.notice or '')
  return {
    cells = {
      mark .. ' ' .. id,
      language.words(plain.line(summary.context)),
      language.words(plain.line(summary.price)),
      abilities,
      notice,
    },
    search = table.concat({ id, plain.line(summary.vendor), abilities, notice }, ' '),
    name = id .. ' ' .. plain.line(summary.vendor),
  }
end

---Why a model that was saved is not the one of the next session.
---@param layer litellm.Layer what has the last word
---@return string
local function decides(layer)
  return layer == 'environment' and t('LITELLM_MODEL names another for the next')
    or t('the settings of this Neovim name another for the next')
end

---Makes a model the one to use: for good where settings can be saved and decide, else for this session.
---@param id string
---@param for_session? boolean whether not to save it
local function use(id, for_session)
  local error, result, stronger ---@type litellm.Failure?, litellm.ConfigureResult, litellm.Layer?
  if not for_session then
    error, result = task.request(protocol.methods.configure, { model = id, verify = false, persist = true })
    local now = vim.tbl_get(result or {}, 'settings', 'model') or {}
    stronger = now.value ~= id and now.origin or nil
  end
  local lasts = not (for_session or error or stronger)
  if not lasts then
    error, result = task.request(protocol.methods.configure, { model = id, verify = false })
  end
  if error then
    return notify.error(error)
  end
  require('litellm.client').remember({ model = id })
  local used = result.settings.model and result.settings.model.value or id
  session.update({ model = used })
  local name = plain.line(used)
  local said = lasts and t('using {0}', name) or t('using {0} in this session', name)
  notify.info(stronger and t('{0}: {1}', said, decides(stronger)) or said)
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
  local why = error and t('the models can not be listed') or t('the proxy does not list it')
  local all_the_same = t('Use {0} all the same', plain.line(id))
  -- Vim's functions fail at a NUL, and nobody chooses such a name.
  local told = vim.tbl_filter(function(known)
    return not known:find('%z')
  end, ids)
  local choices = vim.list_slice(vim.fn.matchfuzzy(told, id), 1, 3)
  vim.list_extend(choices, { all_the_same, t('Leave the model as it is') })
  local chosen = task.select(choices, {
    prompt = t('{0}: {1}: ', plain.line(id), why),
    format_item = plain.line,
  })
  if chosen == all_the_same then
    use(id)
  elseif chosen and vim.list_contains(ids, chosen) then
    use(chosen)
  end
end

---@param list litellm.ListModelsResult
local function remember(list)
  local ids, summaries = {}, {}
  for _, model in ipairs(list.models) do
    -- On the command line a name stands as it is: one that is not what it looks like is picked from the list alone.
    if plain.line(model.id) == model.id then
      table.insert(ids, model.id)
    end
    summaries[model.id] = model.summary
  end
  session.update({ ids = ids, summaries = summaries, model = session.model or list.defaultModel })
end

---Learns what models there are, and says nothing.
---@param done fun()
function M.learn(done)
  require('litellm.client').request(protocol.methods.listModels, { order = 'picker' }, function(_, list)
    if list then
      remember(list)
    end
    done()
  end)
end

---Lists the models in the order of a picker; says what is wrong.
---@param refresh boolean whether to ask the proxy anew
---@return litellm.ListModelsResult?
local function listed(refresh)
  local error, list = task.request(protocol.methods.listModels, { refresh = refresh, order = 'picker' })
  if error then
    return notify.error(error)
  end
  remember(list)
  for _, warning in ipairs(list.warnings) do
    notify.warn(warning)
  end
  if #list.models > 0 then
    return list
  elseif #list.warnings == 0 then
    notify.warn(t('the proxy lists no models'))
  end
end

---Waits for a choice in a list.
---@param list litellm.ListModelsResult
---@param filter string
---@param id? string the model that is chosen already
---@return litellm.Model? model
---@return string? key
---@return string? filter what was typed
local function choose(list, filter, id)
  local rows, at = {}, 1
  for number, model in ipairs(list.models) do
    rows[number] = M.row(model, list.defaultModel)
    at = model.id == (id or list.defaultModel) and number or at
  end
  local number, key, typed = task.wait(function(done)
    require('litellm.pick').open({
      title = session.host and t('Models · {0} · {1}', session.host, #rows) or t('Models · {0}', #rows),
      rows = rows,
      highlights = HIGHLIGHTS,
      least_needed = LEAST_NEEDED,
      keys = KEYS,
      enter = t('everywhere'),
      filter = filter,
      at = at,
      done = done,
    })
  end)
  return list.models[number or 0], key, typed
end

---Marks a model as a favourite, or no more as one.
---@param model litellm.Model
local function mark(model)
  local favourite = not model.favourite
  local error = task.request(protocol.methods.markModel, { model = model.id, favourite = favourite })
  if error then
    notify.error(error)
  end
end

---Chooses from the list, until a model is chosen or the user gives up.
---@param refresh boolean
local function browse(refresh)
  local filter, id = '', nil
  while true do
    local is_attended = task.attention()
    local list = slow.wait(listed, refresh) ---@type litellm.ListModelsResult?
    if not list then
      return
    elseif not is_attended() then
      return notify.info(t('the models are here: `:LiteLLM models` shows them'))
    end
    local model, key, typed = choose(list, filter, id)
    refresh, filter, id = key == 'reload', typed or '', model and model.id
    if key == 'favourite' and model then
      mark(model)
    elseif key == 'chat' and model then
      return require('litellm.chat').use(model.id)
    elseif key ~= 'reload' then
      return model and use(model.id, key == 'session')
    end
  end
end

---Ids for the command line. The first time they are asked for.
---@return string[]
function M.ids()
  if #session.ids == 0 then
    local over = false
    M.learn(function()
      over = true
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
      use_named(id, refresh)
    else
      browse(refresh)
    end
  end)
end

return M
