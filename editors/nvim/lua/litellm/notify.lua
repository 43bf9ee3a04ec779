-- What the plugin says to the user. It never makes Neovim wait for ENTER.
local plain = require('litellm.plain')
local t = require('litellm.language').t

local M = {}

local INFO, WARN, ERROR = vim.log.levels.INFO, vim.log.levels.WARN, vim.log.levels.ERROR
local HIGHLIGHTS = { [INFO] = 'NormalFloat', [WARN] = 'WarningMsg', [ERROR] = 'ErrorMsg' }
---How long a message stays that does not fit into the last line.
---@type table<integer, integer>
local SECONDS = { [INFO] = 6, [WARN] = 10, [ERROR] = 15 }
---What can be mended by other settings.
local CONFIGURES = { notConfigured = true, unreachable = true, unauthorized = true }
---How many messages are remembered.
local REMEMBERED = 100

---@class litellm.Said
---@field text string
---@field level integer
---@field at? string when

---What was said, for `:LiteLLM log`.
---@type litellm.Said[]
M.said = {}

---What is to be said in the next tick.
---@type litellm.Said[]
local waiting = {}
---@type { window: integer, buffer: integer, timer: uv.uv_timer_t }?
local toast

local function close_toast()
  if toast then
    toast.timer:stop()
    toast.timer:close()
    pcall(vim.api.nvim_win_close, toast.window, true)
    pcall(vim.api.nvim_buf_delete, toast.buffer, { force = true })
    toast = nil
  end
end

---Breaks a line into pieces that fit.
local function wrapped(line, width)
  local pieces, rest = {}, line
  while vim.fn.strdisplaywidth(rest) > width do
    local piece = vim.fn.strcharpart(rest, 0, width)
    while vim.fn.strdisplaywidth(piece) > width do
      piece = vim.fn.strcharpart(piece, 0, vim.fn.strchars(piece) - 1)
    end
    local space = piece:find(' [^ ]*$')
    piece = space and space > 1 and piece:sub(1, space - 1) or piece
    table.insert(pieces, piece)
    rest = vim.trim(rest:sub(#piece + 1))
  end
  table.insert(pieces, rest)
  return pieces
end

---The list to choose from whose rows a window of this size in the corner would cover. None where it covers none.
---@param width integer
---@param height integer
---@return integer? window
local function covered_list(width, height)
  local top, left = vim.o.lines - vim.o.cmdheight - 1 - height - 2, vim.o.columns - width - 2
  return vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    local place = vim.api.nvim_win_get_position(window)
    return vim.w[window].litellm_list
      and place[1] + vim.api.nvim_win_get_height(window) >= top
      and place[2] + vim.api.nvim_win_get_width(window) >= left
  end)
end

local show_toast ---@type fun(messages: litellm.Said[])

---The last of some messages, as far as it fits into the last line.
---@param messages litellm.Said[]
local function show_line(messages)
  local last = messages[#messages]
  vim.cmd.redraw()
  vim.notify(plain.short(plain.line(last.text), vim.v.echospace), last.level)
end

---Shows messages in the corner, where they stay for some seconds and nobody must answer them. Where they would cover a
---list to choose from, they come when it is closed.
---@param messages litellm.Said[]
function show_toast(messages)
  local room = math.max(20, math.min(72, vim.o.columns - 4))
  local lines, levels, width, worst = {}, {}, 1, INFO ---@type string[], integer[], integer, integer
  for _, message in ipairs(messages) do
    worst = math.max(worst, message.level)
    for _, line in ipairs(vim.split(message.text, '\n', { plain = true })) do
      for _, piece in ipairs(wrapped(line, room)) do
        table.insert(lines, piece)
        table.insert(levels, message.level)
        width = math.max(width, vim.fn.strdisplaywidth(piece))
      end
    end
  end
  close_toast()
  local height = math.min(#lines, math.max(1, vim.o.lines - vim.o.cmdheight - 4))
  local list = covered_list(width, height)
  if list then
    show_line(messages)
    vim.api.nvim_create_autocmd('WinClosed', {
      pattern = tostring(list),
      once = true,
      callback = vim.schedule_wrap(function()
        show_toast(messages)
      end),
    })
    return
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  local window = vim.api.nvim_open_win(buffer, false, {
    relative = 'editor',
    anchor = 'SE',
    row = vim.o.lines - vim.o.cmdheight - (vim.o.laststatus > 0 and 1 or 0),
    col = vim.o.columns,
    width = width,
    height = height,
    style = 'minimal',
    border = 'rounded',
    focusable = false,
    noautocmd = true,
    zindex = 200,
  })
  local namespace = vim.api.nvim_create_namespace('litellm.notify')
  for row, level in ipairs(levels) do
    vim.api.nvim_buf_set_extmark(buffer, namespace, row - 1, 0, {
      end_row = row,
      hl_group = HIGHLIGHTS[level],
    })
  end
  toast = { window = window, buffer = buffer, timer = assert(vim.uv.new_timer()) }
  toast.timer:start(SECONDS[worst] * 1000, 0, vim.schedule_wrap(close_toast))
end

---Whether a message can be shown in the last line alone, and stays there: while one types, Neovim has the mode there.
local function fits(text)
  local is_taken = vim.o.showmode and vim.api.nvim_get_mode().mode:find('^[iR]') ~= nil
  return vim.o.cmdheight > 0
    and not is_taken
    and not text:find('\n')
    and vim.fn.strdisplaywidth(text) <= vim.v.echospace
end

local function flush()
  local messages = waiting
  waiting = {}
  if #messages == 1 and fits(messages[1].text) then
    -- What stands there already would be pushed up, and asked about.
    vim.cmd.redraw()
    vim.notify(messages[1].text, messages[1].level)
  elseif #messages > 0 and not pcall(show_toast, messages) then
    show_line(messages)
  end
end

---Keeps a text for `:LiteLLM log`.
---@param message litellm.Said
local function remember(message)
  message.at = os.date('%H:%M:%S') --[[@as string]]
  table.insert(M.said, message)
  if #M.said > REMEMBERED then
    table.remove(M.said, 1)
  end
end

---Notes what need not be said now.
---@param text string
function M.note(text)
  remember({ text = plain.text(text), level = INFO })
end

---Says a text, by the user's own `vim.notify` where there is one.
---@param text string
---@param level integer
local function say(text, level)
  local message = { text = 'LiteLLM: ' .. plain.text(text), level = level }
  remember(message)
  if not plain.is_stock(vim.notify) then
    return vim.notify(message.text, level)
  end
  table.insert(waiting, message)
  if #waiting == 1 then
    vim.schedule(flush)
  end
end

---@param text string
function M.info(text)
  say(text, INFO)
end

---Takes a message off the screen that holds no more, where it is the one that was said last.
---@param text string
function M.take_back(text)
  local last = M.said[#M.said]
  if not plain.is_stock(vim.notify) or not last or last.text ~= 'LiteLLM: ' .. plain.text(text) then
    return
  elseif toast then
    close_toast()
  else
    vim.api.nvim_echo({ { '' } }, false, {})
  end
end

---@param text string
function M.warn(text)
  say(text, WARN)
end

---What went wrong, and on the next line what to do. Nothing for an empty message: the user was told already.
---@param error litellm.Failure
function M.error(error)
  if error.message == '' then
    return
  end
  local lines = { error.message }
  local data = error.data or {}
  for _, problem in ipairs(data.problems or {}) do
    table.insert(lines, t('{0}: {1}', problem.path, t('{0}: {1}', problem.reason, problem.remedy)))
  end
  if data.remedy and not data.problems then
    table.insert(lines, data.remedy)
  end
  if CONFIGURES[data.kind] then
    table.insert(lines, t('`:LiteLLM configure` asks for address and key'))
  end
  say(table.concat(lines, '\n'), ERROR)
end

---`window/showMessage`: what the server says.
---@param params lsp.ShowMessageParams
function M.handle(_, params)
  local levels = { ERROR, WARN } ---@type table<integer, integer>
  say((params.message:gsub('^[Ll]ite[Ll][Ll][Mm][-%a]*: ', '')), levels[params.type] or INFO)
end

---`window/showMessageRequest`: what the server asks. Neovim lets the handler of a request wait.
---@param params lsp.ShowMessageRequestParams
---@return lsp.MessageActionItem|vim.NIL
function M.ask(_, params)
  local actions = params.actions or {}
  local safe = vim.iter(ipairs(actions)):find(function(_, action)
    return action.isCloseAffordance
  end)
  return require('litellm.stream').asking(function()
    return require('litellm.task').select(actions, {
      prompt = plain.line(params.message),
      -- The one that leaves all as it is, and so does a hasty <CR>.
      at = safe or 1,
      is_question = true,
      format_item = function(action)
        return plain.line(action.title)
      end,
    })
  end) or vim.NIL
end

---What the frame of a float takes, in lines and in columns.
local FRAME, SIDES = 2, 4

---Shows lines of Markdown beside the cursor; they go when it moves. In a window that has no room for all of them, on a page:
---a float can't be scrolled, and what is wrong may stand last.
---@param lines string[]
function M.float(lines)
  lines = vim.tbl_map(plain.line, lines)
  local above = vim.fn.winline() - 1
  local room = math.max(above, vim.api.nvim_win_get_height(0) - above) - FRAME
  local width, needed = vim.o.columns - SIDES, 0
  for _, line in ipairs(lines) do
    needed = needed + math.max(1, math.ceil(vim.api.nvim_strwidth(line) / width))
  end
  if room < needed then
    require('litellm.page').show('status', table.concat(lines, '\n'))
    return
  end
  local _, window = vim.lsp.util.open_floating_preview(
    lines,
    'markdown',
    { border = 'rounded', title = ' LiteLLM ', wrap = true, max_width = width }
  )
  vim.wo[window][0].linebreak = true
end

return M
