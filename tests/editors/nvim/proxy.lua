-- A proxy is started, looked at, restarted and stopped from the config.yaml that it serves.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local text = t.text(vim.api.nvim_win_get_buf(window))
      if text:find('models: ', 1, true) then
        return text
      end
    end
  end
end

t.run(function()
  vim.cmd.edit(vim.env.LITELLM_TEST_CONFIG)
  vim.cmd.LiteLLM('proxy start nothing.txt')
  t.tells('open a config.yaml')
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { '# changed' })
  vim.cmd.LiteLLM('proxy start')
  t.tells('`:w` first')
  vim.cmd.undo()

  vim.cmd.LiteLLM('proxy start')
  t.tells('has its models')
  t.tells('config.yaml')
  vim.cmd.LiteLLM('proxy status')
  t.wait(float, 'the status is shown')
  t.check(float():find('models: 2', 1, true), 'with how many models there are')
  t.check(not float():find('not served', 1, true), 'all of which are served')
  vim.cmd.LiteLLM('proxy log')
  t.wait(function()
    local page = t.page()
    return page and t.text(vim.api.nvim_win_get_buf(page)):find('proxy.log', 1, true)
  end, 'the log is shown')
  local told = #t.told
  vim.cmd.LiteLLM('proxy restart')
  t.wait(function()
    return vim.iter(vim.list_slice(t.told, told + 1)):any(function(text)
      return text:find('has its models', 1, true) ~= nil
    end)
  end, 'it is started again')
  vim.cmd.LiteLLM('proxy stop')
  t.tells('is stopped')
  vim.cmd.LiteLLM('proxy stop')
  t.tells('no proxy of ours runs')
  vim.cmd.LiteLLM('proxy nonsense')
  t.tells('takes init, start, stop')
end)
