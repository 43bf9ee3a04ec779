-- Flows of several questions, written in the order they are asked.
local t = require('litellm.language').t

local M = {}

---Runs a function that may wait.
---@param run fun()
function M.start(run)
  local ok, problem = coroutine.resume(coroutine.create(run))
  if not ok then
    error(problem, 0)
  end
end

---Waits for a callback, which may also be called at once. Only inside `start`.
---@param begin fun(done: fun(...))
---@return ... what the callback was given
function M.wait(begin)
  local this = assert(coroutine.running(), 'only inside task.start')
  local results, waiting
  begin(function(...)
    if results then
      return
    end
    results = vim.F.pack_len(...)
    if waiting then
      local ok, problem = coroutine.resume(this)
      if not ok then
        error(problem, 0)
      end
    end
  end)
  if not results then
    waiting = true
    coroutine.yield() ---@diagnostic disable-line: await-in-sync
  end
  return vim.F.unpack_len(results)
end

---Where the user is now, to be asked later whether that is so still: what opens by itself takes no keys from who went on.
---@return fun(): boolean
function M.attention()
  local function now()
    local buffer = vim.api.nvim_get_current_buf()
    return {
      buffer,
      vim.api.nvim_get_current_win(),
      vim.api.nvim_buf_get_changedtick(buffer),
      vim.api.nvim_get_mode().mode:sub(1, 1),
    }
  end
  local before = now()
  return function()
    return vim.deep_equal(before, now())
  end
end

---Waits for a line of text. None where the user gives up.
---@param prompt string
---@param default? string
---@return string?
function M.input(prompt, default)
  return M.wait(function(done)
    vim.ui.input({ prompt = prompt, default = default }, done)
  end)
end

---Waits for a choice, in a window of ours where `vim.ui.select` is Neovim's own, which is only a pager. None where the
---user gives up.
---@generic T
---@param items T[]
---@param options { prompt: string, format_item?: (fun(item: T): string), at?: integer, is_question?: boolean }
---@return T?
function M.select(items, options)
  if not require('litellm.plain').is_stock(vim.ui.select) then
    return (M.wait(function(done)
      vim.ui.select(items, options, done)
    end))
  end
  local number = M.wait(function(done)
    require('litellm.pick').open({
      title = options.prompt:gsub(':%s*$', ''),
      rows = vim.tbl_map(function(item)
        local line = (options.format_item or tostring)(item)
        return { cells = { line }, search = line }
      end, items),
      highlights = { 'LiteLLMName' },
      keys = {},
      enter = t('choose'),
      filter = '',
      at = options.at or 1,
      is_question = options.is_question,
      done = done,
    })
  end)
  return items[number or 0]
end

---Waits for the answer to a request.
---@overload fun(method: 'provider/checkFile', params: litellm.CheckFileParams): litellm.Failure?, litellm.CheckFileResult
---@overload fun(method: 'provider/configure', params: litellm.ConfigureParams): litellm.Failure?, litellm.ConfigureResult
---@overload fun(method: 'provider/edit', params: litellm.EditParams): litellm.Failure?, litellm.EditResult
---@overload fun(method: 'provider/listModels', params: litellm.ListModelsParams): litellm.Failure?, litellm.ListModelsResult
---@overload fun(method: 'provider/markModel', params: litellm.MarkModelParams): litellm.Failure?, litellm.MarkModelResult
---@overload fun(method: 'provider/status', params: litellm.StatusParams): litellm.Failure?, litellm.StatusResult
---@overload fun(method: 'provider/usage', params: litellm.UsageReportParams): litellm.Failure?, litellm.UsageReportResult
---@overload fun(method: 'proxy/start', params: litellm.StartProxyParams): litellm.Failure?, litellm.StartProxyResult
---@overload fun(method: 'proxy/stop', params: litellm.StopProxyParams): litellm.Failure?, litellm.StopProxyResult
---@overload fun(method: 'proxy/restart', params: litellm.RestartProxyParams): litellm.Failure?, litellm.RestartProxyResult
---@overload fun(method: 'proxy/status', params: litellm.ProxyStatusParams): litellm.Failure?, litellm.ProxyStatusResult
---@overload fun(method: 'proxy/logs', params: litellm.ProxyLogsParams): litellm.Failure?, litellm.ProxyLogsResult
---@param method string
---@param params table
---@return litellm.Failure? error
---@return any result
function M.request(method, params)
  return M.wait(function(done)
    require('litellm.client').request(method, params, done)
  end)
end

return M
