-- The message of a commit is written once it is whole; what came of another is shown and kept.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local MESSAGE = '\n# Please enter the commit message'

---Closes the page, for none is taken for another.
local function close_page()
  if t.page() then
    vim.api.nvim_win_close(t.page(), true)
  end
end

---Asks for a message in the buffer of a commit, which is as Git made it.
local function ask()
  close_page()
  vim.cmd.enew({ bang = true })
  vim.bo.filetype = 'gitcommit'
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(MESSAGE, '\n'))
  t.told = {}
  vim.cmd('LiteLLM prompt commit')
end

---Waits until a text is shown, and sees that it is kept, and nothing is written.
local function is_shown(text, what)
  t.shows_page(text, what .. ' is shown')
  t.settled()
  t.equal(t.text(), MESSAGE, what .. ' is not written')
  close_page()
  vim.cmd.LiteLLM('last')
  t.shows_page(text, 'and can be had again')
  t.check(assert(require('litellm.kept').last()):find(text, 1, true), 'and is on the disk')
end

t.run(function()
  t.repository()

  ask()
  is_shown('add: Say', 'one that is cut off')
  t.tells('cut off')
  local message, window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  vim.api.nvim_set_current_win(t.page())
  t.keys('i')
  t.check(vim.startswith(t.text(message), 'add: Say'), 'until the user wants that')
  vim.api.nvim_set_current_win(window)
  ask()
  is_shown('add: Broken', 'one that breaks off')
  ask()
  t.wait(function()
    return require('litellm.session').running == 1
  end, 'one is asked for')
  vim.bo.modifiable = false
  t.step('unmodifiable')
  is_shown('add: Kept for later', 'one whose buffer can not be changed any more')
  t.tells('the buffer can not be changed any more')
  vim.bo.modifiable = true

  ask()
  t.wait(function()
    local files = vim.fn.glob(vim.fn.stdpath('state') .. '/litellm/answers/*.md', true, true)
    return table.concat(vim.fn.readfile(files[#files]), '\n'):find('add: Cancelled', 1, true)
  end, 'what comes of one is on the disk while it comes')
  vim.cmd.LiteLLM('cancel')
  t.settled()
  t.equal(t.text(), MESSAGE, 'one that is cancelled is not written')
  vim.cmd.LiteLLM('last')
  t.shows_page('add: Cancelled', 'and what came of it can be had again')

  ask()
  t.reads('add: Whole\n\nIn full.\n' .. MESSAGE, 'one that is whole is written at the top')
  t.settled()
  t.check(vim.fn.maparg('ga', 'n') == '', 'with nothing to decide about')
  vim.cmd.undo()
  t.equal(t.text(), MESSAGE, 'in one step of undo')

  close_page()
  vim.cmd.enew({ bang = true })
  vim.cmd('LiteLLM prompt commit')
  t.shows_page('add: Elsewhere', 'in another buffer it is a page')
  t.settled()
  t.equal(t.text(), '', 'and written nowhere')

  vim.cmd.cd('/')
  vim.cmd('LiteLLM prompt commit')
  t.tells('go to a file of a Git repository first')
end)
