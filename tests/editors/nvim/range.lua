-- Which text a command means: its range, and never the marks of an old selection.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local function start()
  vim.cmd.enew({ bang = true })
  t.edit('range.txt', 'one\ntwo words\nthree')
  -- An old selection of characters on the line that the commands name.
  vim.api.nvim_win_set_cursor(0, { 2, 4 })
  t.keys('ve<Esc>')
end

t.run(function()
  start()
  vim.cmd('2LiteLLM complete go on')
  t.reads('one\nnew\nthree', 'a line by its number')
  t.settled()

  start()
  vim.cmd('2,3LiteLLM complete go on')
  t.reads('one\nnew', 'two lines')
  t.settled()

  start()
  t.keys(':2LiteLLM complete go on<CR>')
  t.reads('one\nnew\nthree', 'typed, too')
  t.settled()

  start()
  t.keys('gv:LiteLLM complete go on<CR>')
  t.reads('one\ntwo new\nthree', 'the selection by its marks')
  t.settled()

  start()
  vim.cmd("'<,'>LiteLLM complete go on")
  t.reads('one\nnew\nthree', 'marks that nobody typed are a range of lines')
  t.settled()

  start()
  t.keys('V:LiteLLM complete go on<CR>')
  t.reads('one\nnew\nthree', 'selected lines')
  t.settled()

  start()
  vim.cmd('LiteLLM edit go on')
  t.reads('one\nnew\nthree', 'the line of the cursor')
  t.settled()

  start()
  t.keys('<C-v>j:LiteLLM complete go on<CR>')
  t.tells('a block can not be replaced')
  t.equal(t.text(), 'one\ntwo words\nthree', 'a block is refused')
end)
