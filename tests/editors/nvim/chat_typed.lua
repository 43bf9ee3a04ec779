-- Whatever is done to a chat amid an answer, the whole of it is there in the end, and what was typed is behind it.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)
local text = require('litellm.chat.text')

local WHOLE = 'It is one.\n\nMore of it.'
---Keys that go to a text without a word.
local function find(pattern)
  return ("<Cmd>call search('%s', 'bw')<CR>"):format(pattern)
end
local CASES = {
  { 'behind', 'G$a TYPED', 'TYPED' },
  { 'below', 'Go<CR>TYPED', 'TYPED' },
  { 'within', 'G0eaTYPED', 'TYPED' },
  { 'over', 'G0cwTYPED', 'TYPED' },
  { 'twice', 'GoAND<Esc>' .. find('It is') .. 'eaTYPED', 'TYPED\n\n\nAND' },
  { 'heading', find('^## assistant') .. 'dd' },
  { 'answer', find('^## assistant') .. 'dG' },
  { 'thinned', 'G0xwx' },
  { 'mended', find('One') .. 'iWhich ' },
  { 'undone', '<Cmd>silent undo<CR>' },
  { 'all of it', '<Cmd>%d<CR>' },
  { 'read anew', '<Cmd>edit!<CR>' },
  { 'typed and read anew', 'Go<CR>TYPED<Esc><Cmd>edit!<CR>', 'TYPED' },
  { 'not modifiable', '<Cmd>setlocal nomodifiable<CR>' },
  { 'undone with the question', '<Cmd>silent undo | silent undo<CR>' },
}

---What the last message of a role says, and what stands behind the whole answer.
local function said(lines)
  local messages = text.messages(lines)
  local answer = vim.iter(messages):rev():find(function(message)
    return message.role == 'assistant'
  end)
  local last = messages[#messages]
  return answer and answer.content,
    last and last.role == 'user' and answer and last.first > answer.first and last.content or nil
end

---Begins a chat, and waits for the first part of its answer.
local function begin()
  vim.cmd('silent! only')
  vim.cmd('LiteLLM! chat One?')
  t.wait(function()
    return t.text():find('It is one.', 1, true)
  end, 'a piece')
end

---Checks the chat, and the file that it is kept in, once its answer is over.
local function check(how, typed)
  t.wait(function()
    return require('litellm.session').running == 0
  end, 'the end of it')
  t.equal({ said(vim.api.nvim_buf_get_lines(0, 0, -1, false)) }, { WHOLE, typed }, how)
  local files = vim.fn.glob(vim.fn.stdpath('state') .. '/litellm/chats/*.md', true, true)
  local kept = vim.iter(files):any(function(path)
    return vim.deep_equal(vim.fn.readfile(path), vim.api.nvim_buf_get_lines(0, 0, -1, false))
  end)
  t.check(kept, how .. ', as it is kept')
end

t.run(function()
  vim.cmd.cd(vim.env.HOME)
  vim.o.report, vim.o.showmode = 9999, false
  t.step(('cases %d'):format(#CASES + 1))
  for _, case in ipairs(CASES) do
    local how, keys, typed = unpack(case)
    begin()
    t.keys(keys)
    t.step('done')
    check(how, typed)
  end
  begin()
  t.types('G$a', {
    function()
      return ' TY'
    end,
    function()
      if t.text():find('TY', 1, true) then
        t.step('done')
        return 'P'
      end
    end,
    function()
      return t.text():find('More of it', 1, true) and 'ED' or nil
    end,
  })
  check('who types goes on typing', 'TYPED')
end)
