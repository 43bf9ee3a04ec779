-- Whatever becomes of a buffer amid an answer, neither its text nor the answer is lost.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

---Waits until one of the answers on the disk is this, or what came of it.
local function is_kept(answer, what, cut)
  answer = cut and '> LiteLLM: cut off: Neovim ended before the answer did. This is what came.\n\n' .. answer
    or answer
  t.wait(function()
    local files = vim.fn.glob(vim.fn.stdpath('state') .. '/litellm/answers/*.md', true, true)
    return vim.iter(files):any(function(path)
      return vim.fn.getfperm(path) == 'rw-------' and table.concat(vim.fn.readfile(path), '\n') == answer
    end)
  end, what)
end

---What timers would run, also those that were ended: at the latest when they are told to.
local timed = {}
local defer = vim.defer_fn
vim.defer_fn = function(run, milliseconds)
  table.insert(timed, run)
  return defer(run, milliseconds)
end

---Has every timer run out now, once more where it has before.
local function time_passes()
  for _, run in ipairs(timed) do
    run()
  end
end

t.run(function()
  -- Files of somebody else, older by their names than any answer.
  local folder = vim.fn.stdpath('state') .. '/litellm/answers/'
  vim.fn.mkdir(folder, 'p')
  for number = 1, 25 do
    vim.fn.writefile({ 'mine' }, ('%s2026-notes-%02d.md'):format(folder, number))
  end
  t.edit('typed.txt', 'top\nx')
  vim.cmd('LiteLLM complete go on')
  t.reads('top\nx one', 'a piece')
  is_kept(' one', 'what has come is on the disk, whatever ends Neovim', true)
  t.types('ggA', {
    function()
      return ' of the page'
    end,
    function()
      if t.text():find('of the page', 1, true) then
        t.step('typed')
        return '!'
      end
    end,
    function()
      return t.text() == 'top of the page!\nx one two' and '?' or nil
    end,
  })
  t.settled()
  t.equal(t.text(), 'top of the page!?\nx one two', 'who types amid an answer keeps both')
  t.undoes_to('top\nx', 'and can undo both')
  is_kept(' one two', 'the whole answer is on the disk')
  t.equal(#vim.fn.glob(folder .. '2026-notes-*.md', true, true), 25, 'beside files that are none of ours')
  t.check(#timed > 0, 'a timer has kept it before')
  time_passes()
  is_kept(' one two', 'and stays as it is, whatever is late')
  -- As in a Neovim that was started anew.
  package.loaded['litellm.page'] = nil
  vim.cmd.LiteLLM('last')
  t.shows_page(' one two', 'and is shown again')
  vim.cmd.only()

  t.edit('reloaded.txt', 'on the disk')
  vim.cmd('silent write')
  vim.cmd('LiteLLM complete go on')
  t.reads('on the disk one', 'a piece')
  vim.cmd.edit({ bang = true })
  t.equal(t.text(), 'on the disk', 'the text is read from the disk')
  t.tells('the text has changed: the answer is shown as a page when it is here')
  t.step('reloaded')
  t.shows_page('This is the answer.\n\n one two', 'and the answer is shown whole')
  t.settled()
  t.equal({ t.text(), vim.bo.modified }, { 'on the disk', false }, 'the text stays so')

  vim.cmd.only()
  t.edit('deleted.txt', 'x')
  vim.cmd('LiteLLM complete go on')
  t.reads('x one', 'a piece')
  vim.cmd('silent write')
  t.tells('saved amid an answer')
  vim.cmd.bdelete()
  t.shows_page('the text was closed. This is the answer.\n\n one', 'what came before `:bd` is shown')
  t.settled()
  t.equal(
    vim.fn.readfile(vim.fs.joinpath(vim.env.HOME, 'deleted.txt')),
    { 'x one' },
    'and is where it was saved'
  )

  -- Two buffers without a name are one identifier, `file://`.
  vim.lsp.enable('litellm')
  vim.cmd.enew({ bang = true })
  vim.bo.filetype = 'text'
  vim.cmd.enew({ bang = true })
  local unnamed = vim.api.nvim_get_current_buf()
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'there' })
  vim.bo.filetype = 'text'
  t.wait(t.attached, 'the server is attached')
  t.act('rewrite the selection')
  t.reads('HERE', 'a buffer without a name is written into', unnamed)
  local client = t.attached()
  local at = { line = 0, character = 0 }
  local edit = { changes = { ['file://'] = { { range = { start = at, ['end'] = at }, newText = 'MORE ' } } } }
  local applied = client.handlers['workspace/applyEdit'](nil, { edit = edit }, { client_id = client.id })
  t.equal({ applied.applied, t.text(unnamed) }, { true, 'MORE HERE' }, "by the server's own edits, too")
  t.equal(vim.fn.bufnr('^/$'), -1, 'and no other is made')
  t.wait(function()
    return require('litellm.session').running == 0
  end, 'nothing works any more')

  t.edit('action.txt', 'some text')
  t.wait(t.attached, 'the server is attached')
  t.act('rewrite the selection')
  t.reads(' one', 'a piece')
  t.check(require('litellm').statusline():find('…'), 'the statusline says that a model works')
  t.step('acting')
  vim.cmd.LiteLLM('cancel')
  t.tells('cancelled')
  t.settled()
  t.equal(t.marks('litellm.cut'), { ' ✂ cancelled: its cost is unknown ' }, 'a code action is ended')
  vim.cmd.undo()
  t.equal(t.text(), 'some text', 'and the text is as it was')
end)
