-- Texts of proxies and models, made harmless: one of them must not draw elsewhere on the screen than where it stands.
local M = {}

---What is not to be seen and yet has an effect: control characters, direction marks, characters without a width.
local HIDDEN = {
  '[%z\1-\8\11-\31\127]',
  '\194[\128-\159]',
  '\194\173',
  '\216\156',
  '\226\128[\139-\143\168-\174]',
  '\226\129[\160-\175]',
  '\239\187\191',
  '\243\160[\128-\129].',
}

---The lines of a text, whatever ends them.
---@param text string
---@return string[]
function M.lines(text)
  return vim.split((text:gsub('\r\n?', '\n')), '\n', { plain = true })
end

---A text of several lines, without what is hidden in it.
---@param text string
---@return string
function M.text(text)
  text = text:gsub('\r\n?', '\n')
  for _, pattern in ipairs(HIDDEN) do
    text = text:gsub(pattern, '')
  end
  return text
end

---The same in one line.
---@param text string
---@return string
function M.line(text)
  return (M.text(text):gsub('%s*\n%s*', ' '):gsub('\t', ' '))
end

---A text as Vim's functions take it: they fail at a NUL, for which a line break stands in lists of lines.
---@param text string
---@return string
function M.for_vim(text)
  return (text:gsub('%z', '\n'))
end

---Lines as they are, of those that a function of Vim returns.
---@param lines string[]
---@return string[]
function M.from_vim(lines)
  return vim.tbl_map(function(line)
    return (line:gsub('\n', '\0'))
  end, lines)
end

---A line that may stand in a statusline or a winbar, where `%` begins an expression: a full-width sign takes its place.
---@param text string
---@return string
function M.statusline(text)
  return (M.line(text):gsub('%%', '％'))
end

---A line no wider than this many cells.
---@param text string
---@param width integer
---@return string
function M.short(text, width)
  if vim.fn.strdisplaywidth(text) <= width then
    return text
  end
  local kept = vim.fn.strcharpart(text, 0, math.max(width - 1, 0))
  while kept ~= '' and vim.fn.strdisplaywidth(kept) > width - 1 do
    kept = vim.fn.strcharpart(kept, 0, vim.fn.strchars(kept) - 1)
  end
  return kept .. '…'
end

---Whether a function is Neovim's own, and not one that a user or a plugin has put in its place.
---@param run function
---@return boolean
function M.is_stock(run)
  local source = debug.getinfo(run, 'S').source:gsub('^@', '')
  return vim.startswith(source, 'vim/')
    or vim.startswith(vim.fs.normalize(source), vim.fs.normalize(vim.env.VIMRUNTIME))
end

return M
