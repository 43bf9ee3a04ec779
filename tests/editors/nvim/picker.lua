-- The picker in a window of ours, with 2,500 models.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

---What the picker shows, line by line, without its frame.
local function shown()
  local lines = {}
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative == 'editor' then
      vim.list_extend(lines, vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false))
    end
  end
  return lines
end

local function has(text)
  return vim.iter(shown()):any(function(line)
    return line:find(text, 1, true) ~= nil
  end)
end

---Types a filter, until one model is left.
local function filters(text, model)
  t.types('A', {
    function()
      return text
    end,
    function()
      return #shown() == 2 and has(model) and '<Esc>' or nil
    end,
  })
end

t.run(function()
  local select = vim.ui.select
  t.equal(require('litellm.pick').name(), 'window', 'where nothing else is installed')
  vim.ui.select = function() end
  t.equal(require('litellm.pick').name(), 'select', 'but not where the user has another')
  vim.ui.select = select
  vim.g.litellm = { picker = 'telescope' }
  t.equal(require('litellm.pick').name(), 'window', 'what is not installed is not used')
  t.tells('telescope is not installed')
  vim.g.litellm = nil

  vim.cmd.LiteLLM('models')
  t.wait(function()
    return has('model-')
  end, 'the picker is there')
  local cells = require('litellm.session').summaries
  t.equal(vim.tbl_count(cells), 2500, 'all models are listed')
  t.check(#shown() < 40, 'and no more of them drawn than are seen')
  t.types('A', {
    function()
      return '2499<CR>'
    end,
  })
  t.tells('using model-2499')
  t.settled()

  vim.cmd.LiteLLM('models')
  t.wait(function()
    return has('● model-2499')
  end, 'the model in use is marked')
  filters('model-1234', 'model-1234')
  t.keys('*')
  t.wait(function()
    return has('★ model-1234')
  end, 'a favourite is marked, and the filter stays')
  t.keys('r')
  t.wait(function()
    return require('litellm.session').running == 0 and has('★ model-1234')
  end, 'the proxy is asked anew')
  t.keys('s')
  t.tells('using model-1234 in this session')
  t.settled()

  vim.cmd.LiteLLM('models')
  t.wait(function()
    return has('● model-1234')
  end, 'the picker once more')
  filters('model-0007', 'model-0007')
  t.keys('c')
  t.tells('this chat uses model-0007')
  t.check(vim.wo.winbar:find('model-0007', 1, true), 'one chat has it')
  t.equal(require('litellm.session').model, 'model-1234', 'and nothing else')
  vim.cmd.stopinsert()

  vim.cmd.LiteLLM('models')
  t.wait(function()
    return has('● model-1234')
  end, 'the picker at last')
  t.keys('q')
  t.equal(#shown(), 0, 'q closes it')
  t.settled()
end)
