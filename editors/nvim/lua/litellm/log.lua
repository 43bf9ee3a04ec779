-- `:LiteLLM log`: what was said in this session, and what Neovim logged of the server.
local t = require('litellm.language').t

local M = {}

---How many of the last lines of the log are looked at, and how many shown.
local LOOKED_AT, SHOWN = 2000, 100

local LEVELS = { [vim.log.levels.WARN] = t('warning: '), [vim.log.levels.ERROR] = t('error: ') }

function M.show()
  local lines = { t('# This session'), '' }
  for _, said in ipairs(require('litellm.notify').said) do
    local text = said.text:gsub('^LiteLLM: ', ''):gsub('\n', '\n  ')
    table.insert(lines, ('- %s %s%s'):format(said.at, LEVELS[said.level] or '', text))
  end
  if #lines == 2 then
    table.insert(lines, t('Nothing was asked or said yet.'))
  end
  local path = vim.lsp.log.get_filename()
  vim.list_extend(lines, { '', t("# Neovim's log of language servers"), '', path, '' })
  local logged = vim.uv.fs_stat(path) and vim.fn.readfile(path, '', -LOOKED_AT) or {}
  local ours = vim.tbl_filter(function(line)
    return line:lower():find('litellm', 1, true) ~= nil
  end, logged)
  vim.list_extend(lines, vim.list_slice(ours, math.max(1, #ours - SHOWN + 1)))
  if #ours == 0 then
    vim.list_extend(
      lines,
      { t('Nothing yet. `:lua vim.lsp.log.set_level("debug")` has it log all from now on.') }
    )
  end
  require('litellm.page').show('log', table.concat(lines, '\n'))
end

return M
