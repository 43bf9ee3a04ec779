-- A client of litellm-ls for Neovim and what else has its `vim.uv` and `vim.json`: one file, to be copied.
--
-- A server of its own, one JSON-RPC message a line, any number of requests at once. Each method takes a function that is
-- called with an error or a result; without one it waits, and returns the result or raises the error.
-- The types are those of editors/nvim/lua/litellm/protocol.lua.
local M = {}

---@alias litellm.Answered fun(error?: litellm.ClientError, result?: any)

---A request that failed: `kind` for programs, `message` for people, and `remedy` for what to do.
---@class litellm.ClientError
---@field code number
---@field message string
---@field kind? litellm.ErrorKind
---@field remedy? string
---@field partial? litellm.CompleteResult What had come of an answer.
---@field data? litellm.ErrorData

---@class litellm.Client
---@field discovered litellm.DiscoverResult What the server can do.
---@field package input uv.uv_pipe_t
---@field package output uv.uv_pipe_t
---@field package handle uv.uv_process_t
---@field package ids integer
---@field package waiting table<integer, litellm.Answered>
---@field package streams table<integer, fun(delta: litellm.Delta)>
---@field package listeners table<string, (fun(params: table))[]>
---@field package begun string[] The pieces of a line.
---@field package gone? litellm.ResponseError Why there is no server any more.
local Client = {}
Client.__index = Client

local GONE = { code = 0, message = 'the server has ended' }
local NO_SERVER = {
  code = 0,
  message = 'what was started is no litellm-ls, for it says what is no JSON: check the command',
}
local readable = {
  __tostring = function(error)
    return error.message
  end,
}

---@param error litellm.ResponseError
---@return litellm.ClientError
local function failure(error)
  local data = error.data or {}
  return setmetatable({
    code = error.code,
    message = error.message,
    kind = data.kind,
    remedy = data.remedy,
    partial = data.partial,
    data = error.data,
  }, readable)
end

---Starts a server and says what this client speaks.
---@param program? string Default: `litellm-ls`.
---@param options? { env?: string[], cwd?: string } Those of `vim.uv.spawn`.
---@return litellm.Client
function M.connect(program, options)
  local self = setmetatable({ ids = 0, waiting = {}, streams = {}, listeners = {}, begun = {} }, Client)
  self.input, self.output = assert(vim.uv.new_pipe()), assert(vim.uv.new_pipe())
  local spawn = vim.tbl_extend('force', options or {}, {
    args = { '--transport', 'lines' },
    stdio = { self.input, self.output, nil },
  })
  local handle, why = vim.uv.spawn(program or 'litellm-ls', spawn, function()
    self.handle:close()
  end)
  assert(handle, why)
  self.handle = handle
  self.output:read_start(function(_, text)
    if text then
      self:read(text)
    else
      self:lose(GONE)
    end
  end)
  self.discovered = self:request('provider/discover', { version = 1 })
  return self
end

---Whether the server has a method, such as `provider/edit`, or a feature, such as `paging`.
---@param name string
function Client:supports(name)
  return vim.list_contains(self.discovered.methods, name) or vim.list_contains(self.discovered.features, name)
end

---Sets the provider up: where the proxy is, with which key.
---@param params litellm.ConfigureParams
---@param done? litellm.Answered
function Client:configure(params, done)
  return self:request('provider/configure', params, done)
end

---Says whether the provider can be used, check by check.
---@param params? litellm.StatusParams
---@param done? litellm.Answered
function Client:status(params, done)
  return self:request('provider/status', params, done)
end

---Lists the models.
---@param params? litellm.ListModelsParams
---@param done? litellm.Answered
function Client:models(params, done)
  return self:request('provider/listModels', params, done)
end

---Asks a model.
---@param params litellm.CompleteParams
---@param done? litellm.Answered
function Client:complete(params, done)
  return self:request('provider/complete', params, done)
end

---Asks a model, and takes the answer as it comes.
---@param params litellm.CompleteParams
---@param piece fun(delta: litellm.Delta)
---@param done? litellm.Answered
function Client:stream(params, piece, done)
  local token = self.ids + 1
  self.streams[token] = piece
  return self:request(
    'provider/complete',
    vim.tbl_extend('force', params, { partialResultToken = token }),
    done
  )
end

---Counts the tokens of a question.
---@param params litellm.CountTokensParams
---@param done? litellm.Answered
function Client:count(params, done)
  return self:request('provider/countTokens', params, done)
end

---Says what was spent; `{ watch = true }` asks for `provider/didChangeUsage` events.
---@param params? litellm.UsageReportParams
---@param done? litellm.Answered
function Client:usage(params, done)
  return self:request('provider/usage', params, done)
end

---Calls a function with the params of each notification of a method, such as `provider/didChangeStatus`.
---@param method string
---@param listener fun(params: table)
function Client:on(method, listener)
  self.listeners[method] = self.listeners[method] or {}
  table.insert(self.listeners[method], listener)
end

---Sends a request of any method.
---@param method string
---@param params? table
---@param done? litellm.Answered
---@return any result Or the id, where a function was given.
function Client:request(method, params, done)
  self.ids = self.ids + 1
  local id, over, failed, result = self.ids, false, nil, nil
  if not self.gone then
    -- Params that are no JSON raise an error, and nothing is sent.
    self:send({ jsonrpc = '2.0', id = id, method = method, params = params or vim.empty_dict() })
  end
  self.waiting[id] = done or function(error, value)
    over, failed, result = true, error, value
  end
  if self.gone then
    self:lose(self.gone)
  end
  if done then
    return id
  end
  while not over do
    vim.wait(1000, function()
      return over
    end, 5)
  end
  if failed then
    error(failed, 0)
  end
  return result
end

---Gives a request up, by the id that it returned; its function is called with an error, with what had come in `partial`.
---@param id integer
function Client:cancel(id)
  self:send({ jsonrpc = '2.0', method = '$/cancelRequest', params = { id = id } })
end

---Ends the server; it answers first what it was asked.
function Client:close()
  self.input:shutdown()
  while not self.gone do
    vim.wait(1000, function()
      return self.gone
    end, 5)
  end
end

---@private
function Client:send(message)
  self.input:write(vim.json.encode(message) .. '\n')
end

---@package
---@param text string
function Client:read(text)
  local from = 1
  while true do
    local line_end = text:find('\n', from, true)
    if not line_end then
      break
    end
    table.insert(self.begun, text:sub(from, line_end - 1))
    local ok, message = pcall(vim.json.decode, table.concat(self.begun), { luanil = { object = true, array = true } })
    self.begun, from = {}, line_end + 1
    if not ok or type(message) ~= 'table' then
      self.handle:kill('sigterm')
      return self:lose(NO_SERVER)
    end
    -- What listeners call may not be called while the loop reads.
    vim.schedule(function()
      self:take(message)
    end)
  end
  table.insert(self.begun, text:sub(from))
end

---@private
function Client:take(message)
  local params = message.params or {}
  if message.method == '$/progress' then
    local piece = self.streams[params.token]
    if piece then
      piece(params.value)
    end
  elseif message.method then
    for _, listener in ipairs(self.listeners[message.method] or {}) do
      -- What a listener raises is its own.
      vim.schedule(function()
        listener(params)
      end)
    end
  elseif self.waiting[message.id] then
    local done = self.waiting[message.id]
    self.waiting[message.id], self.streams[message.id] = nil, nil
    if message.error then
      done(failure(message.error))
    else
      done(nil, message.result)
    end
  end
end

---@package
---@param why litellm.ResponseError
function Client:lose(why)
  vim.schedule(function()
    self.gone = self.gone or why
    local waiting = self.waiting
    self.waiting, self.streams = {}, {}
    for _, done in pairs(waiting) do
      done(failure(self.gone))
    end
  end)
end

return M
