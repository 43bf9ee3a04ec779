-- Texts of proxies and models, made harmless: one of them must not draw elsewhere on the screen than where it stands.
local M = {}

---What is not there to be seen, or changes how the rest is seen, by first and last code: the server's own rule
---(`src/plain.rs`).
-- stylua: ignore
local UNSEEN = {
  { 0x0000, 0x0008 }, { 0x000b, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x034f, 0x034f },
  { 0x061c, 0x061c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
  { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },
  { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
  { 0xe0000, 0xe0fff },
}

---What a family, a flag or a red heart is built of: a joiner, and the sign that says "as a picture".
local JOINS = { ['\226\128\141'] = true, ['\239\184\143'] = true }

---Classes of characters, as `charclass()` has them, that are built so.
local SIGN, EMOJI = 1, 3

local function is_unseen(character)
  local code = vim.fn.char2nr(character == '\0' and '' or character, true)
  for _, range in ipairs(UNSEEN) do
    if code <= range[2] then
      return code >= range[1]
    end
  end
  return false
end

local function is_pictured(character)
  local class = vim.fn.charclass(character)
  return character:find('^%d$') ~= nil or (class == SIGN or class == EMOJI) and character >= '\226\128\188'
end

---Makes what ends a line in a text that comes in pieces `\n`: whoever looks for lines in it finds those that are shown.
---@return fun(piece: string): string
function M.line_ends()
  local is_half = false
  return function(piece)
    if piece == '' then
      return piece
    end
    local rest = is_half and piece:gsub('^\n', '') or piece
    is_half = piece:sub(-1) == '\r'
    return (rest:gsub('\r\n?', '\n'))
  end
end

---The lines of a text, whatever ends them.
---@param text string
---@return string[]
function M.lines(text)
  return vim.split(M.line_ends()(text), '\n', { plain = true })
end

---A text of several lines, without what is hidden in it.
---@param text string
---@return string
function M.text(text)
  text = M.line_ends()(text)
  -- Nearly all are, and a picker has thousands.
  if not text:find('[^\t\n -~]') then
    return text
  end
  local last = ''
  text = text:gsub('\226\128[\168\169]', '\n')
  return (
    text:gsub('[%z\1-\127\194-\244][\128-\191]*', function(character)
      local shown = character:find('^[\t\n -~]$')
        or (JOINS[character] and is_pictured(last))
        or not (JOINS[character] or is_unseen(character))
      last = shown and character or last
      return shown and character or ''
    end)
  )
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

---The same without its middle: what tells the name of a model from others stands at its end as often as not.
---@param text string
---@param width integer
---@return string
function M.ends(text, width)
  if vim.fn.strdisplaywidth(text) <= width then
    return text
  end
  local begin = M.short(text, math.floor(width / 2))
  local room, ending = width - vim.fn.strdisplaywidth(begin), text
  while ending ~= '' and vim.fn.strdisplaywidth(ending) > room do
    ending = vim.fn.strcharpart(ending, 1)
  end
  return begin .. ending
end

---Whether a function is Neovim's own, and not one that a user or a plugin has put in its place.
---@param run function
---@return boolean
function M.is_stock(run)
  local source = assert(debug.getinfo(run, 'S')).source:gsub('^@', '')
  return vim.startswith(source, 'vim/')
    or vim.startswith(vim.fs.normalize(source), vim.fs.normalize(vim.env.VIMRUNTIME))
end

return M
