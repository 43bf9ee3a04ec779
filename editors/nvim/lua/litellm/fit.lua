-- What the server knows of texts: whether an answer may be written into one, and whether one may go to a model.
local protocol = require('litellm.protocol')
local task = require('litellm.task')

local M = {}

---The place of an answer, as `provider/fit` takes it.
---@class litellm.Surroundings
---@field language string
---@field selection? string
---@field before string
---@field after string

---Says what becomes of an answer: at once, for no model is asked. Where the server can't say, it is shown.
---@param around litellm.Surroundings
---@param message { text: string, refusal?: string }
---@param finish_reason? string absent where the answer broke off
---@param done fun(verdict: litellm.FitResult)
function M.judge(around, message, finish_reason, done)
  local params = vim.tbl_extend('force', around, {
    text = message.text,
    refusal = message.refusal,
    finishReason = finish_reason,
  })
  require('litellm.client').request(protocol.methods.fit, params, function(error, verdict)
    done(verdict or { type = 'show', reason = error.message, text = message.text })
  end)
end

---Whether a text may go to a model: the user is asked where its file may hold secrets. Only inside `task.start`.
---@param buffer integer
---@return boolean
function M.may_send(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  if name == '' or vim.bo[buffer].buftype ~= '' then
    return true
  end
  local error, checked = task.request(protocol.methods.checkFile, { uri = vim.uri_from_fname(name) })
  if error then
    require('litellm.notify').error(error)
    return false
  elseif not checked.secret then
    return true
  end
  local send = 'Send it all the same'
  return task.select({ 'Send nothing', send }, {
    prompt = ('%s may hold secrets: '):format(require('litellm.plain').line(vim.fs.basename(name))),
  }) == send
end

return M
