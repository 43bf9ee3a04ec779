-- What can go wrong: a wrong key, no proxy, an answer that breaks off, a server that dies.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  vim.g.litellm = { cmd = 'litellm-ls', inlin = true, picker = 7 }
  t.user({ 'http://127.0.0.1:9', 'no key', 'Keep for this session' })
  vim.cmd.LiteLLM('configure')
  t.tells('vim.g.litellm has no setting `inlin`: did you mean `inline`?')
  t.tells('vim.g.litellm.picker must be a string')
  t.tells('127.0.0.1:9')
  t.settled()
  t.equal(require('litellm.session').state, 'unreachable', 'a proxy that is down')
  t.check(require('litellm').statusline():find('!unreachable'), 'the statusline says so')
  t.check(t.told[#t.told]:find('\n%S'), 'the remedy is on the second line: ' .. t.told[#t.told])

  t.user({ vim.env.LITELLM_TEST_URL, 'environment', 'sk-pasted-by-mistake' })
  vim.fn.histadd('input', 'sk-pasted-by-mistake')
  vim.cmd.LiteLLM('configure')
  t.tells('that is not the name of an environment variable')
  t.equal(vim.fn.histget('input', -1), '', 'a key at the wrong place leaves the history')

  t.user({ vim.env.LITELLM_TEST_URL, 'memory only', vim.env.LITELLM_TEST_WRONG_KEY, 'Keep for this session' })
  vim.cmd.LiteLLM('configure')
  t.wait(function()
    return require('litellm.session').state == 'unauthorized'
  end, 'a wrong key')
  t.settled()
  t.check(t.told[#t.told]:find('\n%S'), 'with a remedy: ' .. t.told[#t.told])

  vim.lsp.log.set_level(vim.log.levels.TRACE)
  t.user({ vim.env.LITELLM_TEST_URL, 'memory only', vim.env.LITELLM_TEST_KEY, 'Save the address only' })
  vim.cmd.LiteLLM('configure')
  t.tells('connected to')
  t.settled()

  t.edit('broken.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x half', 'what came before the end is kept')
  t.settled()
  t.check(t.told[#t.told]:find('\n%S'), 'an answer that breaks off is an error: ' .. t.told[#t.told])

  t.edit('killed.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x y', 'a piece')
  local told = #t.told
  vim.uv.kill(t.server_pid(), 'sigkill')
  t.tells('the server ended')
  t.settled()
  -- Neovim's own message is the last.
  t.tells('quit with exit code')
  local ours = vim.tbl_filter(function(text)
    return text:find('^LiteLLM') ~= nil
  end, vim.list_slice(t.told, told + 1))
  t.equal(#ours, 1, 'one message')
  t.edit('again.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x and again y', 'the next use starts the server again, with the key it was given')
  t.settled()
  vim.cmd.wshada({ bang = true })
  t.step('done')
end)
