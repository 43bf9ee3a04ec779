-- `:LiteLLM configure`: asks where the proxy is and how its key is given, and tests the connection.
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local session = require('litellm.session')
local task = require('litellm.task')

local M = {}

local CONFIGURE = protocol.methods.configure

---The ways to give a key. Each returns what to send as `apiKey`, or none where the user gives up.
---@type { title: string, lasting: boolean, ask: fun(): any }[]
local KEYS = {
  {
    title = 'The key is in an environment variable',
    lasting = true,
    ask = function()
      local name = task.input('Name of the environment variable: ', 'LITELLM_API_KEY')
      if not name or name:match('^[%a_][%w_]*$') then
        return name and 'env:' .. name
      end
      -- It may be the key itself, which must not stay in the history of inputs.
      vim.fn.histdel('input', -1)
      notify.warn('that is not the name of an environment variable')
    end,
  },
  {
    title = 'Type the key; it is kept in memory only',
    lasting = false,
    ask = function()
      local key = vim.fn.inputsecret('Key: ')
      return key ~= '' and key or nil
    end,
  },
  {
    title = 'The proxy takes no key',
    lasting = true,
    ask = function()
      return vim.NIL
    end,
  },
  { title = 'Leave the key as it is', lasting = true, ask = function() end },
}

---Says how the connection is, and what to do where it fails. True where it can be used.
---@param result litellm.ConfigureResult
---@return boolean
local function report(result)
  local status = result.status
  session.update({ state = status.state, model = status.defaultModel })
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
    local connected = 'connected to %s, %d models: `:LiteLLM models` chooses one'
    notify.info(connected:format(status.baseUrl, status.modelCount or 0))
  end
  return usable
end

---Asks for settings, sets them, and tests them.
function M.run()
  task.start(function()
    local error, known = task.request(CONFIGURE, { verify = false })
    if error then
      return notify.error(error)
    end
    local base_url = task.input('Base URL of the LiteLLM proxy: ', known.settings.baseUrl.value)
    if not base_url then
      return
    end
    local choices = known.settings.apiKey.present and KEYS or vim.list_slice(KEYS, 1, 3)
    local way = task.select(choices, {
      prompt = 'LiteLLM key: ',
      format_item = function(choice)
        return choice.title
      end,
    })
    local key = way and way.ask()
    if not way or (key == nil and way ~= KEYS[4]) then
      return
    end
    local params = { baseUrl = base_url, apiKey = key }
    local result
    error, result = task.request(CONFIGURE, params)
    if error then
      return notify.error(error)
    end
    require('litellm.client').remember(params)
    if report(result) and way.lasting then
      local saves = task.select(
        { 'Save for every editor', 'Keep for this session' },
        { prompt = 'LiteLLM settings: ' }
      )
      if saves == 'Save for every editor' then
        error = task.request(CONFIGURE, vim.tbl_extend('force', params, { persist = true, verify = false }))
        if error then
          notify.error(error)
        end
      end
    end
  end)
end

return M
