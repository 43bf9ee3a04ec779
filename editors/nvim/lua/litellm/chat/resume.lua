-- The list of the chats that are kept.
local plain = require('litellm.plain')
local store = require('litellm.chat.store')
local t = require('litellm.language').t

local M = {}

---Chooses one of the chats that are kept, and goes on with it.
function M.choose()
  local saved = store.list()
  if #saved == 0 then
    return require('litellm.notify').info(t('no chat is kept yet: `:LiteLLM chat` begins one'))
  end
  require('litellm.pick').open({
    title = t('Chats · {0}', #saved),
    rows = vim.tbl_map(function(chat)
      local title = plain.short(plain.line(chat.title), 60)
      return { cells = { title, os.date('%Y-%m-%d %H:%M', chat.changed) }, search = title }
    end, saved),
    highlights = { 'LiteLLMName', 'Comment' },
    keys = { { insert = '<C-x>', normal = 'x', name = 'delete', word = t('delete') } },
    enter = t('go on'),
    filter = '',
    at = 1,
    done = function(number, key)
      local chosen = saved[number or 0]
      if chosen and key == 'delete' then
        store.remove(chosen.path)
        M.choose()
      elseif chosen then
        require('litellm.chat').load(chosen.path)
      end
    end,
  })
end

return M
