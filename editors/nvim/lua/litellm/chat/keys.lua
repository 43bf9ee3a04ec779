-- The keys of a chat.
local t = require('litellm.language').t

local M = {}

local KEYS = {
  {
    '<CR>',
    function()
      require('litellm.chat').send()
    end,
    t('send the chat'),
  },
  {
    '<C-c>',
    function()
      require('litellm.chat').stop()
    end,
    t('end the answer of this chat'),
  },
  {
    'gy',
    function()
      require('litellm.chat.code').yank()
    end,
    t('yank the code at the cursor'),
  },
  {
    'ga',
    function()
      require('litellm.chat.code').apply((require('litellm.chat').current() or {}).source)
    end,
    t('write the code at the cursor into the file, as a diff'),
  },
  {
    'gm',
    function()
      require('litellm.models').run('', false)
    end,
    t('choose a model'),
  },
}

local function show_keys()
  local lines = vim.tbl_map(function(key)
    return ('`%s`  %s'):format(key[1], key[3])
  end, KEYS)
  table.insert(
    lines,
    t('`> calc.py:8-12`, `> FILE` or `> diagnostics of FILE` in a line: sends that, too (<C-x><C-o>)')
  )
  require('litellm.notify').float(lines)
end

---@param buffer integer
function M.set(buffer)
  for _, key in ipairs(KEYS) do
    vim.keymap.set('n', key[1], key[2], { buffer = buffer, nowait = true, desc = 'LiteLLM: ' .. key[3] })
  end
  vim.keymap.set('n', 'g?', show_keys, { buffer = buffer, desc = t('LiteLLM: the keys of a chat') })
end

return M
