-- From an empty folder to an answer of a proxy of one's own: what Neovim shows is all that is known of the file's faults.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)
-- LiteLLM takes half a minute to start on a busy machine, and is given two by whoever starts it.
t.limit_ms = 150000

---What is said of the file, joined.
local function told()
  return table.concat(
    vim.tbl_map(function(diagnostic)
      return diagnostic.message
    end, vim.diagnostic.get(0)),
    '\n'
  )
end

t.run(function()
  vim.lsp.enable('litellm')

  -- A file is begun in an empty folder; its provider is misspelt.
  vim.fn.mkdir(vim.fs.joinpath(vim.env.HOME, 'work'))
  t.edit('work/config.yaml', 'model_list:')
  t.wait(function()
    return told():find('refuses to start', 1, true)
  end, 'the server looks at what is begun')
  t.keys('o' .. vim.env.LITELLM_TEST_DEPLOYMENT .. '<Esc>')
  t.wait(function()
    return told():find('opena', 1, true) and told():find('Did you mean', 1, true)
  end, 'the fault is told, with what is meant')
  vim.diagnostic.jump({ count = -1, float = false })
  t.check(vim.api.nvim_get_current_line():find('opena', 1, true), 'at its line')
  t.user({ 'Change to `openai/gpt-4o`' })
  vim.lsp.buf.code_action()
  t.wait(function()
    return t.text():find('model: openai/gpt-4o', 1, true)
  end, 'it is mended')
  vim.cmd.write()

  vim.cmd.LiteLLM('proxy start')
  t.tells('has its models')
  vim.cmd.LiteLLM('chat How are you?')
  t.wait(function()
    return t.text():find('Sphinx of black quartz', 1, true)
  end, 'its model answers')
  t.settled()
  t.check(vim.inspect(t.told):find('http://127.0.0.1:', 1, true), 'where it runs was told')

  vim.cmd.LiteLLM('proxy stop')
  t.tells('is stopped')
end)
