-- What a model would write at the cursor, as an item of a completion menu.
local plain = require('litellm.plain')

local M = {}

---LSP's kind `Text`.
local TEXT = 1

---The item for a text; its label is the first line, beginning with what is typed of the word at the cursor.
---@param text string
---@param before string the line before the cursor
---@param row integer from 0
---@return lsp.CompletionItem
function M.of(text, before, row)
  local word = vim.fn.matchstr(plain.for_vim(before), [[\k*$]])
  local label = plain.short(plain.line(word .. text:match('^[^\n]*')), 60)
  -- In UTF-16, which both menus take; the word is replaced, so that the menu filters by it.
  local finish = vim.str_utfindex(before, 'utf-16')
  local start = finish - vim.str_utfindex(word, 'utf-16')
  return {
    label = label,
    filterText = word .. text:match('^%S*'),
    kind = TEXT,
    documentation = { kind = 'plaintext', value = word .. text },
    textEdit = {
      newText = word .. text,
      range = { start = { line = row, character = start }, ['end'] = { line = row, character = finish } },
    },
  }
end

return M
