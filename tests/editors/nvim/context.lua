-- A context line of a chat means the text that its user meant, whatever happens to the files until it is sent.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local LINES = 'one\ntwo\nthree\nfour'

---Begins a chat about the third line of a file, and goes back to the file.
---@param name string
---@param how? fun() writes the context line in the chat
local function about(name, how)
  vim.cmd('silent! only')
  t.edit(name, LINES)
  local file = vim.api.nvim_get_current_buf()
  if how then
    vim.cmd('LiteLLM! chat')
    vim.cmd.stopinsert()
    how()
  else
    vim.cmd('3LiteLLM! chat')
  end
  vim.cmd.stopinsert()
  local chat = vim.api.nvim_get_current_buf()
  vim.api.nvim_win_set_buf(0, file)
  return file, chat
end

---Asks in a chat.
local function ask(chat, question)
  vim.api.nvim_win_set_buf(0, chat)
  local is_blank = vim.fn.getline('$') == ''
  vim.api.nvim_buf_set_lines(chat, -1, -1, false, is_blank and { question } or { '', question })
  t.keys('<CR>')
end

local function answered(what)
  t.wait(function()
    return t.text():find('new\n', 1, true) and require('litellm.session').running == 0
  end, what)
end

---What happens to the file, and what the question is about then.
local CHANGES = {
  {
    'lines above',
    function()
      vim.api.nvim_buf_set_lines(0, 0, 0, false, { 'zero', 'zero' })
    end,
    '> %s:5\n\n```text\nthree\n```\n\nlines above',
  },
  {
    'a change of it',
    function()
      vim.api.nvim_buf_set_text(0, 2, 0, 2, 0, { 'not ' })
      vim.api.nvim_buf_set_lines(0, 0, 1, false, {})
    end,
    '> %s:2\n\n```text\nnot three\n```\n\na change of it',
  },
  {
    'another name',
    function()
      vim.cmd('silent saveas! new-' .. vim.fn.expand('%:t'))
    end,
    '> new-%s:3\n\n```text\nthree\n```\n\nanother name',
  },
}

t.run(function()
  vim.cmd.cd(vim.env.HOME)
  vim.o.report, vim.o.showmode = 9999, false
  local asked = {}
  for number, change in ipairs(CHANGES) do
    for _, how in ipairs({ 'named', 'typed' }) do
      local name = ('%s-%d.txt'):format(how, number)
      local _, chat = about(name, how == 'typed' and function()
        t.keys('Go> ' .. name .. ':3<Esc>')
      end or nil)
      change[2]()
      ask(chat, change[1])
      answered(change[1])
      local expected = change[3]:format(name)
      table.insert(asked, expected)
      t.check(
        t.text():find(expected, 1, true),
        ('%s, %s: the chat says what was sent'):format(change[1], how)
      )
    end
  end
  t.step('asked ' .. vim.json.encode(asked))

  local _, chat = about('gone.txt')
  vim.api.nvim_buf_set_lines(0, 2, 3, false, {})
  ask(chat, 'gone?')
  t.tells('`> gone.txt:3` is not there any more')
  t.check(t.text():find('gone?', 1, true), 'and the question is still there')

  local file
  file, chat = about('apply.txt')
  ask(chat, 'code')
  answered('code')
  vim.api.nvim_buf_set_lines(file, 0, 0, false, { 'zero' })
  vim.fn.search('new')
  t.keys('ga')
  t.equal(t.text(file), 'zero\none\ntwo\nnew\nfour', 'code is put where the text that was sent is now')
  t.keys('gX')

  -- Another Neovim was killed on it.
  vim.fn.writefile({ 'left' }, 'left.txt')
  local swap = vim.fn.swapname(vim.fn.bufadd('left.txt'))
  t.equal(swap, '', 'a file that is not open')
  vim.cmd('silent edit left.txt')
  vim.fn.setline(1, 'changed')
  vim.cmd('preserve')
  local bytes = vim.fn.readblob(vim.fn.swapname('%'))
  local path = vim.fn.swapname('%')
  vim.cmd('bwipeout!')
  vim.fn.writefile(bytes, path)
  vim.cmd('LiteLLM! chat')
  vim.cmd.stopinsert()
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { '> left.txt', '', 'left' })
  t.keys('<CR>')
  answered('a file with a swap file of another Neovim')
  t.check(t.text():find('```text\nleft\n```', 1, true), 'is read')
  vim.fn.delete(path)

  -- What was asked of one proxy is asked again of no other.
  vim.cmd('silent! only')
  t.edit('again.txt', LINES)
  vim.cmd('3LiteLLM edit shout')
  t.wait(function()
    return t.text():find('new', 1, true) and require('litellm.session').running == 0
  end, 'an answer')
  t.settled()
  local elsewhere = { profile = 'other', baseUrl = 'http://127.0.0.1:9', model = 'x', persist = false }
  require('litellm.client').request('provider/configure', elsewhere, function() end)
  t.wait(function()
    return require('litellm.session').running == 0
  end, 'another profile is in use')
  t.keys('gR')
  t.step('again')
  t.wait(function()
    return require('litellm.session').running == 0
  end, 'the end of it')
  t.settled()
  t.keys('gX')
  t.equal(t.text(), LINES, 'the answer that stood there is taken back')
end)
