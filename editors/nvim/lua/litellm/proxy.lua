-- `:LiteLLM proxy`: a LiteLLM proxy on this machine, for the config.yaml of the buffer, another one, or a demo.
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local task = require('litellm.task')
local told = require('litellm.told')
local t = require('litellm.language').t

local M = {}

---Where a proxy is and what it serves.
---@param proxy litellm.LocalProxy
---@return string
local function described(proxy)
  return t('{0} serves {1}', proxy.baseUrl, proxy.serves)
end

---What the server answers; what is in the way is told.
---@generic Result
---@param error? litellm.Failure
---@param result Result
---@return Result?
local function unless(error, result)
  if error then
    return notify.error(error)
  end
  return result
end

---@param result litellm.StartProxyResult|litellm.RestartProxyResult
local function tell_started(result)
  for _, warning in ipairs(result.warnings or {}) do
    notify.warn(warning)
  end
  notify.info(t('{0}: `:LiteLLM models` has its models', described(result.proxy)))
end

---What is to be served: `demo`, a file, or else the file of the buffer. None, and says why, where that is no YAML.
---@param argument string
---@return litellm.StartProxyParams?
local function source(argument)
  if argument == 'demo' then
    return { demo = true }
  end
  local path = argument ~= '' and vim.fn.expand(argument) --[[@as string]] or vim.api.nvim_buf_get_name(0)
  if not path:match('%.ya?ml$') then
    notify.warn(t('open a config.yaml or name one, or `:LiteLLM proxy start demo`'))
    return
  end
  local buffer = vim.fn.bufnr(path)
  if buffer ~= -1 and vim.bo[buffer].modified then
    notify.warn(t('the file is served as it is on the disk, without what was changed here: `:w` first'))
    return
  end
  return { config = vim.fs.abspath(path) }
end

---@param argument string
local function start(argument)
  local params = source(argument)
  if not params then
    return
  end
  notify.info(t('starting the proxy; `:LiteLLM cancel` ends that'))
  local result = unless(task.request(protocol.methods.proxyStart, params))
  if result then
    tell_started(result)
  end
end

local function stop()
  local result = unless(task.request(protocol.methods.proxyStop, {}))
  if result then
    notify.info(result.stopped and t('{0} is stopped', result.baseUrl) or t('no proxy of ours runs'))
  end
end

local function restart()
  local result = unless(task.request(protocol.methods.proxyRestart, {}))
  if result then
    tell_started(result)
  end
end

---A status line by line.
---@param status litellm.ProxyStatusResult
---@return string[]
function M.lines(status)
  if not status.proxy then
    local installed = status.installed and 'LiteLLM ' .. status.installed or t('not installed')
    return { t('{0} ({1})', told.state(status.state), installed), '  → `:LiteLLM proxy start`' }
  end
  local lines = { t('{0}: {1}', told.state(status.state), described(status.proxy)) }
  if status.proxy.edited then
    table.insert(lines, t('! the file was changed since: `:LiteLLM proxy restart`'))
  end
  if status.modelCount then
    table.insert(lines, t('✓ models: {0}', status.modelCount))
  end
  for _, missing in ipairs(status.missing or {}) do
    table.insert(lines, t('✗ {0} is not served: {1}', missing.name, missing.reason))
  end
  return lines
end

local function status()
  local result = unless(task.request(protocol.methods.proxyStatus, {}))
  if result then
    notify.float(M.lines(result))
  end
end

local function log()
  local result = unless(task.request(protocol.methods.proxyLogs, {}))
  if result then
    local lines = #result.lines > 0 and result.lines or { t('Nothing was printed yet.') }
    local text = ('%s\n\n```\n%s\n```'):format(result.log, table.concat(lines, '\n'))
    require('litellm.page').show('proxy', text)
  end
end

---Asks for vendors, models and keys as `litellm-ls init` does in a terminal, and opens the file that it writes.
---@param argument string
local function init(argument)
  local command = require('litellm.binary').find()
  if not command then
    return notify.error({
      code = 0,
      message = t('litellm-ls is not found'),
      data = { remedy = require('litellm.binary').remedy },
    })
  end
  local named = argument ~= '' and vim.fn.expand(argument) --[[@as string]] or 'config.yaml'
  local path = vim.fs.abspath(named)
  vim.cmd('botright new')
  local window = vim.api.nvim_get_current_win()
  vim.bo.bufhidden = 'wipe'
  vim.fn.jobstart(vim.list_extend({ unpack(command) }, { 'init', '--', path }), {
    term = true,
    on_exit = vim.schedule_wrap(function(_, code)
      -- What went wrong is still read there.
      if code == 0 and vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_call(window, function()
          vim.cmd.edit(vim.fn.fnameescape(path))
        end)
      end
    end),
  })
  vim.cmd.startinsert()
end

---@type table<string, fun(argument: string)>
local COMMANDS = { init = init, start = start, stop = stop, restart = restart, status = status, log = log }

---What may follow `:LiteLLM proxy`.
---@return string[]
function M.words()
  return vim.tbl_keys(COMMANDS)
end

---@param argument string
function M.run(argument)
  local word, rest = argument:match('^(%S*)%s*(.-)$')
  local run = COMMANDS[word == '' and 'status' or word]
  if not run then
    return notify.warn(t('`:LiteLLM proxy` takes init, start, stop, restart, status or log'))
  end
  task.start(function()
    run(rest)
  end)
end

return M
