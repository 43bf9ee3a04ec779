-- `:LiteLLM configure`: asks where the proxy is and how its key is given, and tests the connection.
local plain = require('litellm.plain')
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local session = require('litellm.session')
local task = require('litellm.task')
local t = require('litellm.language').t

local M = {}

local CONFIGURE = protocol.methods.configure

---What was typed at the wrong place may be the key itself, which must not stay in the history of inputs.
---@param what string what was asked for
local function refuse(what)
  vim.fn.histdel('input', -1)
  notify.warn(t('that is not {0}', what))
end

---Asks for the rest of a reference.
---@param scheme string
---@param prompt string
---@param default string
---@param pattern string what it must look like
---@param what string what that is called
local function reference(scheme, prompt, default, pattern, what)
  return function()
    local typed = task.input(prompt, default)
    if not typed or typed == '' then
      return nil
    elseif not typed:match(pattern) then
      return refuse(what)
    end
    return scheme .. ':' .. typed
  end
end

---A way to give a key.
---@class litellm.KeyWay
---@field title string
---@field lasting boolean
---@field ask fun(): string|vim.NIL|nil what to send as `apiKey`; none where the user gives up

---@type litellm.KeyWay[]
local KEYS = {
  {
    title = t('The key is in an environment variable'),
    lasting = true,
    ask = reference(
      'env',
      t('Name of the environment variable: '),
      'LITELLM_API_KEY',
      '^[%a_][%w_]*$',
      t('the name of an environment variable')
    ),
  },
  {
    title = t('A command prints the key, such as `pass show litellm`'),
    lasting = true,
    ask = reference('cmd', t('Command that prints the key: '), '', '^[^%c]*%S[^%c]*$', t('a command')),
  },
  {
    title = t('The key is in a file'),
    lasting = true,
    ask = reference('file', t('File with the key: '), '', '^[/~%.%$%w][^%c]*[/\\.][^%c]*$', t('a path')),
  },
  {
    title = t("The key is in the system's keyring"),
    lasting = true,
    ask = reference(
      'keyring',
      t('Name of the key in the keyring: '),
      'litellm',
      '^[%w_.@-]+$',
      t('the name of a key')
    ),
  },
  {
    title = t('Type the key; it is kept in memory only'),
    lasting = false,
    ask = function()
      local key = vim.fn.inputsecret(t('Key: '))
      return key ~= '' and key or nil
    end,
  },
  {
    title = t('The proxy takes no key'),
    lasting = true,
    ask = function()
      return vim.NIL
    end,
  },
}
---@type litellm.KeyWay
local AS_IT_IS = { title = t('Leave the key as it is'), lasting = true, ask = function() end }

---Says how the connection is, and what to do where it fails. True where it can be used.
---@param result litellm.ConfigureResult
---@return boolean
local function report(result)
  local status = assert(result.status, 'a configuration that is verified has one')
  session.update({ state = status.state, model = status.defaultModel })
  session.at(status.profile, status.baseUrl)
  for _, warning in ipairs(result.warnings) do
    notify.warn(warning)
  end
  for _, check in ipairs(status.checks) do
    if check.outcome == 'failed' then
      notify.error({ code = 0, message = check.message, data = { kind = check.kind, remedy = check.remedy } })
    elseif check.outcome == 'warning' and check.name ~= 'settings' then
      notify.warn(table.concat({ check.message, check.remedy }, '\n'))
    end
  end
  local usable = status.state == 'ready' or status.state == 'degraded'
  if usable then
    local count = status.modelCount or 0
    local place = plain.line(status.baseUrl or status.profile)
    notify.info(
      count == 1 and t('connected to {0}, 1 model: `:LiteLLM models` chooses one', place)
        or t('connected to {0}, {1} models: `:LiteLLM models` chooses one', place, count)
    )
  end
  return usable
end

---@generic T
---@param prompt string
---@param choices T[]
---@return T?
local function choose(prompt, choices)
  return task.select(choices, {
    prompt = prompt,
    format_item = function(choice)
      return choice.title
    end,
  })
end

---Puts a typed key into the system's keyring, by its standard input. The reference to it, or none where that fails.
---@param key string
---@return string?
local function store_key(key)
  local name = task.input(t('Name of the key in the keyring: '), 'litellm')
  if not name or not name:match('^[%w_.@-]+$') then
    return nil
  end
  local command = require('litellm.binary').find() or { 'litellm-ls' }
  local done = vim
    .system({ command[1], 'config', 'store-key', name }, { stdin = key .. '\n', text = true })
    :wait()
  if done.code == 0 then
    return 'keyring:' .. name
  end
  notify.error({ code = 0, message = vim.trim(done.stderr or '') })
end

---What becomes of settings that were set.
---@class litellm.KeepWay
---@field title string
---@field save? litellm.ConfigureParams what to save
---@field store? boolean whether a typed key goes into the keyring
---@field again? boolean whether to test them once more
---@field change? boolean whether to ask for others

---Saves settings for every editor; a typed key goes into the keyring or stays in memory.
---@param params litellm.ConfigureParams
---@param way litellm.KeyWay
---@param usable boolean
---@return litellm.KeepWay?
local function keep(params, way, usable)
  local choices = {} ---@type litellm.KeepWay[]
  if way.lasting then
    table.insert(choices, { title = t('Save for every editor'), save = params })
  else
    table.insert(
      choices,
      { title = t("Save for every editor, the key in the system's keyring"), store = true }
    )
    table.insert(choices, { title = t('Save the address only'), save = { baseUrl = params.baseUrl } })
  end
  table.insert(choices, { title = t('Keep for this session') })
  if not usable then
    table.insert(choices, 1, { title = t('Try again'), again = true })
    table.insert(choices, 2, { title = t('Change what was typed'), change = true })
  end
  local chosen = choose(t('LiteLLM settings: '), choices)
  local save = chosen and chosen.save
  if chosen and chosen.store then
    local reference_to_it = store_key(params.apiKey --[[@as string]])
    save = reference_to_it and vim.tbl_extend('force', params, { apiKey = reference_to_it })
  end
  if save then
    local error = task.request(CONFIGURE, vim.tbl_extend('force', save, { persist = true, verify = false }))
    if error then
      notify.error(error)
    end
  end
  return chosen
end

---Sets settings, tests them, and keeps them as the user wants. True where the user wants to change them first.
---@param params litellm.ConfigureParams
---@param way litellm.KeyWay
---@return boolean
local function set(params, way)
  while true do
    local error, result = task.request(CONFIGURE, params)
    if error then
      notify.error(error)
      return false
    end
    require('litellm.client').remember(params)
    local chosen = keep(params, way, report(result))
    if not (chosen and chosen.again) then
      return chosen ~= nil and chosen.change == true
    end
  end
end

---Asks for settings, sets them, and tests them.
function M.run()
  task.start(function()
    local error, known = task.request(CONFIGURE, { verify = false })
    if error then
      return notify.error(error)
    end
    local base_url = known.settings.baseUrl.value
    local has_key = known.settings.apiKey.present
    repeat
      local typed = task.input(t('Base URL of the LiteLLM proxy: '), base_url)
      if not typed then
        return
      end
      base_url = typed
      local way = choose(t('LiteLLM key: '), has_key and vim.list_extend({ AS_IT_IS }, KEYS) or KEYS)
      local key = way and way.ask()
      if not way or (key == nil and way ~= AS_IT_IS) then
        return
      end
      has_key = key ~= vim.NIL
    until not set({ baseUrl = base_url, apiKey = key }, way)
  end)
end

return M
