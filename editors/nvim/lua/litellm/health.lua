-- `:checkhealth litellm`.
local M = {}

---How long the server may take.
local LIMIT_MS = 20000

---Asks the server, and waits.
---@overload fun(method: 'provider/configure', params: litellm.ConfigureParams): litellm.Failure?, litellm.ConfigureResult
---@overload fun(method: 'provider/status', params: litellm.StatusParams): litellm.Failure?, litellm.StatusResult
---@return litellm.Failure? error
---@return any result
local function ask(method, params)
  local answer
  local call = require('litellm.client').request(method, params, function(error, result)
    answer = { error, result }
  end)
  vim.wait(LIMIT_MS, function()
    return answer ~= nil
  end, 10)
  if not answer then
    call.cancel()
    return { code = 0, message = 'the server does not answer', data = { remedy = ':LiteLLM log says more' } }
  end
  return answer[1], answer[2]
end

---@param error litellm.Failure
local function failed(error)
  local remedy = error.data and error.data.remedy
  vim.health.error(error.message, remedy --[[@as string]])
end

local function check_plugin()
  vim.health.start('litellm: plugin')
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim ' .. tostring(vim.version())) ---@diagnostic disable-line: call-non-callable
  else
    vim.health.error('Neovim is older than 0.11', 'install a newer one')
  end
  local problems = require('litellm.config').problems()
  for _, problem in ipairs(problems) do
    vim.health.warn(problem)
  end
  if #problems == 0 then
    vim.health.ok('vim.g.litellm can be used')
  end
  vim.health.info('lists are shown by: ' .. require('litellm.pick').name())
  local inline = require('litellm.config').get().inline
  vim.health.info(
    'ghost text is ' .. (inline and 'on' or 'off: vim.g.litellm = { inline = true } switches it on')
  )
  if inline and not vim.lsp.is_enabled('litellm') then
    vim.health.warn(
      'the server is attached to no file',
      "vim.lsp.enable('litellm') brings ghost text and code actions"
    )
  end
end

---@return boolean
local function check_program()
  local command = require('litellm.binary').find()
  if not command then
    vim.health.error('litellm-ls is not found', require('litellm.binary').remedy)
    return false
  end
  local ran, version = pcall(function()
    return vim.system({ command[1], '--version' }, { text = true }):wait(LIMIT_MS).stdout
  end)
  vim.health.ok(('%s: %s'):format(command[1], ran and vim.trim(version or '') or 'no version'))
  return true
end

local function check_connection()
  local protocol = require('litellm.protocol')
  vim.health.start('litellm: connection')
  local error, configured = ask(protocol.methods.configure, { verify = false })
  if error then
    return failed(error)
  end
  local key = configured.settings.apiKey
  vim.health.info(
    key.present and ('key from ' .. key.origin) or 'no key: one is needed only where the proxy wants it'
  )
  local status
  error, status = ask(protocol.methods.status, {})
  if error then
    return failed(error)
  end
  local say =
    { ok = vim.health.ok, warning = vim.health.warn, failed = vim.health.error, skipped = vim.health.info }
  for _, check in ipairs(status.checks) do
    local name = check.outcome == 'skipped' and check.name .. ': ' or ''
    local told = say[check.outcome] or vim.health.warn
    told(name .. check.message, check.remedy --[[@as string]])
  end
end

function M.check()
  check_plugin()
  if check_program() then
    check_connection()
  end
end

return M
