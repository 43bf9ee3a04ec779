-- The place that was meant is the one that is asked about and written into, whatever happens to the text meanwhile.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local LINES = '# Notes\n\nThe first line.\nThe second line.\nThe third line.'

---The line that is meant, which an answer may stand on already.
---@return integer
local function line_meant()
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find('second', 1, true) or line:find('DONE', 1, true) then
      return number
    end
  end
  error('no line is meant')
end

---What happens to the text meanwhile, and whether the place is there then.
local CHANGES = {
  {
    'lines above',
    true,
    function()
      vim.api.nvim_buf_set_lines(0, 0, 0, false, { 'AAA', 'BBB' })
    end,
  },
  {
    'the line before it deleted',
    true,
    function()
      vim.api.nvim_buf_set_lines(0, line_meant() - 2, line_meant() - 1, false, {})
    end,
  },
  {
    'another line in its place',
    false,
    function()
      vim.api.nvim_buf_set_lines(0, line_meant() - 1, line_meant(), false, { 'MINE' })
    end,
  },
  {
    'all taken out',
    false,
    function()
      vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'x' })
    end,
  },
}

---Where a user waits before the model is asked: each asks about the fourth line, and has the change happen amid it.
local WAITS = {
  {
    'at once',
    function(change)
      vim.cmd('4LiteLLM edit rewrite it')
      change()
    end,
  },
  {
    'amid the words',
    function(change)
      vim.ui.input = function(_, done)
        change()
        done('rewrite it')
      end
      vim.cmd('4LiteLLM edit')
    end,
  },
  {
    'amid the choice of a prompt',
    function(change)
      vim.ui.select = function(items, _, done)
        change()
        done(vim.iter(items):find(function(prompt)
          return prompt.name == 'shout'
        end))
      end
      vim.cmd('4LiteLLM prompt')
    end,
  },
  {
    'before it is asked again',
    function(change, is_there)
      vim.cmd('4LiteLLM edit rewrite it')
      t.wait(function()
        return t.text():find('DONE', 1, true) and require('litellm.session').running == 0
      end, 'an answer stands there')
      if is_there then
        change()
        t.keys('gR')
      else
        t.keys('gR')
        change()
      end
    end,
  },
  {
    'while it is asked again',
    function(change)
      vim.cmd('4LiteLLM edit rewrite it')
      t.wait(function()
        return t.text():find('DONE', 1, true) and require('litellm.session').running == 0
      end, 'an answer stands there')
      t.keys('gR')
      change()
    end,
  },
}

local function settings()
  local path = vim.trim(vim.fn.system('litellm-ls config path'))
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  vim.fn.writefile(
    { '[prompts.shout]', 'title = "shout it"', 'template = "Shout: {selection}"', 'output = "diff"' },
    path
  )
end

local function each()
  local asked = 0
  for number, wait in ipairs(WAITS) do
    for _, change in ipairs(CHANGES) do
      local what = ('%s, %s'):format(change[1], wait[1])
      t.edit('notes.md', LINES)
      t.told = {}
      local left ---@type any
      asked = asked + (number > 3 and 1 or 0)
      wait[2](function()
        change[3]()
        left = t.text()
      end, change[2])
      t.wait(function()
        return left
      end, 'the text is changed')
      if change[2] then
        asked = asked + 1
        local done = 'DONE ' .. asked
        local expected = left:gsub('The second line%.', done):gsub('DONE %d+', done)
        t.reads(expected, what)
      else
        t.tells('the text has changed meanwhile: ask again')
        t.equal(t.text(), left, what)
        -- The answer that was there before.
        vim.cmd('LiteLLM accept')
      end
      t.settled()
      if change[2] then
        t.keys('gX')
        t.check(t.text():find('\nThe second line.\n', 1, true), 'which can be rejected')
      end
      t.equal(t.marks('litellm.held'), {}, 'no mark stays')
      vim.cmd('bwipeout!')
    end
  end
  return asked
end

t.run(function()
  settings()
  t.step('asked ' .. each())

  -- A place without a text.
  for _, case in ipairs({
    { { 5, 14 }, { 0, 0, { 'AAA' } }, 'AAA\n' .. LINES .. 'DONE' },
    { { 2, 0 }, { 0, 1, {} }, 'DONE' .. LINES:sub(9) },
    { { 2, 0 }, { 1, 2, {} } },
    { { 5, 14 }, { 4, 5, {} } },
    { { 5, 14 }, { 0, -1, { 'x' } } },
    { { 1, 0 }, { 0, -1, { '' } } },
  }) do
    t.edit('notes.md', LINES)
    t.told = {}
    vim.api.nvim_win_set_cursor(0, case[1])
    vim.cmd('LiteLLM complete go on')
    vim.api.nvim_buf_set_lines(0, case[2][1], case[2][2], false, case[2][3])
    local left = t.text()
    if case[3] then
      t.wait(function()
        return t.text():find('DONE', 1, true)
      end, 'written')
      t.settled()
      t.equal(t.text():gsub('DONE %d+', 'DONE'), case[3], 'at the place that was meant')
    else
      t.tells('the text has changed meanwhile: ask again')
      t.equal(t.text(), left, 'nothing where that is gone')
    end
    vim.cmd('bwipeout!')
  end

  -- Gone while the model works.
  t.edit('notes.md', LINES)
  vim.cmd('LiteLLM complete HOLD')
  t.wait(function()
    return #t.marks('litellm.stream') == 1
  end, 'the model is asked')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'x' })
  t.step('gone')
  t.shows_page('HELD', 'the answer is shown')
  t.settled()
  t.equal(t.text(), 'x', 'and written nowhere')
  vim.cmd.only()

  -- The range of an action is that of the text for which it was offered.
  vim.lsp.enable('litellm')
  t.edit('actions.md', LINES)
  t.wait(t.attached, 'the server is attached')
  t.told = {}
  vim.ui.select = function(items, options, done)
    vim.api.nvim_buf_set_lines(0, 0, 0, false, { 'AAA' })
    done(vim.iter(items):find(function(item)
      return options.format_item(item):find('rewrite the selection', 1, true)
    end))
  end
  vim.lsp.buf.code_action({ range = { start = { 4, 0 }, ['end'] = { 4, 15 } } })
  t.tells('the text has changed meanwhile: ask again')
  t.equal(t.text(), 'AAA\n' .. LINES, 'an action of an older text does nothing')
end)
