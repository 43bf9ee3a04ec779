-- Whether a text may go to a model.
local protocol = require('litellm.protocol')
local task = require('litellm.task')

local M = {}

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
