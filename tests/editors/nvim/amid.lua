-- While Neovim asks, completes, waits for a motion or repeats a block, it goes on at the lines that it had before: no
-- answer is written then, and all of it is there when that is over.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local LINES = 'top\n\nalpha one\nalphabet two\nal\nend one'
local ANSWER = 'first\nsecond\nthird'

---What Neovim is amid, the keys that lead there and those that lead out, and what stands below the answer then.
local CASES = {
  { 'a question about each match', ':4,$s/one/ONE/gc<CR>', 'y', 'alpha one\nalphabet two\nal\nend ONE' },
  {
    'a menu of completions',
    '5GA<C-n>',
    '<C-n><C-y> typed',
    'alpha one\nalphabet two\nalphabet typed\nend one',
  },
  { 'an expression', '5GA<C-r>=', '1+1<CR>', 'alpha one\nalphabet two\nal2\nend one' },
  { 'a block', '3G0<C-v>jjI', '# <Esc>', '# alpha one\n# alphabet two\n# al\nend one' },
  { 'a change of a block', '3G0<C-v>jjlc', 'x<Esc>', 'xpha one\nxphabet two\nx\nend one' },
}

---Has an answer come below the first line.
local function begin(number)
  t.edit(('amid-%d.txt'):format(number), LINES)
  vim.cmd('2LiteLLM complete write')
  t.wait(function()
    return t.text():find('fir', 1, true)
  end, 'a piece')
end

local function has_come()
  return require('litellm.session').running == 0
end

t.run(function()
  vim.cmd.cd(vim.env.HOME)
  vim.o.report, vim.o.showmode = 9999, false
  t.step(('cases %d'):format(#CASES + 3))
  for number, case in ipairs(CASES) do
    local what, keys, rest, below = unpack(case)
    begin(number)
    local before ---@type string?
    t.types(keys, {
      function()
        t.step('amid')
        before = t.text()
        return ''
      end,
      function()
        if has_come() then
          t.equal(t.text(), before, ('amid %s nothing is written'):format(what))
          return rest
        end
      end,
    })
    t.reads(('top\n%s\n%s'):format(ANSWER, below), ('amid %s, all of both'):format(what))
  end
  begin(#CASES + 1)
  t.keys('3GVj')
  t.step('amid')
  local before = t.text()
  t.wait(has_come, 'all of it, amid a selection')
  t.equal(t.text(), before, 'amid a selection nothing is written')
  t.equal(require('litellm.kept').last(), ANSWER, 'and the answer is kept as a whole one')
  t.keys('d')
  t.reads(('top\n%s\nal\nend one'):format(ANSWER), 'amid a selection, all of both')

  -- Two answers in one place would be mixed.
  begin(#CASES + 2)
  vim.api.nvim_win_set_cursor(0, { 2, 4 })
  vim.cmd('LiteLLM complete more')
  t.tells('wait for the answer that is being written there')
  t.step('amid')
  local below = '\nalpha one\nalphabet two\nal\nend one'
  t.reads(('top\n%s%s'):format(ANSWER, below), 'no other is mixed with it')
  t.settled()
  -- One behind the other are decided about one by one.
  vim.api.nvim_win_set_cursor(0, { 4, 4 })
  vim.cmd('LiteLLM complete more')
  t.step('amid')
  t.reads(('top\n%s%s%s'):format(ANSWER, ANSWER, below), 'another begins at its end')
  t.settled()
  vim.api.nvim_win_set_cursor(0, { 2, 0 })
  t.keys('gX')
  t.reads(('top\n%s%s'):format(ANSWER, below), 'the first is rejected')
  vim.api.nvim_win_set_cursor(0, { 2, 0 })
  t.keys('gX')
  t.reads('top\n' .. below, 'and the second')
end)
