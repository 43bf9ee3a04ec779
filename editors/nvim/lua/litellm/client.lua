-- The server: started at the first use, asked, cancelled, and started again after it ended.
local calls = require('litellm.calls')
local protocol = require('litellm.protocol')
local session = require('litellm.session')
local notify = require('litellm.notify')
local t = require('litellm.language').t

local M = {}

---Who waits for the server to be ready.
---@type (fun(error?: litellm.Failure, client?: vim.lsp.Client))[]
local waiting = {}

---What `configure` set in this session, so that a server started again knows it. A key is nowhere else.
---@type litellm.ConfigureParams
local configured = {}

---@return vim.lsp.Client?
local function running()
  return vim.iter(vim.lsp.get_clients({ name = 'litellm', _uninitialized = true })):find(function(client)
    return not client:is_stopped()
  end)
end

---@param error? litellm.Failure
---@param client? vim.lsp.Client the one that is ready
local function wake(error, client)
  local woken = waiting
  waiting = {}
  for _, resume in ipairs(woken) do
    resume(error, client)
  end
end

---Sends what may hold a key: Neovim's log must not see it, whatever its level.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param done litellm.Done
---@return boolean sent
---@return integer? id
local function send_unlogged(client, method, params, done)
  local log = require('vim.lsp.log')
  local level = log.get_level()
  log.set_level(vim.log.levels.OFF)
  local sent, id = client:request(method, params, done --[[@as lsp.Handler]])
  log.set_level(level)
  return sent, id
end

---@param client vim.lsp.Client
---@param method? string
local function has(client, method)
  local provider = vim.tbl_get(client.server_capabilities, 'experimental', 'provider', 'methods')
  return vim.list_contains(provider or {}, method)
end

---Asks what was spent, by this server and today by all programs of this machine.
---@param client vim.lsp.Client
---@param params litellm.UsageReportParams
local function count(client, params)
  local day = os.date('%Y-%m-%d') --[[@as string]]
  local asked = vim.tbl_extend('force', params, { ledger = { since = day } })
  ---@param report? litellm.UsageReportResult
  client:request(protocol.methods.usage, asked, function(_, report)
    if report then
      session.spent(report.profile, report.total)
      session.spent_on(day, report.ledger and report.ledger.total, report.budgets)
    end
  end)
end

---@param client vim.lsp.Client
local function ready(client)
  local params = vim.tbl_extend('force', configured, { verify = false })
  ---@param result? litellm.ConfigureResult
  local function set(_, result)
    if result then
      session.at(result.profile, result.settings.baseUrl.value)
      session.update({ model = vim.tbl_get(result.settings, 'model', 'value') or session.model })
    end
  end
  send_unlogged(client, protocol.methods.configure, params, set)
  if has(client, protocol.methods.usage) then
    count(client, { watch = true })
  end
  wake(nil, client)
  if vim.lsp.is_enabled('litellm') then
    -- Buffers that were attached to a server which ended are not by themselves to the next.
    vim.lsp.enable('litellm')
  end
end

---@param code integer
---@param signal integer
local function ended(code, signal)
  vim.schedule(function()
    local lost = calls.count()
    if lost > 0 or #waiting > 0 or code ~= 0 or (signal ~= 0 and signal ~= 15) then
      notify.warn(t('the server ended; the next command starts it again (:LiteLLM log says more)'))
    end
    session.ended()
    -- `message` is empty, for the user was told just now, once for all.
    local gone = { code = 0, message = '' }
    calls.lose(gone)
    wake(gone)
  end)
end

---Neovim runs no handler for what the server itself has cancelled, as where the user says that a file is not sent.
vim.api.nvim_create_autocmd('LspRequest', {
  group = vim.api.nvim_create_augroup('litellm.cancelled', {}),
  desc = 'LiteLLM: end what the server has cancelled',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if event.data.request.type ~= 'complete' or not client or client.name ~= 'litellm' then
      return
    end
    -- After the handler, where there is one.
    vim.schedule(function()
      calls.lose({ code = -32800, message = '' }, event.data.request_id)
    end)
  end,
})

---Values for a token of ours go to their call, those that come late to nobody, all others to Neovim.
local function progress(error, params, context)
  if not calls.receive(params.token, params.value) then
    session.progress(params.token, params.value)
    return vim.lsp.handlers['$/progress'](error, params, context)
  end
end

---Has `<C-x><C-o>` in a config.yaml put in a whole deployment where one is chosen; by itself Neovim writes its title. Not
---before text is typed, so that whoever has Neovim complete by itself, for another server too, decides how.
---@param client vim.lsp.Client
---@param buffer integer
local function complete(client, buffer)
  if vim.bo[buffer].filetype ~= 'yaml' then
    return
  end
  vim.api.nvim_create_autocmd('InsertEnter', {
    group = vim.api.nvim_create_augroup('litellm.complete.' .. buffer, {}),
    buffer = buffer,
    once = true,
    desc = 'LiteLLM: put in what is chosen',
    callback = function()
      if not client:is_stopped() then
        vim.lsp.completion.enable(true, client.id, buffer)
      end
    end,
  })
end

---How Neovim starts the server; `vim.lsp.config('litellm', …)` adds to it.
---@return vim.lsp.Config
function M.config()
  local config = require('litellm.config').get()
  local inline = config.inline or false
  local command = require('litellm.binary').find() or { 'litellm-ls' }
  return {
    name = 'litellm',
    cmd = config.shared and vim.list_extend({ unpack(command) }, { '--shared' }) or command,
    init_options = vim.tbl_extend('force', config.settings or {}, {
      features = {
        -- `:LiteLLM models` is the picker here.
        modelActions = false,
        inlineCompletion = inline ~= false,
        inline = type(inline) == 'table' and inline or nil,
      },
    }),
    handlers = {
      ['$/progress'] = progress,
      ['window/showDocument'] = require('litellm.page').handle,
      ['window/showMessage'] = notify.handle,
      ['window/showMessageRequest'] = notify.ask,
      ['workspace/applyEdit'] = require('litellm.actions').apply,
      ---@param params litellm.DidChangeStatusParams
      [protocol.methods.didChangeStatus] = function(_, params)
        session.update({ state = params.state })
        if session.server and session.server.profile ~= params.profile then
          -- Another may be in use now.
          session.server = nil
        end
      end,
      ---@param params litellm.DidChangeUsageParams
      ---@param context lsp.HandlerContext
      [protocol.methods.didChangeUsage] = function(_, params, context)
        session.spent(params.profile, params.total)
        local client = vim.lsp.get_client_by_id(context.client_id)
        if client then
          count(client, { profile = params.profile })
        end
      end,
    },
    commands = require('litellm.actions').commands(),
    on_init = ready,
    on_attach = complete,
    on_exit = ended,
  }
end

---Calls back once the server can be asked; starts it where it does not run.
---@param done fun(error?: litellm.Failure, client?: vim.lsp.Client) given one of the two
local function with_client(done)
  local client = running()
  if client and client.initialized then
    return done(nil, client)
  end
  if not client and not require('litellm.binary').find() then
    return done({
      code = 0,
      message = t('litellm-ls is not found'),
      data = { remedy = require('litellm.binary').remedy },
    })
  end
  table.insert(waiting, done)
  if not client and not vim.lsp.start(vim.lsp.config['litellm'], { attach = false }) then
    waiting = {}
    done({
      code = 0,
      message = t('litellm-ls does not start'),
      data = { remedy = t(':LiteLLM log says more') },
    })
  end
end

---Asks the server.
---@overload fun(method: 'provider/listModels', params: litellm.ListModelsParams, done: fun(error?: litellm.Failure, result?: litellm.ListModelsResult)): litellm.Call
---@overload fun(method: 'provider/listProfiles', params: litellm.ListProfilesParams, done: fun(error?: litellm.Failure, result?: litellm.ListProfilesResult)): litellm.Call
---@overload fun(method: 'provider/listPrompts', params: litellm.ListPromptsParams, done: fun(error?: litellm.Failure, result?: litellm.ListPromptsResult)): litellm.Call
---@param method string
---@param params table
---@param done litellm.Done
---@param receive? fun(delta: litellm.Delta) takes the pieces of an answer as they come
---@param on_cancel? fun()
---@return litellm.Call
function M.request(method, params, done, receive, on_cancel)
  local call = calls.begin(done, receive, on_cancel)
  if receive then
    params = vim.tbl_extend('force', params, { partialResultToken = call.token })
  end
  if next(params) == nil then
    -- An empty table would be sent as an array.
    params = vim.empty_dict()
  end
  with_client(function(error, client)
    if error or not client or not call.is_open() then
      return call.finish(error)
    end
    local send = method == protocol.methods.configure and send_unlogged or client.request
    local sent, id = send(client, method, params, call.finish)
    call.sent(client, id)
    if not sent then
      call.finish({ code = 0, message = t('the server is ending'), data = { remedy = t('try again') } })
    end
  end)
  return call
end

---Keeps settings for a server that is started again in this session.
---@param params litellm.ConfigureParams
function M.remember(params)
  configured = vim.tbl_extend('force', configured, params)
end

---How the columns of positions are counted.
---@return 'utf-8'|'utf-16'|'utf-32'
function M.encoding()
  local client = running()
  return client and client.offset_encoding or 'utf-16'
end

---Whether the server has a method. False where it does not run.
---@param method? string
---@return boolean
function M.has(method)
  local client = running()
  return client ~= nil and has(client, method)
end

---Ends all that is under way, code actions too, and says how much that was.
---@return integer
function M.cancel()
  local cancelled = calls.cancel()
  local client = running()
  if not client then
    return cancelled
  end
  local tokens = session.tokens()
  for _, token in ipairs(tokens) do
    client:notify('window/workDoneProgress/cancel', { token = token })
  end
  return cancelled + #tokens
end

return M
