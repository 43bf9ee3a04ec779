-- Answers that nobody waits for any more.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  t.edit('cancel.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x y', 'a piece')
  vim.cmd.LiteLLM('cancel')
  t.tells('cancelled')
  t.settled()
  t.equal(t.marks('litellm.stream'), {}, 'nothing is awaited any more')
  t.equal(
    t.marks('litellm.cut'),
    { ' ✂ cancelled: its cost is unknown ' },
    'what stays says that it is not whole'
  )
  t.equal(t.text(), 'x y', 'and is no part of the text')
  vim.cmd.undo()
  t.equal({ t.text(), t.marks('litellm.cut') }, { 'x', {} }, 'one undo takes back both')
  t.step('cancelled')

  vim.cmd('LiteLLM complete go on')
  t.reads('x y', 'another piece')
  t.keys('ga')
  t.tells('the answer is still coming: `gX` ends it and takes it back')
  t.keys('gX')
  t.tells('ended and taken back; `:LiteLLM last` shows what came')
  t.equal({ t.text(), t.marks('litellm.cut') }, { 'x', {} }, 'what is rejected while it comes is taken back')
  t.equal(vim.fn.maparg('gX', 'n'), '', 'and its keys go with it')
  t.settled()
  t.step('taken back')

  -- What comes late is for nobody, and not for other handlers of progress either.
  local heard = 0
  vim.api.nvim_create_autocmd('LspProgress', {
    callback = function()
      heard = heard + 1
    end,
  })
  local client = vim.lsp.get_clients({ name = 'litellm' })[1]
  local late = { token = 'litellm-1', value = { type = 'text', text = 'late' } }
  client.handlers['$/progress'](nil, late, { client_id = client.id, method = '$/progress' })
  local other = { token = 'other', value = { kind = 'begin', title = 'Other' } }
  client.handlers['$/progress'](nil, other, { client_id = client.id, method = '$/progress' })
  t.next_tick()
  t.equal({ t.text(), heard }, { 'x', 1 }, 'a late piece is ignored, the progress of others is not')

  t.edit('wiped.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x y', 'a piece')
  vim.cmd.bwipeout({ bang = true })
  t.settled()
  t.tells('stopped: the text was closed')
  t.shows_page('> LiteLLM: the text was closed. This is the answer.\n\n y', 'what came is shown')
  t.step('wiped')

  t.edit('both.txt', 'x')
  local file = vim.api.nvim_get_current_buf()
  vim.cmd('LiteLLM complete go on')
  t.reads('x y', 'a piece in a file')

  vim.cmd.LiteLLM('chat Hello')
  t.wait(function()
    return t.text():find('y$')
  end, 'a chat is being answered')
  require('litellm.chat').send()
  t.tells('the answer is still coming')
  local chat = vim.api.nvim_get_current_buf()
  vim.cmd.LiteLLM('chat')
  t.equal(vim.fn.bufwinid(chat), -1, 'a chat is hidden while it is answered')
  vim.cmd.LiteLLM('chat')
  t.equal(vim.api.nvim_get_current_buf(), chat, 'and the same is shown again')
  vim.api.nvim_feedkeys(vim.keycode('<C-c>'), 'mx', false)
  t.equal(require('litellm.session').running, 1, '<C-c> ends the answer of its chat, and no other')
  local namespace = vim.api.nvim_create_namespace('litellm.cut')
  local mark = vim.api.nvim_buf_get_extmarks(chat, namespace, 0, -1, {})[1]
  local marked = vim.api.nvim_buf_get_lines(chat, mark[2], mark[2] + 1, false)
  t.equal(marked, { ' y' }, 'what was cancelled is the answer, and not the next question')
  vim.cmd.LiteLLM('cancel')
  t.settled()
  t.equal(t.text(file), 'x y', 'the other stays where it was')
  t.equal(t.text(), '## user:\n\nHello\n\n## assistant:\n\n y\n\n## user:\n\n', 'the chat can go on')
end)
