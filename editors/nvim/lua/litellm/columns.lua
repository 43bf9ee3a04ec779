-- Tables of text: columns as wide as their widest cell, whatever script it is written in.
local plain = require('litellm.plain')

local M = {}

local GAP = '  '

---A column of less than this says nothing.
local NARROWEST = 8

---How many of the names, as a part of all, are whole where half of the room is enough for them.
local MOST = 0.9

---A name is told by so much of it, of which the middle is missing: no other column goes for more.
local TELLING = 24

---What may go from a table where there is not enough room for it.
---@class litellm.LeastNeeded
---@field go? integer[] columns that go, in this order
---@field shrink? integer one that loses the ends of its cells before any goes

---The width that all but a few of some cells keep to: a name that is far longer than others takes no room from these.
---@param rows string[][]
---@param column integer
---@return integer
local function usual_width(rows, column)
  local widths = vim.tbl_map(function(row)
    return vim.api.nvim_strwidth(row[column])
  end, rows)
  table.sort(widths)
  return widths[math.ceil(#widths * MOST)]
end

---The cells of each row, padded to one width a column. Where that is wider than there is room, long names lose their middle,
---which stand in the first column, but keep half of the room; then columns go, and then the middle of other names. What
---stands last in a row is not padded.
---@param rows string[][] all of the same number of cells
---@param room? integer
---@param least_needed? litellm.LeastNeeded
---@return string[][]
function M.padded(rows, room, least_needed)
  local width_of = vim.api.nvim_strwidth
  local widths = {} ---@type table<integer, integer>
  for _, row in ipairs(rows) do
    for column, text in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, width_of(text))
    end
  end
  local columns = vim.tbl_keys(widths)
  table.sort(columns)
  local function total()
    local sum = -#GAP
    for _, column in ipairs(columns) do
      sum = sum + widths[column] + #GAP
    end
    return sum
  end
  columns = vim.tbl_filter(function(column)
    -- A column of nothing needs no room.
    return widths[column] > 0 or column == 1
  end, columns)
  local shrinks = room and least_needed and least_needed.shrink
  local needed, longest = shrinks and widths[shrinks], widths[1]
  local function shrink()
    if shrinks and needed and room and total() > room then
      widths[shrinks] = math.max(math.min(needed, NARROWEST), needed - (total() - room))
    end
  end
  shrink()
  if room and total() > room then
    widths[1] = math.min(usual_width(rows, 1), math.max(TELLING, math.floor(room / 2)))
    widths[shrinks or 1] = needed or widths[1]
    shrink()
  end
  for _, going in ipairs(room and least_needed and least_needed.go or {}) do
    if total() > room then
      columns = vim.tbl_filter(function(column)
        return column ~= going
      end, columns)
    end
  end
  if room and longest then
    widths[1] = math.max(NARROWEST, math.min(longest, widths[1] + room - total()))
  end
  local last = columns[#columns]
  return vim.tbl_map(function(row)
    local cells = {}
    for _, column in ipairs(columns) do
      local text = row[column]
      local width = width_of(text)
      if width > widths[column] then
        text = (column == 1 and plain.ends or plain.short)(text, widths[column])
        width = width_of(text)
      end
      table.insert(cells, column == last and text or text .. (' '):rep(widths[column] - width))
    end
    return cells
  end, rows)
end

---One line for each row.
---@param rows string[][]
---@param room? integer
---@param least_needed? litellm.LeastNeeded
---@return string[]
function M.lines(rows, room, least_needed)
  return vim.tbl_map(function(cells)
    return (table.concat(cells, GAP):gsub('%s+$', ''))
  end, M.padded(rows, room, least_needed))
end

---The cells of a row of a table in Markdown; a bar behind a backslash is within one.
---@param line string
---@return string[]
local function cells(line)
  local inner = line:gsub('\\|', '\0'):match('^|%s*(.-)%s*|%s*$') or ''
  return vim.tbl_map(function(cell)
    return (vim.trim(cell):gsub('%z', '|'))
  end, vim.split(inner, '|', { plain = true }))
end

---A page in Markdown as it is read where nothing draws it: tables are columns, and headings have no marks.
---@param lines string[]
---@param room integer
---@return string[]
function M.read(lines, room)
  local read, rows = {}, {} ---@type string[], string[][]
  local function flush()
    vim.list_extend(read, M.lines(rows, room))
    rows = {}
  end
  for _, line in ipairs(lines) do
    if line:find('^|') and (#rows == 0 or #rows[1] == #cells(line)) then
      if not line:find('^[|%s-]+$') then
        table.insert(rows, cells(line))
      end
    else
      flush()
      table.insert(read, (line:gsub('^#+ ', '')))
    end
  end
  flush()
  return read
end

return M
