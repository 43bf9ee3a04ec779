-- An answer comes in pieces while the buffer is edited.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  t.edit('code.txt', 'one\ntwo\nthree')
  vim.api.nvim_win_set_cursor(0, { 2, 2 })
  vim.cmd('LiteLLM complete go on')
  t.reads('one\ntwo 日🦀\nthree', 'the first piece after the cursor')
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'zero', 'uno' })
  t.step('edited')
  t.reads(
    'zero\nuno\ntwo 日🦀本\nend 👩‍🚀\nthree',
    'the rest goes where it belongs; CRLF is one line end'
  )
  t.settled()

  vim.cmd.undo()
  t.equal(t.text(), 'zero\nuno\ntwo\nthree', 'one undo takes all of it back, and nothing else')
  vim.cmd.redo()
  t.equal(t.text(), 'zero\nuno\ntwo 日🦀本\nend 👩‍🚀\nthree', 'and redo brings it again')

  t.edit('undo.txt', 'before')
  vim.cmd('LiteLLM complete go on')
  t.reads('before 1', 'a piece')
  t.step('more')
  t.reads('before 1 2 3', 'many pieces')
  t.settled()
  vim.cmd.undo()
  t.equal(t.text(), 'before', 'one step of undo')
  vim.cmd.redo()
  t.equal(t.text(), 'before 1 2 3', 'and of redo')

  t.edit('range.txt', 'say (日本🦀) now')
  vim.api.nvim_win_set_cursor(0, { 1, 5 })
  vim.api.nvim_feedkeys('vt)' .. vim.keycode(':LiteLLM complete translate<CR>'), 'x', false)
  t.step('selected')
  t.reads('say (translated) now', 'the selected characters are replaced')
  t.settled()
  vim.cmd.undo()
  t.equal(t.text(), 'say (日本🦀) now', 'in one step too')

  t.edit('taken.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x y', 'a piece')
  vim.cmd.undo()
  t.step('undone')
  t.tells('stopped: what it was writing was changed')
  t.equal(t.text(), 'x', 'an answer that was undone does not come back')
  t.settled()

  -- The rest comes where a line was begun behind the last one.
  for _, keys in ipairs({ 'omine', ']p', 'jOmine' }) do
    vim.fn.setreg('"', 'mine\n', 'V')
    t.edit('own.txt', 'a\nb\nc')
    vim.cmd('2LiteLLM edit more')
    t.reads('a\none\nc', 'a line, whose end waits')
    vim.api.nvim_win_set_cursor(0, { 2, 0 })
    vim.cmd.normal({ keys, bang = true })
    t.equal(t.text(), 'a\none\nmine\nc', 'a line of the user')
    t.step('begun')
    t.reads('a\none\ntwo\nmine\nc', 'it stays one behind the rest')
    t.settled()
    vim.cmd.undo()
    t.equal(t.text(), 'a\nb\nmine\nc', 'and when the answer is undone')
  end
end)
