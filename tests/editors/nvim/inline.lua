-- Ghost text while typing.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local function ghost()
  local marks = vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_create_namespace('litellm.inline'), 0, -1, { details = true })
  return marks[1] and marks[1][4].virt_text[1][1]
end

t.run(function()
  vim.g.litellm = { inline = { debounceMs = 0 } }
  vim.lsp.enable('litellm')
  t.edit('ghost.lua', 'local x =')
  t.wait(function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = 'litellm' })[1]
    return client and client.initialized
  end, 'the server is attached')
  local accepted
  vim.keymap.set('i', '<F5>', function()
    accepted = require('litellm.inline').accept()
    return accepted and '' or 'none'
  end, { expr = true })
  -- Typed keys end insert mode before the script goes on, so the script goes on in a timer.
  local buffer = vim.api.nvim_get_current_buf()
  vim.fn.timer_start(5, function(timer)
    if ghost() then
      vim.fn.timer_stop(timer)
      t.equal(ghost(), 'Hello there', 'ghost text after the cursor')
      vim.api.nvim_input('<F5>')
      vim.defer_fn(function()
        vim.api.nvim_input('<Esc>')
      end, 50)
    end
  end, { ['repeat'] = 4000 })
  vim.api.nvim_input('A ')
  t.reads('local x = Hello there', 'a key takes it', buffer)
  t.check(accepted, 'accept says that there was one')
  t.wait(function()
    return vim.api.nvim_get_mode().mode == 'n'
  end, 'back in normal mode')
  t.equal(ghost(), nil, 'nothing is left')
end)
