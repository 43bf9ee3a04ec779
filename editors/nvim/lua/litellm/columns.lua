-- Tables of text: columns as wide as their widest cell, whatever script it is written in.
local plain = require('litellm.plain')

local M = {}

local GAP = '  '

---A column of less than this says nothing.
local NARROWEST = 8

---How many of the names, as a part of all, are whole where half of the room is enough for them.
local MOST = 0.9

---A name is told by so much of it, of which the middle is missing, and where little else helps by so much.
local TELLING, LEAST_TELLING = 24, 18

---What may go from a table where there is not enough room for it.
---@class litellm.LeastNeeded
---@field go? integer[] columns that go, in this order; the first does before names get too short to be told apart
---@field shrink? integer one that loses the ends of its cells before any goes
---@field begins? integer one whose cells are told by how they begin: they lose the rest before more than one column goes

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

---Which columns there is room for, and how wide each is then. Long names lose their middle, which stand in the first column,
---but keep half of the room; then a column goes, then names keep what tells them, then other columns go.
---@param rows string[][]
---@param columns integer[]
---@param widths table<integer, integer> what each column needs
---@param room integer
---@param least_needed litellm.LeastNeeded
---@return integer[] columns
---@return table<integer, integer> widths
local function fitted(rows, columns, widths, room, least_needed)
  local needed = widths
  widths = vim.deepcopy(needed)
  local function total()
    local sum = -#GAP
    for _, column in ipairs(columns) do
      sum = sum + widths[column] + #GAP
    end
    return sum
  end
  ---@param column? integer
  ---@param least integer
  local function narrow(column, least)
    if column and widths[column] and total() > room then
      widths[column] = math.max(math.min(widths[column], least), widths[column] - (total() - room))
    end
  end
  local function go(column)
    if total() > room then
      columns = vim.tbl_filter(function(other)
        return other ~= column
      end, columns)
    end
  end
  local shrinks, goes = least_needed.shrink, least_needed.go or {}
  narrow(shrinks, NARROWEST)
  if total() > room then
    widths[1] = math.min(usual_width(rows, 1), math.max(TELLING, math.floor(room / 2)))
    if shrinks then
      widths[shrinks] = needed[shrinks]
      narrow(shrinks, NARROWEST)
    end
  end
  go(goes[1])
  narrow(1, TELLING)
  narrow(least_needed.begins, NARROWEST)
  narrow(1, LEAST_TELLING)
  for _, column in ipairs(goes) do
    go(column)
  end
  widths[1] = math.max(NARROWEST, math.min(needed[1], widths[1] + room - total()))
  return columns, widths
end

---The cells of each row, padded to one width a column. What stands last in a row is not padded.
---@param rows string[][] all of the same number of cells
---@param room? integer
---@param least_needed? litellm.LeastNeeded
---@return string[][]
function M.padded(rows, room, least_needed)
  local width_of = vim.api.nvim_strwidth
  local columns, widths = {}, {} ---@type integer[], table<integer, integer>
  for _, row in ipairs(rows) do
    for column, text in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, width_of(text))
    end
  end
  for column, width in ipairs(widths) do
    -- A column of nothing needs no room.
    if width > 0 or column == 1 then
      table.insert(columns, column)
    end
  end
  if room and #rows > 0 then
    columns, widths = fitted(rows, columns, widths, room, least_needed or {})
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
