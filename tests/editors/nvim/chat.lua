-- A chat: its context, its code, its file, its model, and how it is found again.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local function chats()
  local folder = vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'litellm', 'chats')
  return vim.fn.glob(folder .. '/*.md', true, true)
end

---Waits until an answer is in the chat, and the chat is kept.
local function answered(text)
  t.wait(function()
    return t.text():find(text, 1, true) and require('litellm.session').running == 0
  end, 'an answer: ' .. text)
end

t.run(function()
  vim.cmd.cd(vim.env.HOME)
  t.edit('f.py', 'x = 1\ndef f(a): pass')
  local file = vim.api.nvim_get_current_buf()
  vim.cmd('2LiteLLM chat Which type?')
  answered('Obey.')
  local chat = vim.api.nvim_get_current_buf()
  t.equal(
    { vim.fn.swapname(chat), vim.bo.buftype, vim.bo.swapfile },
    { '', 'nofile', false },
    'a chat is no file'
  )
  t.equal(vim.bo.filetype, 'markdown', 'it is Markdown')
  local folds = {}
  for line = 1, vim.fn.line('$') do
    if vim.fn.foldclosed(line) == line then
      table.insert(folds, vim.fn.foldtextresult(line))
    end
  end
  t.equal(
    folds,
    { '▸ f.py:2 · 1 lines', '▸ reasoning · 2 lines' },
    'what was sent, and reasoning are folded'
  )
  t.check(vim.wo.winbar:find('gpt · %d+'), 'the model and its tokens stand above: ' .. vim.wo.winbar)

  vim.fn.search('def f(a: int)')
  t.keys('"agy')
  t.equal(vim.fn.getreg('a'), 'def f(a: int): pass\n', 'code is yanked')
  t.keys('ga')
  t.equal(t.text(file), 'x = 1\ndef f(a: int): pass', 'and put where the question was about')
  t.equal(vim.api.nvim_get_current_buf(), file, 'where it is to be decided')
  t.keys('gX')
  t.equal(t.text(file), 'x = 1\ndef f(a): pass', 'and can be rejected')
  t.equal(vim.fn.maparg('gX', 'n'):find('litellm'), nil, 'then no key is taken any more')

  local window = vim.fn.bufwinid(chat)
  vim.cmd.LiteLLM('chat')
  t.equal(vim.fn.bufwinid(chat), -1, 'a chat that is seen is closed')
  vim.cmd.LiteLLM('chat')
  t.equal(vim.api.nvim_get_current_buf(), chat, 'and opened again')
  t.check(vim.fn.bufwinid(chat) ~= window, 'in a new window')
  require('litellm.chat').use('claude')
  vim.cmd('LiteLLM chat Really?')
  answered('Fine.')
  t.check(vim.wo.winbar:find('claude', 1, true), 'a chat has a model of its own')

  local kept = chats()
  t.equal(#kept, 1, 'one chat is kept')
  t.check(vim.fs.basename(kept[1]):find('which%-type%.md$'), 'by what it is about: ' .. kept[1])
  t.equal(vim.fn.getfperm(kept[1]), 'rw-------', 'for nobody else')
  t.equal(vim.fn.getfperm(vim.fs.dirname(kept[1])), 'rwx------', 'nor its folder')
  local said = t.text()
  vim.cmd.bwipeout({ bang = true })
  t.user({ 'Which type?', 'Which type?', 'Which type?', 'Which type?', 'Which type?', 'Which type?' })
  vim.cmd.LiteLLM('chats')
  t.equal(t.text(), said, 'a chat is found again')
  t.check(vim.wo.winbar:find('claude', 1, true), 'with its model')

  -- What was said to one proxy is told to no other.
  local record = vim.json.decode(table.concat(vim.fn.readfile(kept[1] .. '.json')))
  t.equal(
    record.server,
    { profile = 'default', baseUrl = vim.env.LITELLM_BASE_URL },
    'a chat knows its proxy'
  )
  local elsewhere = vim.deepcopy(record)
  elsewhere.server.baseUrl = 'http://elsewhere.example'
  for _, case in ipairs({
    -- Whom it was told nobody knows.
    { '{"model":"claude"}', 'an unknown proxy (profile unknown)' },
    { '{"server":{"profile":7}}', 'an unknown proxy (profile unknown)' },
    { '{"server":', 'an unknown proxy (profile unknown)' },
    { nil, 'an unknown proxy (profile unknown)' },
    { vim.json.encode(elsewhere), 'http://elsewhere.example (profile default)' },
  }) do
    vim.cmd.bwipeout({ bang = true })
    vim.fn.delete(kept[1] .. '.json')
    if case[1] then
      vim.fn.writefile({ case[1] }, kept[1] .. '.json')
    end
    vim.cmd.LiteLLM('chats')
    vim.api.nvim_buf_set_lines(0, -2, -1, false, { 'Not there.' })
    t.told = {}
    t.keys('<CR>')
    t.tells('this chat was held with ' .. case[2])
    t.settled()
    t.check(t.text():find('Not there%.$'), 'and nothing is sent')
  end
  require('litellm.chat').use('claude')
  t.wait(function()
    local now = vim.json.decode(table.concat(vim.fn.readfile(kept[1] .. '.json')))
    return vim.deep_equal(now.server, record.server)
  end, 'until the user has chosen a model there')
  vim.api.nvim_buf_set_lines(0, -2, -1, false, { '' })
  t.equal(t.text(), said, 'the chat is as it was')

  -- Another Neovim goes on with the same chat.
  local theirs = vim.list_extend(vim.fn.readfile(kept[1]), { 'Theirs.' })
  vim.fn.writefile(theirs, kept[1])
  vim.diagnostic.set(vim.api.nvim_create_namespace('test'), file, {
    { lnum = 0, col = 0, message = 'x is\nunused', severity = vim.diagnostic.severity.ERROR },
  })
  t.check(
    vim.list_contains(
      require('litellm.chat.context').complete(0, 'diag') --[[@as string[] ]],
      'diagnostics of f.py'
    ),
    'names of context complete'
  )
  vim.api.nvim_buf_set_lines(0, -2, -1, false, { '> diagnostics of f.py' })
  t.keys('<CR>')
  t.wait(function()
    return t.text():find('half', 1, true)
  end, 'an answer that is coming')
  t.step('cancelled')
  vim.cmd.normal({ vim.keycode('<C-c>') })
  t.settled()
  t.check(
    vim.wo.winbar:find('+', 1, true),
    'a cancelled answer has a cost that nobody knows: ' .. vim.wo.winbar
  )
  t.equal(vim.fn.readfile(kept[1]), theirs, 'what another Neovim wrote stays')
  t.equal(#chats(), 2, 'and what is written here is kept beside it')
  vim.cmd.write(vim.fs.joinpath(vim.env.HOME, 'mine.md'))
  vim.cmd.edit(vim.fs.joinpath(vim.env.HOME, 'mine.md'))
  vim.cmd.LiteLLM('chat')
  t.tells('the chat goes on')
  t.check(vim.fn.maparg('<CR>', 'n') ~= '', 'a chat that was written into a file can go on')
end)
