-- Defines the one command; nothing is loaded before it is used.
if vim.g.loaded_litellm then
  return
end
vim.g.loaded_litellm = true

vim.api.nvim_create_user_command('LiteLLM', function(command)
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
plug({ 'n', 'i' }, 'cancel', '<Cmd>LiteLLM cancel<CR>')
plug('n', 'models', '<Cmd>LiteLLM models<CR>')
plug('i', 'accept', function()
  require('litellm.inline').accept()
end)

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
