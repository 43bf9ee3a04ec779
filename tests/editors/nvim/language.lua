-- What the server says, in the language that Neovim was started in.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  t.user({ 'http://127.0.0.1:9', 'no key', 'Keep for this session' })
  vim.cmd.LiteLLM('configure')
  t.tells('127.0.0.1:9 没有响应')
  t.settled()
  t.check(t.told[#t.told]:find('\n请启动'), 'with what to do: ' .. t.told[#t.told])
end)
