-- A whole session of a newcomer: configure, choose, ask, talk, look at the cost.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

t.run(function()
  t.check(not package.loaded['litellm.commands'], 'nothing is loaded before it is used')
  t.equal(
    vim.fn.getcompletion('LiteLLM c', 'cmdline'),
    { 'cancel', 'chat', 'chats', 'complete', 'configure', 'accept', 'reject' },
    'subcommands'
  )
  t.equal(require('litellm').statusline(), '', 'an empty statusline before the first use')

  t.user({ vim.env.LITELLM_TEST_URL, 'environment variable', 'DEFAULT', 'Save for every editor' })
  vim.cmd.LiteLLM('configure')
  t.tells('connected to ' .. vim.env.LITELLM_TEST_URL)
  t.settled()
  t.equal(#t.seen, 4, 'asks for URL, kind of key, its name, and whether to save')

  t.user({ 'described' })
  vim.cmd.LiteLLM('models')
  t.tells('using described')
  t.settled()
  local line = vim.iter(t.lines):find(function(line)
    return line:find('described', 1, true)
  end)
  local summary = require('litellm.session').summaries.described
  t.equal(
    vim.split(vim.trim(line), '%s%s+'),
    vim.list_extend(
      { 'described', summary.context, summary.price, table.concat(summary.abilities, ' ') },
      { summary.notice }
    ),
    'a model as the server sums it up'
  )
  local unpriced = vim.iter(t.lines):find(function(row)
    return row:find('unpriced', 1, true)
  end)
  t.check(unpriced:find('unknown', 1, true), 'what nobody says is unknown: ' .. unpriced)
  local starts = vim.tbl_map(function(row)
    return vim.fn.strdisplaywidth(vim.fn.matchstr(row, [[^..\S\+\s\+]]))
  end, t.lines)
  t.equal(#vim.fn.uniq(vim.fn.sort(starts)), 1, 'columns are aligned')
  t.equal(vim.fn.getcompletion('LiteLLM models desc', 'cmdline'), { 'described' }, 'model ids complete')
  t.user({ 'Leave the model as it is' })
  vim.cmd.LiteLLM('models nonexistent')
  t.wait(function()
    return #t.seen == 1
  end, 'a model that is not listed is asked about')
  t.settled()
  t.equal(require('litellm.session').model, 'described', 'and not used where the user says no')
  t.check(require('litellm').statusline():find('described'), 'the statusline names the model')

  t.edit('notes.md', 'A note:')
  vim.cmd.LiteLLM('models long')
  t.tells('using long')
  vim.cmd('LiteLLM complete Say something.')
  t.reads(
    'A note:\nSphinx of black quartz, judge my vow. 日本語 🦀🚀 — ünïcödé.\nA second line, and an end.',
    'an answer at the cursor'
  )
  t.settled()
  vim.cmd.undo()
  t.equal(t.text(), 'A note:', 'undo takes the answer back in one step')

  vim.cmd.LiteLLM('models plain')
  t.tells('using plain')
  vim.cmd.LiteLLM('chat How are you?')
  t.reads('## user:\n\nHow are you?\n\n## assistant:\n\nHello from the mock.\n\n## user:\n\n', 'a chat')
  t.settled()
  t.equal(vim.bo.filetype, 'markdown', 'a chat is Markdown')
  t.equal(
    vim.api.nvim_win_get_cursor(0)[1],
    vim.api.nvim_buf_line_count(0),
    'the cursor waits for the next question'
  )
  vim.api.nvim_buf_set_lines(0, -2, -1, false, { 'And now?' })
  vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'mx', false)
  t.wait(function()
    return select(2, t.text():gsub('Hello from the mock', '')) == 2
  end, '<CR> sends the whole chat')
  t.settled()

  local session = require('litellm.session')
  t.wait(function()
    return session.answers == 3
  end, 'three answers')
  t.check(session.cost > 0, 'their cost is known')
  t.check(
    require('litellm').statusline():find('%$0%.%d+'),
    'the statusline has it: ' .. require('litellm').statusline()
  )
  local function shown(text)
    return function()
      return vim.iter(vim.api.nvim_list_wins()):any(function(window)
        return t.text(vim.api.nvim_win_get_buf(window)):find(text) ~= nil
      end)
    end
  end
  vim.cmd.LiteLLM('usage')
  t.wait(shown('USD +today +7 days +30 days +calls\n.*\n' .. session.model .. ' '), 'usage in a window')
  vim.cmd.LiteLLM('status')
  t.wait(shown(': ready'), 'status in a window')
  vim.cmd.checkhealth('litellm')
  local health = t.text()
  t.check(
    health:find('✅ OK.-litellm%-ls') and not health:find('ERROR') and not health:find('WARNING'),
    'healthy: ' .. health
  )
  t.check(health:find('key from env:LITELLM_API_KEY'), 'health names where the key is')
end)
