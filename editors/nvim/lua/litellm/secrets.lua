-- Whether a text may go to a model.
local protocol = require('litellm.protocol')
local task = require('litellm.task')
local t = require('litellm.language').t

local M = {}

---Whether a text may go to a model: the user is asked where its file may hold secrets. Only inside `task.start`.
---@param buffer integer
---@return boolean
function M.may_send(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  local has_file = name ~= '' and vim.bo[buffer].buftype == ''
  local error, checked = task.request(protocol.methods.checkFile, {
    uri = has_file and vim.uri_from_fname(name) or '',
    -- The server may not know it: it has no file, or differs from it.
    text = (not has_file or vim.bo[buffer].modified)
        and table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
      or nil,
  })
  if error then
    require('litellm.notify').error(error)
    return false
  elseif not checked.secret then
    return true
  end
  local send = t('Send it all the same')
  local what = has_file and require('litellm.plain').line(vim.fs.basename(name)) or t('this text')
  return task.select({ t('Send nothing'), send }, {
    prompt = t('{0} may hold secrets: ', what),
    is_question = true,
  }) == send
end

return M
