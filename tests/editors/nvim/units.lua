-- What needs no server: chats as text, columns, usage, the statusline.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  local chat =
    vim.split('Be brief.\n\n## user:\n\nA\n## Not a heading\n\n## assistant:\nB\n\n## user:\n\n', '\n')
  t.equal(require('litellm.chat').messages(chat), {
    { role = 'system', content = 'Be brief.' },
    { role = 'user', content = 'A\n## Not a heading' },
    { role = 'assistant', content = 'B' },
  }, 'a chat is what stands in its text; an empty question is none')

  local models = require('litellm.models')
  local model = { id = '模型', contextWindow = 1048576, inputPrice = 0, supportsTools = true }
  model.assumed = { inputPrice = 'default', supportsTools = 'default' }
  t.equal(
    models.columns(model, '模型'),
    { '* 模型', '?', '1.05M', '?', '?', '~tools' },
    'columns of a model'
  )
  model.assumed.inputPrice = 'costMap'
  t.equal(models.columns(model)[4], '~$0', 'a public price is marked')
  model.retiresOn = '2020-01-31'
  t.equal(models.columns(model)[6], '~tools retired 2020-01-31', 'a retired model says so')
  model.id = 'odd\n%{v:lua.x()}\27[31m\226\128\174'
  t.equal(models.columns(model)[1], '  odd %{v:lua.x()}[31m', 'an odd name is one line')
  t.equal(
    models.aligned({ { 'a-long-name', 'provider', '$1' }, { 'b', 'other', '$22' } }, 16, { 2 }),
    { 'a-long-name  $1', 'b            $22' },
    'columns go where there is no room'
  )
  t.equal(models.aligned({ { 'a-long-name', '$1' } }, 12), { 'a-long-…  $1' }, 'then the ends of names')
  t.equal(
    require('litellm.picker').filtered({ 'openai/gpt-5', 'anthropic/claude-opus', 'local' }, 'OPUS cl'),
    { 2 },
    'a filter by words'
  )
  t.equal(require('litellm.picker').filtered({ 'openai/gpt-5', 'local' }, 'og5'), { 1 }, 'else by likeness')
  t.equal(
    models.aligned({ { '模型', 'x' }, { 'gpt', 'y' } }),
    { '模型  x', 'gpt   y' },
    'wide characters are aligned'
  )

  local example = vim.fs.joinpath(vim.env.LITELLM_TEST_EXAMPLES, 'usage.response.json')
  if vim.uv.fs_stat(example) then
    local report = vim.json.decode(table.concat(vim.fn.readfile(example), '\n')).result
    t.equal(require('litellm.usage').lines(report), {
      'model          outcome    calls  tokens in  out  cost',
      'claude-sonnet  succeeded  12     15744      504  $0.0216',
      'claude-sonnet  cancelled  1      0          0    ?',
      'all                       13     15744      504  $0.0216+',
      'The key has spent $1.25 of $10.00.',
    }, 'usage by model')
  end

  local session = require('litellm.session')
  session.update({ state = 'unreachable', model = 'gpt' })
  t.equal(session.line(), 'LiteLLM !unreachable gpt', 'a statusline that warns')
  session.count({ model = 'gpt', usage = { cost = 0.25, inputTokens = 1 } })
  session.count({ model = 'gpt' })
  session.update({ state = 'ready', running = 1 })
  t.equal(session.line(), 'LiteLLM … gpt $0.25+', 'one that waits, with a cost that is not all')

  session.update({ running = 0, model = 'm%{v:lua.x()}\n' })
  t.check(not session.line():find('[%%\n]'), 'nothing in a statusline is an expression: ' .. session.line())

  vim.g.litellm = { cmd = '/nowhere/litellm-ls' }
  vim.cmd.LiteLLM('status')
  t.tells('litellm-ls is not found\ninstall litellm-ls on your PATH')
  vim.cmd.LiteLLM('modles')
  t.tells('`modles` is none of: cancel, chat')
  vim.bo.modifiable = false
  vim.cmd('LiteLLM complete x')
  t.tells('this buffer can not be changed')
end)
