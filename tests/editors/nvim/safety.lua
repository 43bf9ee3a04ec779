-- What must not happen: an answer that is lost, a text that is spoiled, a focus that is taken.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  t.edit('changed.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x one', 'a piece')
  vim.api.nvim_buf_set_text(0, 0, 2, 0, 5, { 'ONE' })
  t.step('changed')
  t.shows_page('This is the answer.\n\n one two', 'an answer whose place was changed is shown whole')
  t.settled()
  t.equal(t.text(), 'x ONE', 'and the text stays as the user left it')
  vim.api.nvim_set_current_win(t.page())
  t.check(
    not vim.bo.modifiable and vim.fn.swapname(vim.api.nvim_get_current_buf()) == '',
    'a page is for reading, and no file'
  )
  t.keys('q')
  t.equal(t.page(), nil, 'q closes it')
  vim.cmd.LiteLLM('last')
  t.shows_page('one two', 'and it can be had again')

  t.edit('blank.txt', 'keep\nthis')
  vim.cmd('1LiteLLM complete go on')
  t.tells('the model answered with nothing')
  t.equal(t.text(), 'keep\nthis', 'blanks replace nothing')

  t.edit('cut.txt', 'old')
  vim.cmd('1LiteLLM complete go on')
  t.tells('cut off at its length limit')
  t.equal(
    { t.text(), t.marks('litellm.cut') },
    { 'half', { ' ✂ the answer was cut off at its length limit ' } },
    'marked'
  )
  vim.cmd.undo()
  t.equal({ t.text(), t.marks('litellm.cut') }, { 'old', {} }, 'and one undo away')
  t.step('cut')

  for _, format in ipairs({ 'dos', 'mac' }) do
    local line_end = format == 'dos' and '\r\n' or '\r'
    local path = vim.fs.joinpath(vim.env.HOME, format .. '.py')
    local file = assert(io.open(path, 'wb'))
    file:write(table.concat({ 'def f():', '  ', 'y = 1', '' }, line_end))
    file:close()
    vim.cmd(('edit ++ff=%s %s'):format(format, path))
    vim.api.nvim_win_set_cursor(0, { 2, 1 })
    vim.cmd('LiteLLM complete go on')
    t.reads('def f():\n  one()\n  two()\ny = 1', 'a piece with ff=' .. format)
    t.step(format)
    t.reads('def f():\n  one()\n  two()\n  three()\ny = 1', 'the rest with ff=' .. format)
    t.settled()
    vim.cmd('silent write')
    local saved = assert(io.open(path, 'rb'))
    local expected = table.concat({ 'def f():', '  one()', '  two()', '  three()', 'y = 1', '' }, line_end)
    t.equal(saved:read('*a'), expected, 'and its line ends')
    saved:close()
    vim.cmd.undo()
    t.equal(t.text(), 'def f():\n  \ny = 1', 'one step of undo with ff=' .. format)
  end

  t.edit('fence.py', 'x = ')
  vim.cmd('LiteLLM complete go on')
  t.reads('x = 1', 'a fence around the code stays out')
  t.settled()
  vim.cmd.undo()
  t.equal(t.text(), 'x = ', 'in one step of undo')

  t.edit('prose.py', 'old = 1\nnext = 2')
  vim.cmd('1LiteLLM complete go on')
  t.shows_page('```\na = 1\n```', 'an answer that may be any of several texts is shown')
  t.settled()
  t.equal(t.text(), 'old = 1\nnext = 2', 'and the text is as it was')
  vim.api.nvim_set_current_win(t.page())
  local file = vim.fn.bufnr('prose.py')
  t.keys('i')
  t.check(t.text(file) ~= 'old = 1\nnext = 2', 'until the user wants it all the same')
  t.keys('q')

  t.edit('.env', 'KEY=1')
  local answer ---@type fun(item: lsp.MessageActionItem)
  local items ---@type lsp.MessageActionItem[]
  vim.ui.select = function(offered, _, done)
    items, answer = offered, done
  end
  vim.cmd('1LiteLLM complete go on')
  t.wait(function()
    return items ~= nil
  end, 'a file that may hold secrets is asked about')
  t.equal(items[1].title, "Don't Send It", 'what sends nothing is chosen already')
  t.equal(t.marks('litellm.stream'), { '   not sent yet' }, 'and its line says so meanwhile')
  answer(items[1])
  t.settled()

  -- Contexts of a chat: a buffer without a file, and one that differs from its file.
  local key = { 'model_list:', '- litellm_params: {model: openai/gpt-4o, api_key: sk-proj-Ab3dEf6hIj9lMn2p}' }
  for _, case in ipairs({
    { open = 'enew', lines = key, asked = 'this text may hold secrets: ' },
    { open = 'edit notes.txt', lines = key, asked = 'notes.txt may hold secrets: ' },
    { open = 'enew', lines = { 'nothing' } },
  }) do
    vim.cmd(case.open)
    vim.api.nvim_buf_set_lines(0, 0, -1, false, case.lines)
    t.user({ 'Send nothing' })
    local may_send
    require('litellm.task').start(function()
      may_send = require('litellm.secrets').may_send(vim.api.nvim_get_current_buf())
    end)
    t.wait(function()
      return may_send ~= nil
    end, case.open .. ' is looked at')
    t.equal(may_send, not case.asked, case.open)
    t.equal(t.seen[1], case.asked, case.open)
    vim.cmd('bwipeout!')
  end

  vim.lsp.enable('litellm')
  t.edit('explain.txt', 'some text')
  t.wait(t.attached, 'the server is attached')
  local window = vim.api.nvim_get_current_win()
  t.act('explain the selection')
  t.shows_page('explained', 'an explanation is a page')
  t.equal(vim.api.nvim_get_current_win(), window, 'who types goes on typing')
  t.wait(function()
    return not require('litellm.session').working() and #t.marks('litellm.stream') == 0
  end, 'nothing works any more')
  t.wait(function()
    return require('litellm.session').answers >= 8
  end, 'the cost of code actions is counted')

  vim.bo.modifiable = false
  t.act('rewrite the selection')
  t.tells('this buffer can not be changed: `:set modifiable` first')
  vim.bo.modifiable = true
  local client = vim.lsp.get_clients({ name = 'litellm' })[1]
  local edit =
    { documentChanges = { { textDocument = { uri = vim.uri_from_bufnr(0), version = 0 }, edits = {} } } }
  local method = 'workspace/applyEdit'
  local applied = client.handlers[method](nil, { edit = edit }, { method = method, client_id = client.id }) --[[@as table]]
  t.equal(applied.applied, false, 'an edit of an older text says that it was not made')
end)
