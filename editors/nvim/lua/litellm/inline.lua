-- Ghost text: what a model would write at the cursor, shown while one types. Where Neovim's own inline completion
-- (0.12 and newer) is switched on for a buffer, that shows it, and the functions here drive it.
local ghost = require('litellm.inline.ghost')

local M = {}

local METHOD = 'textDocument/inlineCompletion'
---LSP's `InlineCompletionTriggerKind`.
local INVOKED, AUTOMATIC = 1, 2

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

local function stop()
  if cancel then
    cancel()
  end
  ghost.hide()
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
  cancel = sent
      and function()
        cancel = nil
        ---@cast id -?
        client:cancel_request(id)
        tell()
      end
    or nil
end

---@param client_id integer
---@param buffer integer
---@return boolean? over where there is no server any more
local function changed(client_id, buffer)
  local client = vim.lsp.get_client_by_id(client_id)
  if not client or client:is_stopped() then
    return true
  elseif not enabled or is_native(buffer) or ghost.typed_along() then
    return
  end
  ghost.hide()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  ask(client, buffer, AUTOMATIC, function(text)
    ghost.draw({ buffer = buffer, row = row - 1, col = col, texts = { text }, at = 1 })
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
  on({ 'TextChangedI', 'TextChangedP', 'InsertEnter' }, function()
    return changed(client_id, buffer)
  end)
  on({ 'InsertLeave', 'BufLeave' }, stop)
  on('CursorMovedI', function()
    local row, col = unpack(vim.api.nvim_win_get_cursor(0))
    if ghost.shown and (ghost.shown.row ~= row - 1 or ghost.shown.col ~= col) and not ghost.typed_along() then
      stop()
    end
  end)
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
          item.insert_text = ghost.part(item.insert_text, part)
        end
        return item
      end,
    })
  end
  local taken = ghost.shown
  if not taken or taken.buffer ~= buffer then
    return false
  end
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  local function put()
    if not vim.api.nvim_buf_is_loaded(buffer) or vim.api.nvim_buf_get_changedtick(buffer) ~= tick then
      return
    end
    local text = taken.texts[taken.at]
    local piece = ghost.part(text, part)
    ghost.hide()
    local lines = vim.split(piece, '\n', { plain = true })
    vim.api.nvim_buf_set_text(taken.buffer, taken.row, taken.col, taken.row, taken.col, lines)
    local row = taken.row + #lines - 1
    local col = (#lines == 1 and taken.col or 0) + #lines[#lines]
    if #piece < #text then
      ghost.draw({ buffer = taken.buffer, row = row, col = col, texts = { text:sub(#piece + 1) }, at = 1 })
    end
    vim.api.nvim_win_set_cursor(0, { row + 1, col })
  end
  vim.schedule(function()
    if vim.fn.pumvisible() == 0 then
      return put()
    end
    -- A menu of completions would go on at the line where it was opened.
    M.put = put
    local keys = "<C-x><C-z><Cmd>lua require('litellm.inline').put()<CR>"
    vim.api.nvim_feedkeys(vim.keycode(keys), 'ni', false)
  end)
  return true
end

---Shows another text, which the model is asked for where none is known; after the last the first comes again.
---@param step? integer -1 for the one before
function M.next(step)
  step = step or 1 ---@type integer
  local buffer = vim.api.nvim_get_current_buf()
  if is_native(buffer) then
    return vim.lsp.inline_completion.select({ count = step })
  end
  local now = ghost.shown
  local client = vim.lsp.get_clients({ bufnr = buffer, name = 'litellm' })[1]
  if not now or not client then
    return
  end
  local at = now.at + step
  if at >= 1 and at <= #now.texts then
    now.at = at
    return ghost.draw(now)
  elseif step == -1 then
    now.at = #now.texts
    return ghost.draw(now)
  end
  ask(client, buffer, INVOKED, function(text)
    if ghost.shown ~= now then
      return
    end
    if vim.list_contains(now.texts, text) then
      now.at = 1
    else
      table.insert(now.texts, text)
      now.at = #now.texts
    end
    ghost.draw(now)
  end)
end

---Takes the ghost text away, until something else is typed.
---@return boolean whether there was one
function M.dismiss()
  local buffer = vim.api.nvim_get_current_buf()
  local there = ghost.shown ~= nil or cancel ~= nil
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
  local notify, t = require('litellm.notify'), require('litellm.language').t
  local client = vim.lsp.get_clients({ name = 'litellm' })[1]
  if not client or not client.server_capabilities.inlineCompletionProvider then
    return notify.warn(
      t(
        'ghost text is off: set `vim.g.litellm = { inline = true }` before `vim.lsp.enable`, and start Neovim again'
      )
    )
  end
  enabled = not enabled
  stop()
  notify.info(enabled and t('ghost text is on') or t('ghost text is off'))
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
  if
    ghost.shown
    and ghost.shown.buffer == buffer
    and ghost.shown.row == row - 1
    and ghost.shown.col == col
  then
    return done(ghost.shown.texts[ghost.shown.at])
  elseif not cancel then
    ask(client, buffer, AUTOMATIC, function() end)
  end
  table.insert(waiting, done)
end

return M
