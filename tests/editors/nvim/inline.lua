-- Ghost text while typing.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

---Where another proposal may be there by now, or not.
local ANY = {}

local function ghost()
  local marks = vim.api.nvim_buf_get_extmarks(
    0,
    vim.api.nvim_create_namespace('litellm.inline'),
    0,
    -1,
    { details = true }
  )
  local words = marks[1] and (marks[1][4] or {}).virt_text
  return words and words[1][1]
end

t.run(function()
  vim.g.litellm = { inline = { debounceMs = 0 } }
  vim.lsp.enable('litellm')
  t.edit('ghost.lua', 'local x =')
  t.wait(t.attached, 'the server is attached')
  local inline = require('litellm.inline')
  local accepted
  local function map(key, run)
    vim.keymap.set('i', key, function()
      accepted = run()
      return ''
    end, { expr = true })
  end
  map('<F5>', inline.accept)
  map('<F6>', function()
    return inline.accept('word')
  end)
  map('<F7>', function()
    return inline.accept('line')
  end)
  map('<F8>', inline.dismiss)
  local function once(text, expected, keys)
    return function()
      return t.text() == text and (expected == ANY or ghost() == expected) and keys or nil
    end
  end

  t.types('A ', {
    once('local x = ', 'Hello there', '<F6>'),
    once('local x = Hello', ' there', ' t'),
    once('local x = Hello t', 'here', '<F7>'),
    once('local x = Hello there', ANY, '<CR>'),
    once('local x = Hello there\n', 'Hello there', '<F8>'),
    once('local x = Hello there\n', nil, '<BS><CR>'),
    once('local x = Hello there\n', 'Hello there', '<F5>'),
    once('local x = Hello there\nHello there', ANY, '<Esc>'),
  })
  t.equal(t.text(), 'local x = Hello there\nHello there', 'a word, a line, or all is taken')
  t.check(accepted, 'accept says that there was one')
  t.equal({ ghost(), inline.accept() }, { nil, false }, 'nothing is left')
  t.equal(require('litellm.inline.ghost').part('foo_bar(x)\n  y', 'word'), 'foo_bar', 'a word')
  t.equal(require('litellm.inline.ghost').part('\n  y = 1\nz', 'word'), '\n  y', 'with the blanks before it')
  t.equal(require('litellm.inline.ghost').part('\n  y = 1\nz', 'line'), '\n  y = 1', 'a line')
  vim.cmd.LiteLLM('ghost')
  t.tells('ghost text is off')
  vim.cmd.LiteLLM('ghost')
  t.tells('ghost text is on')
  local item = require('litellm.source.item').of('lo there\nx', 'say 🦀 hel', 2)
  t.equal(item.label, 'hello there', 'an item of a menu begins with the word at the cursor')
  t.equal(item.textEdit, {
    newText = 'hello there\nx',
    range = { start = { line = 2, character = 7 }, ['end'] = { line = 2, character = 10 } },
  }, 'and takes its place')

  vim.uv.kill(t.server_pid(), 'sigkill')
  t.tells('the server ended')
  t.wait(function()
    return not t.attached()
  end, 'no server is attached')
  vim.cmd.LiteLLM('models gpt')
  t.tells('using gpt')
  t.wait(t.attached, 'a server that is started again is attached again')
end)
