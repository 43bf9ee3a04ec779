-- A chat whose Neovim is killed amid an answer, and the next Neovim, which finds what had come.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local folder = vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'litellm', 'chats')
local function kept()
  return vim.fn.glob(folder .. '/*.md', true, true)[1]
end

---The chat until its answer is kept, with what is typed amid it.
local function begin()
  vim.cmd('LiteLLM chat Which type?')
  t.wait(function()
    return t.text():find('One and two', 1, true)
  end, 'a piece')
  t.keys('GoGo on<Esc>')
  t.wait(function()
    local path = kept()
    return path
      and table.concat(vim.fn.readfile(path), '\n'):find('One and two\n\n## user:\n\nGo on', 1, true)
  end, 'what has come is kept while the rest comes')
  t.step('kept')
  vim.wait(60000)
end

---The same chat in another Neovim.
local function go_on()
  t.user({ 'Which type?' })
  vim.cmd.LiteLLM('chats')
  t.equal(
    t.text(),
    '## user:\n\nWhich type?\n\n## assistant:\n\nOne and two\n\n## user:\n\nGo on',
    'what had come is there, and what was typed amid it is the next question'
  )
  local marks = t.marks('litellm.cut')
  t.equal(#marks, 1, 'one answer is marked')
  t.check(marks[1]:find('cut off: Neovim ended', 1, true), 'as cut off: ' .. marks[1])
  require('litellm.chat').send()
  t.wait(function()
    return t.text():find('Three', 1, true) and require('litellm.session').running == 0
  end, 'the chat goes on')
  vim.cmd.bwipeout({ bang = true })
  t.user({ 'Which type?' })
  vim.cmd.LiteLLM('chats')
  t.equal(#t.marks('litellm.cut'), 1, 'and the mark is still where it belongs')
end

t.run(kept() and go_on or begin)
