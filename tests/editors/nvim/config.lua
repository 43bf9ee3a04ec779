-- A config.yaml is begun from nothing: whole deployments are offered, and put in.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

---What is chosen in the menu. None where it is not shown.
local function chosen()
  local menu = vim.fn.complete_info({ 'selected', 'items' })
  local item = menu.items[menu.selected + 1]
  return vim.fn.pumvisible() == 1 and item and item.abbr
end

t.run(function()
  vim.lsp.enable('litellm')

  -- The questions of the program, in a terminal of Neovim's.
  vim.fn.mkdir(vim.fs.joinpath(vim.env.HOME, 'begun'))
  vim.cmd.LiteLLM('proxy init ~/begun/own-config.yaml')
  for _, step in ipairs({
    { 'vendors', 'ollama_chat' },
    { 'Where does Ollama answer', '' },
    { 'models: ', 'llama3.2' },
    { '[Y/n]', '' },
  }) do
    t.wait(function()
      return vim.bo.buftype == 'terminal' and t.text():find(step[1], 1, true)
    end, 'a question: ' .. step[1])
    vim.api.nvim_chan_send(vim.b.terminal_job_id, step[2] .. '\r')
  end
  t.wait(function()
    return vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'own-config.yaml' and vim.bo.buftype == ''
  end, 'the file is opened')
  t.check(t.text():find('model: ollama_chat/llama3.2', 1, true), 'with what was answered')
  t.wait(function()
    local client = vim.lsp.get_clients({ name = 'litellm', bufnr = 0 })[1]
    return client
      and client:request_sync('textDocument/hover', vim.lsp.util.make_position_params(0, 'utf-16'))
  end, 'the server has looked at it')
  t.equal(vim.diagnostic.get(0), {}, 'and nothing in it is wrong')
  vim.cmd.bwipeout()
  t.edit('config.yaml', 'model_list:')
  t.wait(t.attached, 'the server is attached')
  t.types('o- ', {
    function()
      return '<C-x><C-o>'
    end,
    function()
      return chosen() and '<C-p><C-p>'
    end,
    function()
      return vim.startswith(chosen() or '', 'deployment: ') and '<C-y>'
    end,
  })
  t.wait(function()
    return t.text():find('litellm_params:', 1, true)
  end, 'a deployment is put in')
  t.check(not t.text():find('deployment:', 1, true), 'its title is not written')

  -- The variable that is missing is set in a file that the edit makes.
  local line = vim.fn.search('^model_list:', 'nw') - 1
  local at = { line = line, character = 0 }
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(),
    range = { start = at, ['end'] = at },
    context = { diagnostics = {} },
  }
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 20000)
  t.check(vim.inspect(answers):find('Generate a master key into `.env`', 1, true), 'a master key is offered')

  vim.cmd.LiteLLM('status')
  local function float()
    return vim.iter(vim.api.nvim_list_wins()):find(function(window)
      return vim.api.nvim_win_get_config(window).relative ~= ''
    end)
  end
  t.wait(float, 'the status is shown')
  t.check(vim.wo[float()].linebreak, 'its lines are broken between words')
end)
