-- Ghost text: what a model would write at the cursor. Neovim 0.12 has this itself; here it is for 0.11.
local M = {}

local METHOD = 'textDocument/inlineCompletion'
---`Automatic` of LSP's `InlineCompletionTriggerKind`.
local AUTOMATIC = 2

local namespace = vim.api.nvim_create_namespace('litellm.inline')
local own = vim.lsp.inline_completion == nil

---What is shown: where, and the text.
---@type { buffer: integer, row: integer, col: integer, text: string }?
local shown
---The request under way.
---@type fun()?
local cancel

local function hide()
  if shown then
    pcall(vim.api.nvim_buf_clear_namespace, shown.buffer, namespace, 0, -1)
    shown = nil
  end
end

---@param buffer integer
---@param text string
local function show(buffer, text)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  text = text:gsub('\r\n', '\n')
  shown = { buffer = buffer, row = row - 1, col = col, text = text }
  local lines = vim.split(text, '\n', { plain = true })
  vim.api.nvim_buf_set_extmark(buffer, namespace, row - 1, col, {
    virt_text = { { lines[1], 'Comment' } },
    virt_text_pos = 'inline',
    virt_lines = vim.tbl_map(function(line)
      return { { line, 'Comment' } }
    end, vim.list_slice(lines, 2)),
  })
end

---@param client vim.lsp.Client
---@param buffer integer
local function ask(client, buffer)
  if cancel then
    cancel()
  end
  hide()
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  local cursor = vim.api.nvim_win_get_cursor(0)
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local sent, id = client:request(
    METHOD,
    vim.tbl_extend('force', params, { context = { triggerKind = AUTOMATIC } }),
    function(_, result)
      cancel = nil
      local item = result and (result.items or result)[1]
      local same = item
        and vim.api.nvim_get_current_buf() == buffer
        and vim.api.nvim_buf_get_changedtick(buffer) == tick
        and vim.deep_equal(vim.api.nvim_win_get_cursor(0), cursor)
        and vim.api.nvim_get_mode().mode:find('^i')
      if same then
        show(buffer, item.insertText)
      end
    end,
    buffer
  )
  cancel = sent and function()
    cancel = nil
    client:cancel_request(id)
  end or nil
end

---Switches ghost text on in a buffer.
---@param client_id integer
---@param buffer integer
function M.enable(client_id, buffer)
  if not own then
    return vim.lsp.inline_completion.enable(true, { bufnr = buffer })
  end
  local group = vim.api.nvim_create_augroup('litellm.inline.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'TextChangedI', 'InsertEnter' }, {
    group = group,
    buffer = buffer,
    callback = function()
      local client = vim.lsp.get_client_by_id(client_id)
      if not client or client:is_stopped() then
        return true
      end
      ask(client, buffer)
    end,
  })
  vim.api.nvim_create_autocmd({ 'InsertLeave', 'BufLeave', 'CursorMovedI' }, {
    group = group,
    buffer = buffer,
    callback = function(event)
      local row, col = unpack(vim.api.nvim_win_get_cursor(0))
      if event.event ~= 'CursorMovedI' or (shown and (shown.row ~= row - 1 or shown.col ~= col)) then
        if cancel then
          cancel()
        end
        hide()
      end
    end,
  })
end

---Takes the ghost text into the buffer. May be called from an expression mapping.
---@return boolean whether there is one
function M.accept()
  if not own then
    return vim.lsp.inline_completion.get()
  end
  local taken = shown
  if not taken then
    return false
  end
  vim.schedule(function()
    hide()
    local lines = vim.split(taken.text, '\n', { plain = true })
    vim.api.nvim_buf_set_text(taken.buffer, taken.row, taken.col, taken.row, taken.col, lines)
    local col = (#lines == 1 and taken.col or 0) + #lines[#lines]
    vim.api.nvim_win_set_cursor(0, { taken.row + #lines, col })
  end)
  return true
end

return M
