-- The window of a chat.
local M = {}

---Opens the window beside the current one.
---@param buffer integer
function M.open(buffer)
  vim.cmd(vim.o.columns >= 120 and 'botright vsplit' or 'botright split')
  vim.api.nvim_win_set_buf(0, buffer)
  local options = vim.wo[0][0]
  options.wrap, options.linebreak, options.number, options.relativenumber = true, true, false, false
  options.foldmethod, options.foldexpr = 'expr', "v:lua.require'litellm.chat.fold'.level()"
  options.foldtext, options.foldlevel, options.fillchars =
    "v:lua.require'litellm.chat.fold'.text()", 0, 'fold: '
  vim.cmd.normal({ 'G$', bang = true })
end

return M
