-- The server's code actions, and the edits that it makes by itself.
local M = {}

---The task of each command.
local TASKS = {
  completeHere = 'complete',
  explain = 'explain',
  rewrite = 'rewrite',
  fix = 'fix',
  document = 'document',
  writeTests = 'test',
}

---The buffer that an identifier of the server names: in its own spelling, and also where it has no name.
---@param client vim.lsp.Client
---@param uri string
---@return integer
local function buffer_of(client, uri)
  local buffers = vim.tbl_keys(client.attached_buffers)
  return vim.iter(buffers):find(function(buffer)
    return vim.api.nvim_buf_is_valid(buffer) and vim.uri_from_bufnr(buffer) == uri
  end) or vim.uri_to_bufnr(uri)
end

---The range of an action in a buffer, in bytes.
---@param client vim.lsp.Client
---@param buffer integer
---@param range lsp.Range
---@return litellm.Range
local function range_of(client, buffer, range)
  local count = vim.api.nvim_buf_line_count(buffer)
  ---@param at lsp.Position
  ---@return integer, integer
  local function position(at)
    local row = math.min(at.line, count - 1)
    local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
    -- The end of a line may be named as the beginning of the next, which there may not be.
    return row,
      at.line > row and #line or vim.str_byteindex(line, client.offset_encoding, at.character, false)
  end
  local row, col = position(range.start)
  local end_row, end_col = position(range['end'])
  return { row, col, end_row, end_col }
end

---What runs in the place of the server's commands when they are chosen here: the same, with what Neovim can do better.
---@return table<string, fun(command: lsp.Command, context: table)>
function M.commands()
  local function run(task)
    return function(command, context)
      local client = vim.lsp.get_client_by_id(context.client_id)
      local argument = (command.arguments or {})[1] or {}
      if not client then
        return
      end
      local buffer = context.bufnr or buffer_of(client, argument.uri)
      -- Its range is of the text as it was when the actions were asked for.
      if context.version and context.version ~= vim.lsp.util.buf_versions[buffer] then
        return require('litellm.notify').warn(require('litellm.held').GONE)
      end
      local range = task == 'complete' and require('litellm.place').at_cursor()
        or range_of(client, buffer, argument.range)
      require('litellm.edit').start(buffer, range, { task = task, prompt = argument.prompt })
    end
  end
  local commands = { ['litellm-ls.prompt'] = run() }
  for name, task in pairs(TASKS) do
    commands['litellm-ls.' .. name] = run(task)
  end
  return commands
end

---The changes of an edit, by buffer. None where it is more than changes of texts.
---@param client vim.lsp.Client
---@param edit lsp.WorkspaceEdit
---@return { buffer: integer, version?: integer, edits: lsp.TextEdit[] }[]?
local function changes_of(client, edit)
  local changes = {}
  for _, change in ipairs(edit.documentChanges or {}) do
    if not change.textDocument then
      return nil
    end
    local version = change.textDocument.version
    table.insert(changes, {
      buffer = buffer_of(client, change.textDocument.uri),
      version = type(version) == 'number' and version or nil,
      edits = change.edits,
    })
  end
  for uri, edits in pairs(edit.changes or {}) do
    table.insert(changes, { buffer = buffer_of(client, uri), edits = edits })
  end
  return changes
end

---`workspace/applyEdit`: says truly whether the text took it, so that the server shows the answer where it did not.
---@param params lsp.ApplyWorkspaceEditParams
function M.apply(_, params, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local changes = changes_of(client, params.edit)
  if not changes then
    return { applied = false, failureReason = 'only changes of texts are made here' }
  elseif not require('litellm.idle').is_idle() then
    return { applied = false, failureReason = 'Neovim is amid something' }
  end
  for _, change in ipairs(changes) do
    vim.fn.bufload(change.buffer)
    local version = vim.lsp.util.buf_versions[change.buffer]
    if change.version and version and version > change.version then
      return { applied = false, failureReason = 'the text has changed meanwhile' }
    elseif not vim.bo[change.buffer].modifiable then
      return { applied = false, failureReason = 'the text can not be changed' }
    end
  end
  local applied, problem = pcall(function()
    for _, change in ipairs(changes) do
      -- A step of undo of its own, also where the user is typing.
      vim.api.nvim_buf_call(change.buffer, function()
        vim.cmd('let &l:undolevels = &l:undolevels')
        vim.lsp.util.apply_text_edits(change.edits, change.buffer, client.offset_encoding)
        vim.cmd('let &l:undolevels = &l:undolevels')
      end)
    end
  end)
  return { applied = applied, failureReason = not applied and tostring(problem) or nil }
end

return M
