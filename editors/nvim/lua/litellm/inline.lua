-- Ghost text: what a model would write at the cursor, shown while one types. Where Neovim's own inline completion
-- (0.12 and newer) is switched on for a buffer, that shows it, and the functions here drive it.
local M = {}

local METHOD = 'textDocument/inlineCompletion'
---LSP's `InlineCompletionTriggerKind`.
local INVOKED, AUTOMATIC = 1, 2

local namespace = vim.api.nvim_create_namespace('litellm.inline')

---What is shown at a place of a buffer: one of several texts, of which what is typed or taken goes.
---@class litellm.Ghost
---@field buffer integer
---@field row integer
---@field col integer
---@field texts string[]
---@field at integer

---@type litellm.Ghost?
local shown
---Ends the request under way.
---@type fun()?
local cancel
local enabled = true
---Menus that wait for what is under way: the server answers only the newest question, so they share one.
---@type (fun(text?: string))[]
local waiting = {}

---@param text? string
local function tell(text)
  local told = waiting
  waiting = {}
  for _, done in ipairs(told) do
    done(text)
  end
end

local function hide()
  if shown then
    pcall(vim.api.nvim_buf_clear_namespace, shown.buffer, namespace, 0, -1)
    shown = nil
  end
end

local function stop()
  if cancel then
    cancel()
  end
  hide()
end

---@param ghost litellm.Ghost
local function draw(ghost)
  shown = ghost
  vim.api.nvim_buf_clear_namespace(ghost.buffer, namespace, 0, -1)
  local lines = vim.split(ghost.texts[ghost.at], '\n', { plain = true })
  local count = #ghost.texts > 1 and (' (%d/%d)'):format(ghost.at, #ghost.texts) or ''
  vim.api.nvim_buf_set_extmark(ghost.buffer, namespace, ghost.row, ghost.col, {
    virt_text = { { lines[1], 'Comment' }, { count, 'NonText' } },
    virt_text_pos = 'inline',
    virt_lines = vim.tbl_map(function(line)
      return { { line, 'Comment' } }
    end, vim.list_slice(lines, 2)),
  })
end

---Whether Neovim shows it by itself.
---@param buffer integer
local function is_native(buffer)
  return vim.lsp.inline_completion ~= nil and vim.lsp.inline_completion.is_enabled({ bufnr = buffer })
end

---@param client vim.lsp.Client
---@param buffer integer
---@param kind integer
---@param take fun(text: string)
local function ask(client, buffer, kind, take)
  if cancel then
    cancel()
  end
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  local cursor = vim.api.nvim_win_get_cursor(0)
  local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, client.offset_encoding), {
    context = { triggerKind = kind },
  })
  local sent, id = client:request(METHOD, params, function(_, result)
    cancel = nil
    local item = result and (result.items or result)[1]
    local same = item
      and vim.api.nvim_get_current_buf() == buffer
      and vim.api.nvim_buf_get_changedtick(buffer) == tick
      and vim.deep_equal(vim.api.nvim_win_get_cursor(0), cursor)
      and vim.api.nvim_get_mode().mode:find('^i')
    local text = same and item.insertText:gsub('\r\n', '\n') or nil
    if text then
      take(text)
    end
    tell(text)
  end, buffer)
  cancel = sent and function()
    cancel = nil
    client:cancel_request(id)
    tell()
  end or nil
end

---Shortens what is shown by what was typed of it. False where something else was typed.
---@return boolean
local function typed_along()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  if not shown or shown.row ~= row - 1 or col < shown.col then
    return false
  end
  local typed = vim.api.nvim_get_current_line():sub(shown.col + 1, col)
  local text = shown.texts[shown.at]
  if not vim.startswith(text, typed) or #typed == #text then
    return false
  end
  draw({ buffer = shown.buffer, row = row - 1, col = col, texts = { text:sub(#typed + 1) }, at = 1 })
  return true
end

---@param client_id integer
---@param buffer integer
---@return boolean? over where there is no server any more
local function changed(client_id, buffer)
  local client = vim.lsp.get_client_by_id(client_id)
  if not client or client:is_stopped() then
    return true
  elseif not enabled or is_native(buffer) or typed_along() then
    return
  end
  hide()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  ask(client, buffer, AUTOMATIC, function(text)
    draw({ buffer = buffer, row = row - 1, col = col, texts = { text }, at = 1 })
  end)
end

---Shows ghost text in a buffer from now on.
---@param client_id integer
---@param buffer integer
function M.enable(client_id, buffer)
  local group = vim.api.nvim_create_augroup('litellm.inline.' .. buffer, {})
  local function on(events, run)
    vim.api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = run })
  end
  on({ 'TextChangedI', 'InsertEnter' }, function()
    return changed(client_id, buffer)
  end)
  on({ 'InsertLeave', 'BufLeave' }, stop)
  on('CursorMovedI', function()
    local row, col = unpack(vim.api.nvim_win_get_cursor(0))
    if shown and (shown.row ~= row - 1 or shown.col ~= col) and not typed_along() then
      stop()
    end
  end)
end

---The first word of a text, or its first line, or all of it.
---@param text string
---@param part 'all'|'word'|'line'
---@return string
function M.part(text, part)
  if part == 'word' then
    return vim.fn.matchstr(text, [=[^\_s*\%(\k\+\|[^[:keyword:][:space:]]\+\|$\)]=])
  elseif part == 'line' then
    return text:match('^\n*[^\n]+') or text
  end
  return text
end

---Takes a part of the ghost text into the buffer; the rest stays. May be called from an expression mapping.
---@param part? 'all'|'word'|'line'
---@return boolean whether there is one
function M.accept(part)
  part = part or 'all'
  local buffer = vim.api.nvim_get_current_buf()
  if is_native(buffer) then
    return vim.lsp.inline_completion.get({
      on_accept = function(item)
        if type(item.insert_text) == 'string' then
          item.insert_text = M.part(item.insert_text, part)
        end
        return item
      end,
    })
  end
  local taken = shown
  if not taken or taken.buffer ~= buffer then
    return false
  end
  vim.schedule(function()
    local text = taken.texts[taken.at]
    local piece = M.part(text, part)
    hide()
    local lines = vim.split(piece, '\n', { plain = true })
    vim.api.nvim_buf_set_text(taken.buffer, taken.row, taken.col, taken.row, taken.col, lines)
    local row = taken.row + #lines - 1
    local col = (#lines == 1 and taken.col or 0) + #lines[#lines]
    if #piece < #text then
      draw({ buffer = taken.buffer, row = row, col = col, texts = { text:sub(#piece + 1) }, at = 1 })
    end
    vim.api.nvim_win_set_cursor(0, { row + 1, col })
  end)
  return true
end

---Shows another text, which the model is asked for where none is known; after the last the first comes again.
---@param step? integer -1 for the one before
function M.next(step)
  local buffer = vim.api.nvim_get_current_buf()
  if is_native(buffer) then
    return vim.lsp.inline_completion.select({ count = step or 1 })
  end
  local ghost = shown
  local client = vim.lsp.get_clients({ bufnr = buffer, name = 'litellm' })[1]
  if not ghost or not client then
    return
  end
  local at = ghost.at + (step or 1)
  if at >= 1 and at <= #ghost.texts then
    ghost.at = at
    return draw(ghost)
  elseif step == -1 then
    ghost.at = #ghost.texts
    return draw(ghost)
  end
  ask(client, buffer, INVOKED, function(text)
    if shown ~= ghost then
      return
    end
    if vim.list_contains(ghost.texts, text) then
      ghost.at = 1
    else
      table.insert(ghost.texts, text)
      ghost.at = #ghost.texts
    end
    draw(ghost)
  end)
end

---Takes the ghost text away, until something else is typed.
---@return boolean whether there was one
function M.dismiss()
  local buffer = vim.api.nvim_get_current_buf()
  local there = shown ~= nil or cancel ~= nil
  stop()
  if is_native(buffer) then
    -- Neovim has no call to hide it but this.
    vim.lsp.inline_completion.enable(false, { bufnr = buffer })
    vim.lsp.inline_completion.enable(true, { bufnr = buffer })
    return true
  end
  return there
end

---Switches ghost text off and on again.
function M.toggle()
  local notify = require('litellm.notify')
  local client = vim.lsp.get_clients({ name = 'litellm' })[1]
  if not client or not client.server_capabilities.inlineCompletionProvider then
    return notify.warn('ghost text is off: set `vim.g.litellm = { inline = true }` and start Neovim again')
  end
  enabled = not enabled
  stop()
  notify.info('ghost text is ' .. (enabled and 'on' or 'off'))
end

---Says what belongs at the cursor, for the menus of blink.cmp and nvim-cmp: what the ghost text is, else what the model
---is asked for.
---@param done fun(text?: string)
function M.propose(done)
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ bufnr = buffer, name = 'litellm' })[1]
  if not client or not client.server_capabilities.inlineCompletionProvider then
    return done()
  end
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  if shown and shown.buffer == buffer and shown.row == row - 1 and shown.col == col then
    return done(shown.texts[shown.at])
  elseif not cancel then
    ask(client, buffer, AUTOMATIC, function() end)
  end
  table.insert(waiting, done)
end

return M
