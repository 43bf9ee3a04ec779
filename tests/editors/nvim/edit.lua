-- What a model writes into a text is a diff until the user has decided.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local BEFORE, AFTER = 'x = 0\na = 1\nb = 2\nz = 0', 'x = 0\na = 10\nb = 2\nz = 0'

---The lines that are shown as gone, and those that are marked as new.
local function diff()
  local namespace = vim.api.nvim_create_namespace('litellm.review')
  local gone, new, hints = {}, {}, nil
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
    local details = mark[4] or {}
    local lines = details.virt_lines
    if details.line_hl_group then
      table.insert(new, mark[2] + 1)
    elseif lines and lines[1][1][2] == 'DiffDelete' then
      table.insert(gone, vim.trim(lines[1][1][1]))
    elseif lines then
      hints = table.concat(vim.tbl_map(function(chunk)
        return chunk[1]
      end, lines[1]))
    end
  end
  return gone, new, hints
end

local function ask()
  vim.cmd('2,3LiteLLM edit ten')
  t.reads(AFTER, 'the answer stands in the text')
  t.settled()
end

t.run(function()
  t.edit('f.py', BEFORE)
  vim.diagnostic.set(
    vim.api.nvim_create_namespace('test'),
    0,
    { { lnum = 1, col = 0, message = 'a is wrong' } }
  )
  vim.keymap.set('n', 'gX', 'x', { buffer = true })
  ask()
  local gone, new, hints = diff()
  t.equal({ gone, new }, { { 'a = 1' }, { 2 } }, 'what went and what came is shown, and nothing else')
  t.check(
    hints and hints:find('ga accept · gX reject · gR retry · gpt · 4 tokens · '),
    'with its cost: ' .. tostring(hints)
  )
  vim.cmd.undo()
  vim.api.nvim_exec_autocmds('TextChanged', { buffer = 0 })
  t.equal({ t.text(), (diff()) }, { BEFORE, {} }, 'undo takes all of it back')
  t.equal(vim.fn.maparg('gX', 'n'), 'x', 'and the keys are again what they were')
  t.step('undone')

  vim.cmd('silent write')
  ask()
  t.keys('gX')
  t.equal({ t.text(), (diff()) }, { BEFORE, {} }, 'rejected')
  t.check(not vim.bo.modified, 'and the buffer is as its file')
  ask()
  vim.cmd('1join')
  vim.cmd('2join')
  t.keys('gX')
  t.equal(t.text(), BEFORE, 'what was joined with it is a line of its own again')

  for _, own in ipairs({
    { 'between its lines', '3GOmine = 1', 'x = 0\na = 1\nmine = 1\nb = 2\nz = 0', 'within the answer stays' },
    { 'behind it', '3Gomine = 1', 'x = 0\na = 1\nb = 2\nmine = 1\nz = 0' },
    { 'in what had stood there', '3GA + 1', 'x = 0\na = 1\nb = 2 + 1\nz = 0', 'within the answer stays' },
    { 'in what came', '2GA + 1', BEFORE, 'went with it: undo brings it back' },
    { 'by taking a line out', '2Gdd', BEFORE },
  }) do
    ask()
    vim.cmd.normal({ own[2], bang = true })
    local changed = t.text()
    t.told = {}
    t.keys('gX')
    t.equal(t.text(), own[3], 'rejected with what the user did ' .. own[1])
    if own[4] then
      t.tells(own[4])
    end
    vim.cmd.undo()
    t.equal(t.text(), changed, 'one undo brings the answer back')
    vim.cmd('silent edit!')
    t.reads(BEFORE, 'as the file has it')
  end
  ask()
  vim.cmd('silent write')
  t.keys('gX')
  t.check(vim.bo.modified, 'unless the file has the answer')
  ask()
  t.keys('ga')
  t.equal({ t.text(), (diff()) }, { AFTER, {} }, 'accepted')
  vim.cmd.undo()
  vim.g.litellm = { edits = 'at once' }
  ask()
  t.equal((diff()), {}, 'where the user wants that, at once')
  vim.g.litellm = nil

  t.repository()
  vim.cmd.enew({ bang = true })
  vim.bo.filetype = 'gitcommit'
  vim.cmd('LiteLLM prompt commit')
  t.wait(function()
    return t.text():find('In full.', 1, true)
  end, 'the message of a commit is written')
  t.check(t.text():find('^add: Say what is added\n\nIn full.\n'), 'at the top')
  t.step('committed')
  t.check(
    vim.list_contains(vim.fn.getcompletion('LiteLLM prompt com', 'cmdline'), 'commit'),
    'prompts complete'
  )

  t.edit('g.py', BEFORE)
  vim.lsp.enable('litellm')
  vim.cmd.doautocmd('FileType')
  t.wait(t.attached, 'the server is attached')
  local settings = vim.trim(vim.fn.system('litellm-ls config path'))
  vim.fn.mkdir(vim.fs.dirname(settings), 'p')
  vim.fn.writefile(
    { '[prompts.shout]', 'title = "shout it"', 'template = "Shout: {selection}"', 'output = "diff"' },
    settings
  )
  t.wait(function()
    return vim.list_contains(require('litellm.prompts').names(), 'shout')
  end, 'a prompt of the settings file is found')
  vim.cmd.normal({ 'V', bang = true })
  t.act('shout it')
  t.reads('X = 0\na = 1\nb = 2\nz = 0', 'and is a code action')
  t.settled()
  t.equal((diff()), { 'x = 0' }, 'whose answer is a diff')
  t.equal(vim.api.nvim_get_mode().mode, 'n', 'that the keys of normal mode decide about')

  vim.bo.modifiable = false
  t.act('explain the selection')
  t.shows_page('It adds.', 'an explanation is a page, also of what can not be changed')
  t.settled()
  vim.cmd.only()

  t.edit('again.py', BEFORE)
  ask()
  t.keys('gR')
  t.shows_page('a = 11', 'another answer that is not whole is shown')
  t.settled()
  t.equal({ t.text(), (diff()) }, { AFTER, { 'a = 1' } }, 'and the earlier one waits for a decision still')
  vim.api.nvim_win_close(t.page(), true)
  t.keys('gR')
  t.shows_page('a = 12', 'so is one that breaks off')
  t.settled()
  t.equal({ t.text(), (diff()) }, { AFTER, { 'a = 1' } }, 'and again nothing is lost')
  t.keys('gR')
  t.reads('x = 0\na = 13\nb = 2\nz = 0', 'one that is whole takes its place')
  t.settled()
  t.equal((diff()), { 'a = 1' }, 'as a change of what stood there at first')
  t.step('again')
  vim.cmd.undo()
  t.equal(t.text(), AFTER, 'one undo brings the earlier answer back')
  vim.cmd.redo()
  vim.api.nvim_exec_autocmds('TextChanged', { buffer = 0 })
  t.keys('gX')
  t.equal(t.text(), BEFORE, 'and rejecting it what stood there at first')

  for number, why in ipairs({ 'the response was interrupted', 'the answer was cut off at its length limit' }) do
    t.edit('cut' .. number .. '.py', BEFORE)
    vim.cmd('2,3LiteLLM edit ten')
    t.tells(why)
    t.settled()
    t.equal({ t.text(), (diff()) }, { 'x = 0\na = 1' .. 3 + number .. '\nz = 0', { 'a = 1' } }, why)
    t.equal(t.marks('litellm.cut'), { ' ✂ ' .. why .. ' ' }, 'what came says that it is not all')
    t.keys('gX')
    t.equal(
      { t.text(), t.marks('litellm.cut') },
      { BEFORE, {} },
      'and is one key away from what it was to replace'
    )
  end
end)
