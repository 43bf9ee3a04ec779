-- `:LiteLLM chat`: a conversation in a Markdown buffer; what stands there is the history.
local context = require('litellm.chat.context')
local keep = require('litellm.chat.keep')
local notify = require('litellm.notify')
local session = require('litellm.session')
local task = require('litellm.task')
local text = require('litellm.chat.text')
local t = require('litellm.language').t

local M = {}

---@class litellm.Chat
---@field buffer integer
---@field record litellm.ChatRecord what is kept beside its text
---@field path? string where it is kept, once something was said
---@field stamp? string what its file was when it was kept last
---@field kept? string what was kept then
---@field problem? string why it could not be kept then
---@field saving? boolean whether it is kept within a second
---@field pause? integer how long it is left alone then, in milliseconds
---@field source? integer the buffer that it was opened from
---@field asking? boolean whether it is about to be sent
---@field call? litellm.Call the answer that is coming
---@field writer? litellm.Writer what writes it

---The chats of this session by buffer, and the one that was open last.
---@type table<integer, litellm.Chat>
local chats = {}
---@type litellm.Chat?
local last

local function show_bar(chat)
  if vim.api.nvim_buf_is_valid(chat.buffer) then
    require('litellm.chat.bar').show(chat)
  end
end

---Sends a chat once the texts of its context lines are in it.
---@param chat litellm.Chat
local function send(chat)
  local profile = require('litellm.chat.server').profile(chat)
  if not profile or not vim.api.nvim_buf_is_loaded(chat.buffer) then
    return
  end
  local lines = vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false)
  local said = text.messages(lines)
  local question = said[#said]
  if not question or question.role ~= 'user' then
    return notify.warn(t('write a question under the last `## user:` first'))
  elseif not context.expand(chat.buffer, question.first + 1) then
    return notify.info(t('not sent'))
  end
  local row = vim.api.nvim_buf_line_count(chat.buffer) - 1
  local col = #vim.api.nvim_buf_get_lines(chat.buffer, row, row + 1, false)[1]
  chat.call = require('litellm.answer').write({
    messages = keep.messages(chat),
    model = chat.record.model,
    profile = profile,
  }, {
    buffer = chat.buffer,
    range = { row, col, row, col },
    follow = true,
    own = true,
    before = text.ANSWER,
    after = '\n\n' .. table.concat(text.QUESTION, '\n'),
    reasoning = text.REASONING,
    escape = text.escaper(),
    came = function()
      keep.soon(chat)
    end,
    opened = function(writer)
      chat.writer = writer
    end,
    done = function(result, cut)
      chat.call, chat.writer = nil, nil
      keep.note(chat, result, cut)
      keep.save(chat)
      show_bar(chat)
    end,
  })
  keep.save(chat)
  show_bar(chat)
end

---The chat of the current buffer.
---@return litellm.Chat?
function M.current()
  return chats[vim.api.nvim_get_current_buf()]
end

---Sends the chat of the current buffer.
function M.send()
  local chat = M.current()
  if not chat then
    return
  elseif chat.call or chat.asking then
    return notify.warn(t('the answer is still coming: <C-c> ends it'))
  end
  chat.asking = true
  task.start(function()
    local ok, problem = pcall(send, chat)
    chat.asking = nil
    if not ok then
      error(problem, 0)
    end
  end)
end

---Ends the answer of the current chat, and no other.
function M.stop()
  local chat = M.current()
  if not chat or not chat.call then
    return notify.info(t('no answer is coming here'))
  end
  chat.call.cancel()
  notify.info(t('cancelled: what came stays; its cost is unknown'))
end

---Has a chat use a model of its own: the current one, else the one that was open last, else the next.
---@param id string
function M.use(id)
  local chat = M.current() or last or M.begin()
  chat.record.model = id
  require('litellm.chat.server').use(chat, function()
    keep.save(chat)
  end)
  show_bar(chat)
  keep.save(chat)
  notify.info(t('this chat uses {0}', require('litellm.plain').line(id)))
end

---Holds the places that the next question of a chat names.
---@param chat litellm.Chat
local function hold_places(chat)
  local lines = vim.api.nvim_buf_get_lines(chat.buffer, 0, -1, false)
  for number = #lines, 1, -1 do
    if text.role(lines[number]) then
      return context.hold(chat.buffer, number + 1)
    end
  end
end

---Makes a buffer a chat, with its keys.
---@param buffer integer
---@param record litellm.ChatRecord
---@param path? string
---@return litellm.Chat
local function take_up(buffer, record, path)
  local chat = { buffer = buffer, record = record, path = path }
  chats[buffer], last = chat, chat
  require('litellm.chat.keys').set(buffer)
  hold_places(chat)
  vim.bo[buffer].omnifunc = "v:lua.require'litellm.chat.context'.complete"
  local group = vim.api.nvim_create_augroup('litellm.chat.' .. buffer, {})
  local function on(events, run)
    vim.api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = run })
  end
  on({ 'BufWinEnter', 'WinResized', 'VimResized' }, function()
    show_bar(chat)
  end)
  on({ 'BufLeave', 'BufHidden', 'InsertLeave' }, function()
    hold_places(chat)
    keep.save(chat)
  end)
  local left ---@type string[]?
  on({ 'BufUnload' }, function()
    keep.save(chat)
    context.let_go(buffer)
    left = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
    chats[buffer], last = nil, last ~= chat and last or nil
    require('litellm.chat.fold').forget(buffer)
  end)
  if vim.bo[buffer].buftype ~= '' then
    -- `:edit!` reads anew what is in no file.
    on({ 'BufReadCmd' }, function()
      vim.api.nvim_buf_set_lines(buffer, 0, -1, false, left or text.QUESTION)
      chats[buffer], last = chat, chat
      hold_places(chat)
      show_bar(chat)
    end)
  end
  vim.api.nvim_create_autocmd('VimLeavePre', {
    group = group,
    callback = function()
      keep.save(chat)
    end,
  })
  if next(session.summaries) == nil then
    require('litellm.models').learn(function()
      show_bar(chat)
    end)
  end
  return chat
end

---@param lines string[]
---@param record litellm.ChatRecord
---@param path? string
---@return litellm.Chat
local function new_buffer(lines, record, path)
  local buffer = require('litellm.page').buffer('chat', true)
  vim.bo[buffer].bufhidden = 'hide'
  vim.bo[buffer].filetype = 'markdown'
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  return take_up(buffer, record, path)
end

---Begins a chat in a window of its own.
---@return litellm.Chat
function M.begin()
  local source = vim.api.nvim_get_current_buf()
  local chat = new_buffer(text.QUESTION, {})
  chat.source = source
  require('litellm.chat.window').open(chat.buffer)
  show_bar(chat)
  return chat
end

---Goes to a chat, wherever it is shown.
---@param chat litellm.Chat
local function go_to(chat)
  local window = vim.fn.bufwinid(chat.buffer)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    chat.source = vim.bo.buftype == '' and vim.api.nvim_get_current_buf() or chat.source
    require('litellm.chat.window').open(chat.buffer)
    show_bar(chat)
  end
end

---Puts lines behind the question of a chat, and sends it where there are words to send.
---@param chat litellm.Chat
---@param lines string[]
---@param question string
local function ask(chat, lines, question)
  if question ~= '' then
    lines = vim.list_extend(lines, vim.split(question, '\n', { plain = true }))
  end
  local is_blank = vim.api.nvim_buf_get_lines(chat.buffer, -2, -1, false)[1] == ''
  vim.api.nvim_buf_set_lines(chat.buffer, is_blank and -2 or -1, -1, false, lines)
  hold_places(chat)
  vim.cmd.normal({ 'G$', bang = true })
  if question ~= '' then
    M.send()
  else
    vim.cmd('startinsert!')
  end
end

---Opens a chat, or closes its window; with a range or a question it goes on with these.
---@param command litellm.RangeCommand whose range is named in a context line; with a bang a chat is begun
---@param question string what to ask at once; empty for nothing
function M.open(command, question)
  local here = vim.api.nvim_get_current_buf()
  local is_plain = command.range == 0 and question == '' and not command.bang
  if is_plain and not chats[here] and vim.bo[here].buftype == '' and text.holds_chat(here) then
    take_up(here, {}).source = nil
    return notify.info(t('the chat goes on: <CR> sends it'))
  elseif is_plain and last and vim.fn.bufwinid(last.buffer) ~= -1 then
    return pcall(vim.api.nvim_win_close, vim.fn.bufwinid(last.buffer), false)
  end
  local lines = {}
  if command.range > 0 then
    local first = math.max(command.line1, 1)
    lines = { context.line(here, first, command.line2), '' }
  end
  local chat = last
  local is_answering = chat and (chat.call or chat.asking)
  if command.bang or not chat or is_answering and not is_plain then
    chat = M.begin()
  else
    go_to(chat)
  end
  if not is_plain and (#lines > 0 or question ~= '') then
    ask(chat, lines, question)
  elseif vim.api.nvim_buf_line_count(chat.buffer) <= #text.QUESTION then
    vim.cmd.startinsert()
  end
end

---Goes on with a chat that is kept.
---@param path string
function M.load(path)
  local open = vim.iter(pairs(chats)):find(function(_, chat)
    return chat.path == path
  end)
  if open then
    return go_to(chats[open])
  end
  local store = require('litellm.chat.store')
  local stamp = store.stamp(path)
  local lines, record = store.load(path)
  local is_answered = vim.iter(text.messages(lines)):any(function(message)
    return message.role == 'assistant'
  end)
  if is_answered and not record.server then
    -- Whom it was told nobody knows: the user says who is told the rest.
    record.server = { profile = 'unknown', baseUrl = t('an unknown proxy') }
  end
  local chat = new_buffer(lines, record, path)
  chat.stamp = stamp
  keep.restore(chat)
  require('litellm.chat.window').open(chat.buffer)
  show_bar(chat)
end

return M
