-- Where the server is.
local t = require('litellm.language').t

local M = {}

M.remedy = t(
  '`:LiteLLM install` brings it; or put it on your PATH, or say where it is: vim.g.litellm = { cmd = "/path/to/litellm-ls" }'
)

---Where `:LiteLLM install` puts it: a folder of the plugin's own, which nobody needs special rights for.
---@return string
function M.folder()
  return vim.fs.joinpath(vim.fn.stdpath('data') --[[@as string]], 'litellm', 'program')
end

---The program in a folder that something was installed into. None where there is none.
---@param folder string
---@return string?
function M.installed(folder)
  local name = vim.fn.has('win32') == 1 and 'litellm-ls.exe' or 'litellm-ls'
  -- Not npm's own link: behind that is another process, in Node.
  for _, place in ipairs({ 'bin', 'node_modules/litellm-ls-*/bin' }) do
    for _, program in
      ipairs(vim.fn.glob(vim.fs.joinpath(vim.fn.escape(folder, '*?[{'), place, name), true, true))
    do
      if vim.fn.executable(program) == 1 then
        return program
      end
    end
  end
end

---The program with its arguments: what the settings say, else PATH, else what `:LiteLLM install` has brought, else what
---was built in this repository.
---None where it can't be run.
---@return string[]?
function M.find()
  local cmd = require('litellm.config').get().cmd
  local this = assert(debug.getinfo(1, 'S')).source:sub(2)
  -- A plugin that is moved while Neovim runs is not where it was read from.
  local here = vim.fs.dirname(vim.uv.fs_realpath(this) or this)
  local built = vim.fs.normalize(vim.fs.joinpath(here, '../../../../target/release/litellm-ls'))
  for _, candidate in ipairs(cmd and { cmd } or { 'litellm-ls', M.installed(M.folder()) or built, built }) do
    local command = type(candidate) == 'table' and candidate or { vim.fs.normalize(candidate) }
    if vim.fn.executable(command[1] or '') == 1 then
      return command
    end
  end
end

return M
