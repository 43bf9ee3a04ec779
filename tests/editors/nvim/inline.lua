-- Ghost text while typing.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local function ghost()
  local marks = vim.api.nvim_buf_get_extmarks(
    0,
    vim.api.nvim_create_namespace('litellm.inline'),
    0,
    -1,
    { details = true }
  )
  return marks[1] and marks[1][4].virt_text[1][1]
end

t.run(function()
  vim.g.litellm = { inline = { debounceMs = 0 } }
  vim.lsp.enable('litellm')
  t.edit('ghost.lua', 'local x =')
  t.wait(t.attached, 'the server is attached')
  local accepted
  vim.keymap.set('i', '<F5>', function()
    accepted = require('litellm.inline').accept()
    return accepted and '' or 'none'
  end, { expr = true })
  -- Insert mode waits for keys, so they come from a timer.
  local seen
  vim.fn.timer_start(20, function()
    if seen then
      vim.api.nvim_input(t.text():find('there') and '<Esc>' or '')
    elseif ghost() then
      seen = ghost()
      vim.api.nvim_input('<F5>')
    end
  end, { ['repeat'] = 1000 })
  vim.defer_fn(function()
    vim.api.nvim_input('<Esc>')
  end, 20000)
  vim.api.nvim_feedkeys('A ', 'nx!', false)
  t.equal(seen, 'Hello there', 'ghost text after the cursor')
  t.equal(t.text(), 'local x = Hello there', 'a key takes it')
  t.check(accepted, 'accept says that there was one')
  t.equal(ghost(), nil, 'nothing is left')

  vim.uv.kill(t.server_pid(), 'sigkill')
  t.tells('the server ended')
  t.wait(function()
    return not t.attached()
  end, 'no server is attached')
  vim.cmd.LiteLLM('models gpt')
  t.tells('using gpt')
  t.wait(t.attached, 'a server that is started again is attached again')
end)
