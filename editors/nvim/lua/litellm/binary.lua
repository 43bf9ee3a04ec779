-- Where the server is.
local M = {}

M.remedy =
  'install litellm-ls on your PATH, or say where it is: vim.g.litellm = { cmd = "/path/to/litellm-ls" }'

---The program with its arguments: what the settings say, else PATH, else what was built in this repository.
---None where it can't be run.
---@return string[]?
function M.find()
  local cmd = require('litellm.config').get().cmd
  local here = vim.fs.dirname(vim.uv.fs_realpath(debug.getinfo(1, 'S').source:sub(2)))
  local built = vim.fs.normalize(vim.fs.joinpath(here, '../../../../target/release/litellm-ls'))
  for _, candidate in ipairs(cmd and { cmd } or { 'litellm-ls', built }) do
    local command = type(candidate) == 'table' and candidate or { vim.fs.normalize(candidate) }
    if vim.fn.executable(command[1] or '') == 1 then
      return command
    end
  end
end

return M
