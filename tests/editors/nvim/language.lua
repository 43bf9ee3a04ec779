-- What the server and the plugin say, in the language that Neovim was started in.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  t.user({ 'http://127.0.0.1:9', '代理不需要密钥', '只在本次会话中使用' })
  vim.cmd.LiteLLM('configure')
  t.tells('127.0.0.1:9 没有响应')
  t.settled()
  t.check(t.told[#t.told]:find('\n请启动'), 'with what to do: ' .. t.told[#t.told])
  t.equal(t.seen[1], 'LiteLLM 代理的地址: ', 'it asks in that language')
  vim.cmd.LiteLLM('nonsense')
  t.tells('`nonsense` 不是以下之一：accept, cancel')
  vim.cmd.LiteLLM('cancel')
  t.tells('没有正在进行的回答')

  local language = require('litellm.language')
  t.equal(language.words('~tools ~$3 / unknown'), '~工具 ~$3 / 未知', 'words about a model, and no names')
  t.equal(language.t('{0} of {1} today', '$1{1}', 2), '今天 $1{1}，上限 2', 'values stay as they are')
  for name, expected in pairs({
    ['zh_CN.UTF-8'] = true,
    ['zh-Hans-TW'] = true,
    zh = true,
    ['zh_TW.UTF-8'] = false,
    ['zh-Hant'] = false,
    ['en_US.UTF-8'] = false,
    C = false,
    [''] = false,
  }) do
    t.equal(language.is_chinese(name), expected, 'Simplified Chinese: ' .. name)
  end
end)
