-- Defines the one command; nothing is loaded before it is used.
if vim.g.loaded_litellm then
  return
end
vim.g.loaded_litellm = true

-- Whether the range of the command that runs next was written as the marks of the selection: only then does it mean
-- the selection, for marks of an old one may be on the very lines of another range.
local by_marks = false
vim.api.nvim_create_autocmd('CmdlineLeave', {
  group = vim.api.nvim_create_augroup('litellm.range', {}),
  pattern = ':',
  desc = 'LiteLLM: see whether a range is the selection',
  callback = function()
    local line = vim.fn.getcmdline()
    by_marks = line:find("'<%s*,%s*'>[%s:]*L") ~= nil or line:find('%*[%s:]*L') ~= nil
    if by_marks then
      vim.schedule(function()
        by_marks = false
      end)
    end
  end,
})

vim.api.nvim_create_user_command('LiteLLM', function(command)
  ---@cast command litellm.RangeCommand
  command.by_marks = by_marks
  by_marks = false
  require('litellm.commands').run(command)
end, {
  nargs = '*',
  range = true,
  bang = true,
  desc = 'Use the models of a LiteLLM proxy',
  complete = function(...)
    return require('litellm.commands').candidates(...)
  end,
})

local function plug(mode, name, run)
  vim.keymap.set(mode, '<Plug>(litellm-' .. name .. ')', run, { desc = 'LiteLLM: ' .. name })
end
plug({ 'n', 'x' }, 'complete', ':LiteLLM complete<CR>')
plug('n', 'chat', '<Cmd>LiteLLM chat<CR>')
plug('x', 'chat', ':LiteLLM chat<CR>')
plug({ 'n', 'i' }, 'cancel', '<Cmd>LiteLLM cancel<CR>')
plug('n', 'models', '<Cmd>LiteLLM models<CR>')
plug({ 'n', 'x' }, 'edit', ':LiteLLM edit<CR>')
plug('n', 'chats', '<Cmd>LiteLLM chats<CR>')
plug('i', 'accept', function()
  require('litellm.inline').accept()
end)
plug('i', 'accept-word', function()
  require('litellm.inline').accept('word')
end)
plug('i', 'accept-line', function()
  require('litellm.inline').accept('line')
end)
plug('i', 'next', function()
  require('litellm.inline').next()
end)
plug('i', 'dismiss', function()
  require('litellm.inline').dismiss()
end)
plug({ 'n', 'i' }, 'ghost', '<Cmd>LiteLLM ghost<CR>')

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('litellm.attach', {}),
  desc = 'LiteLLM: ghost text where the server proposes it',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'litellm' and client.server_capabilities.inlineCompletionProvider then
      require('litellm.inline').enable(client.id, event.buf)
    end
  end,
})
