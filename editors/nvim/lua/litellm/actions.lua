-- The server's code actions: what is seen before a model is asked, shown while it works, and done with its edits.
local notify = require('litellm.notify')

local M = {}

local namespace = vim.api.nvim_create_namespace('litellm.action')

---What each command does to a text, and the word shown where it works.
local COMMANDS = {
  explain = { word = 'explaining' },
  writeTests = { word = 'writing tests' },
  rewrite = { word = 'rewriting', edits = true },
  fix = { word = 'fixing', edits = true },
  document = { word = 'documenting', edits = true },
}

---Takes away what is shown where a model works.
function M.clear()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  end
end

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

---@param name string
---@param what { word: string, edits?: boolean }
local function run(name, what)
  return function(command, context)
    local client = vim.lsp.get_client_by_id(context.client_id)
    local argument = (command.arguments or {})[1] or {}
    local buffer = client and argument.uri and buffer_of(client, argument.uri)
    if not client or not buffer or (what.edits and not require('litellm.complete').can_write(buffer)) then
      return
    end
    local row = math.min(argument.range.start.line, vim.api.nvim_buf_line_count(buffer) - 1)
    pcall(vim.api.nvim_buf_set_extmark, buffer, namespace, row, 0, {
      virt_text = { { ('   … %s, `:LiteLLM cancel` ends it'):format(what.word), 'Comment' } },
      virt_text_pos = 'eol',
    })
    local params = { command = 'litellm-ls.' .. name, arguments = command.arguments }
    client:request('workspace/executeCommand', params, function(error)
      if error then
        M.clear()
        notify.error(error)
      end
    end, buffer)
  end
end

---What runs in the place of the server's commands when they are chosen here.
---@return table<string, fun(command: lsp.Command, context: table)>
function M.commands()
  local commands = {
    -- At the cursor as `:LiteLLM complete` sees it, and streamed as that is.
    ['litellm-ls.completeHere'] = function(_, context)
      require('litellm.complete').here(context.bufnr)
    end,
  }
  for name, what in pairs(COMMANDS) do
    commands['litellm-ls.' .. name] = run(name, what)
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
