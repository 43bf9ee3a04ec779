-- Streams, until the editor is killed.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  t.edit('killed.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x y', 'a piece')
  t.step('streaming ' .. t.server_pid())
  vim.wait(60000)
end)
