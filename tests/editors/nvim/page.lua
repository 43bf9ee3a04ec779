-- An explanation is read while it comes.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local function text_of_page()
  return t.page() and t.text(vim.api.nvim_win_get_buf(t.page())) or nil
end

local function explain()
  t.act('explain the selection')
end

t.run(function()
  t.edit('f.py', 'a = 1')
  vim.lsp.enable('litellm')
  vim.cmd.doautocmd('FileType')
  t.wait(t.attached, 'the server is attached')

  explain()
  t.wait(function()
    return text_of_page() == '# One\n\nIt '
  end, 'what has come is there to be read')
  t.check(vim.api.nvim_get_current_win() ~= t.page(), 'and takes no focus')
  t.check(not vim.bo[vim.api.nvim_win_get_buf(t.page())].modifiable, 'nor can it be changed')
  t.step('half')
  t.wait(function()
    return text_of_page() == '# One\n\nIt is 日本\na number.'
  end, 'the rest comes into the same page')
  t.settled()

  explain()
  t.wait(function()
    return text_of_page() == 'Two'
  end, 'another page')
  vim.api.nvim_win_close(t.page(), true)
  t.step('closed')
  t.settled()
  t.equal(text_of_page(), nil, 'a page that was closed stays closed')
  vim.cmd.LiteLLM('last')
  t.equal(text_of_page(), 'Two and three', 'and nothing of it is lost')

  explain()
  t.wait(function()
    return text_of_page() == 'Four'
  end, 'one more')
  vim.cmd.LiteLLM('cancel')
  t.check(
    text_of_page():find('cancelled.*\n\nFour$'),
    'what came before a cancel stays: ' .. tostring(text_of_page())
  )
  t.check(not text_of_page():find('This is the answer'), 'and is not called the answer')
  t.equal(t.text(), 'a = 1', 'the text is as it was')
  t.equal(t.marks('litellm.stream'), {}, 'and nothing is noted in it')
end)
