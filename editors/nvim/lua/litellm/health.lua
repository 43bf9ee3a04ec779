-- `:checkhealth litellm`.
local t = require('litellm.language').t

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
    return {
      code = 0,
      message = t('the server does not answer'),
      data = { remedy = t(':LiteLLM log says more') },
    }
  end
  return answer[1], answer[2]
end

---@param error litellm.Failure
local function failed(error)
  local remedy = error.data and error.data.remedy
  vim.health.error(error.message, remedy --[[@as string]])
end

local function check_plugin()
  vim.health.start(t('litellm: plugin'))
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim ' .. tostring(vim.version())) ---@diagnostic disable-line: call-non-callable
  else
    vim.health.error(t('Neovim is older than 0.11'), t('install a newer one'))
  end
  local problems = require('litellm.config').problems()
  for _, problem in ipairs(problems) do
    vim.health.warn(problem)
  end
  if #problems == 0 then
    vim.health.ok(t('vim.g.litellm can be used'))
  end
  vim.health.info(t('lists are shown by: {0}', require('litellm.pick').name()))
  local inline = require('litellm.config').get().inline
  vim.health.info(
    inline and t('ghost text is on')
      or t('ghost text is off: vim.g.litellm = { inline = true } switches it on')
  )
  if inline and not vim.lsp.is_enabled('litellm') then
    vim.health.warn(
      t('the server is attached to no file'),
      t("vim.lsp.enable('litellm') brings ghost text and code actions")
    )
  end
end

---@return boolean
local function check_program()
  local command = require('litellm.binary').find()
  if not command then
    vim.health.error(t('litellm-ls is not found'), require('litellm.binary').remedy)
    return false
  end
  local ran, version = pcall(function()
    return vim.system({ command[1], '--version' }, { text = true }):wait(LIMIT_MS).stdout
  end)
  vim.health.ok(('%s: %s'):format(command[1], ran and vim.trim(version or '') or t('no version')))
  return true
end

local function check_connection()
  local protocol, told = require('litellm.protocol'), require('litellm.told')
  vim.health.start(t('litellm: connection'))
  local error, configured = ask(protocol.methods.configure, { verify = false })
  if error then
    return failed(error)
  end
  local key = configured.settings.apiKey
  vim.health.info(
    key.present and t('key from {0}', key.origin) or t('no key: one is needed only where the proxy wants it')
  )
  local status
  error, status = ask(protocol.methods.status, {})
  if error then
    return failed(error)
  end
  local say =
    { ok = vim.health.ok, warning = vim.health.warn, failed = vim.health.error, skipped = vim.health.info }
  for _, check in ipairs(status.checks) do
    local report = say[check.outcome] or vim.health.warn
    local message = check.outcome == 'skipped' and t('{0}: {1}', told.check(check.name), check.message)
      or check.message
    report(message, check.remedy --[[@as string]])
  end
end

function M.check()
  check_plugin()
  if check_program() then
    check_connection()
  end
end

return M
