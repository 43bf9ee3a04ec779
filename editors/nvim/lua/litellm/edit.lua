-- Questions about a place in a text: `:LiteLLM complete`, `edit` and `prompt`, and the server's code actions.
local held = require('litellm.held')
local notify = require('litellm.notify')
local place = require('litellm.place')
local plain = require('litellm.plain')
local protocol = require('litellm.protocol')
local servers = require('litellm.server')
local session = require('litellm.session')
local task = require('litellm.task')
local t = require('litellm.language').t

local M = {}

---What to do: in the user's words, as one of the server's tasks, or as a prompt of the settings.
---@class litellm.What
---@field instruction? string
---@field task? litellm.EditTask
---@field prompt? string

---Whether an answer can be written into a buffer; says why not.
---@param buffer integer
---@return boolean
function M.can_write(buffer)
  if vim.bo[buffer].modifiable then
    return true
  end
  notify.warn(t('this buffer can not be changed: `:set modifiable` first'))
  return false
end

---@param buffer integer
---@param range litellm.Range
---@return string[]
local function diagnostics(buffer, range)
  local found = vim.tbl_filter(function(one)
    return one.lnum <= range[3] and (one.end_lnum or one.lnum) >= range[1]
  end, vim.diagnostic.get(buffer))
  return vim.tbl_map(function(one)
    return one.message
  end, found)
end

---The lines of a text in which another text stands at a place, and where that is then.
---@param lines string[]
---@param range litellm.Range
---@param text string
---@return string[] lines
---@return litellm.Range range
local function with(lines, range, text)
  local first, last = lines[range[1] + 1]:sub(1, range[2]), lines[range[3] + 1]:sub(range[4] + 1)
  local middle = vim.split(first .. text .. last, '\n', { plain = true })
  local all = vim.list_extend(vim.list_slice(lines, 1, range[1]), middle)
  vim.list_extend(all, lines, range[3] + 2)
  return all, { range[1], range[2], range[1] + #middle - 1, #middle[#middle] - #last }
end

---A place as the server takes it: with the text as it stands in the buffer, saved or not.
---@param buffer integer
---@param range litellm.Range
---@param what litellm.What
---@param server litellm.Server
---@param earlier? litellm.Earlier an answer that stands there, in whose place the text before it is asked about
---@return litellm.EditParams
local function params_of(buffer, range, what, server, earlier)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  if earlier then
    lines, range = with(lines, range, earlier.original)
  end
  local encoding = require('litellm.client').encoding()
  local function position(row, col)
    return { line = row, character = vim.str_utfindex(lines[row + 1] or '', encoding, col, false) }
  end
  local name = vim.api.nvim_buf_get_name(buffer)
  local language = vim.bo[buffer].filetype
  return vim.tbl_extend('error', what, {
    profile = server.profile,
    textDocument = {
      uri = name ~= '' and vim.uri_from_bufnr(buffer) or ('untitled:buffer-%d'):format(buffer),
      languageId = language ~= '' and language or 'text',
      text = table.concat(lines, '\n') .. (vim.bo[buffer].endofline and '\n' or ''),
    },
    range = { start = position(range[1], range[2]), ['end'] = position(range[3], range[4]) },
    diagnostics = diagnostics(buffer, range),
  }) --[[@as litellm.EditParams]]
end

---Most columns of a model's name beside a text, so that the price is seen behind it.
local NAME = 32

---What a question will be put to, and its price as far as that is known.
---@param dry litellm.EditResult
---@return string
local function before(dry)
  local words = { plain.ends(plain.line(dry.model), NAME) }
  if dry.estimatedCost then
    table.insert(words, session.about(dry.estimatedCost))
  end
  if dry.estimatedInputTokens then
    table.insert(words, t('~{0} tokens in', require('litellm.chat.bar').size(dry.estimatedInputTokens)))
  end
  return table.concat(words, ' · ')
end

---What the question would be, and what it would cost: no model is asked. Says what is wrong.
---@param params litellm.EditParams
---@return litellm.EditResult?
local function dry_run(params)
  local error, dry = task.request(protocol.methods.edit, vim.tbl_extend('force', params, { dryRun = true }))
  if error then
    return notify.error(error)
  end
  return dry
end

---Where a place is now; says where it is gone.
---@param place_held litellm.Held
---@return litellm.Range?
local function range_now(place_held)
  local range = place_held.range()
  if not range then
    notify.warn(held.GONE)
  end
  return range
end

---@param meant litellm.Server
---@param active litellm.Server
---@return string
local function gone(meant, active)
  return t(
    '{0} (profile {1}) is not among the profiles any more: ask {2} anew',
    plain.line(meant.baseUrl),
    plain.line(meant.profile),
    plain.line(active.baseUrl)
  )
end

---Asks about a place, and does with the answer what the server says. Only inside `task.start`.
---@param place_held litellm.Held
---@param server litellm.Server the proxy that is asked
---@param what litellm.What
---@param dry? litellm.EditResult what is known already
---@param earlier? litellm.Earlier the answer that another one is asked for
function M.ask(place_held, server, what, dry, earlier)
  local buffer = place_held.buffer
  if not servers.of(server, gone) then
    return
  end
  local range = range_now(place_held)
  if range and not dry then
    dry = dry_run(params_of(buffer, range, what, server, earlier))
    -- That took a while, in which the text may have changed.
    range = dry and range_now(place_held)
  end
  if not dry or not range then
    return
  end
  local writes = dry.place ~= 'page'
  if writes and not M.can_write(buffer) then
    return
  elseif writes and require('litellm.stream.taken').is_taken(buffer, range) then
    return notify.warn(t('wait for the answer that is being written there, or end it with `:LiteLLM cancel`'))
  end
  require('litellm.review').part(buffer, range[1], range[2])
  require('litellm.answer').write(params_of(buffer, range, what, server, earlier), {
    buffer = buffer,
    range = range,
    edit = true,
    silent = not writes,
    whole = earlier ~= nil,
    earlier = earlier,
    note = before(dry),
    retry = function(written)
      M.start(buffer, written.range, what, written, server)
    end,
  })
end

---Runs what asks a proxy about a place, both of which are held from now on. It may wait.
---@param buffer integer
---@param range litellm.Range
---@param run fun(place_held: litellm.Held, server: litellm.Server)
---@param meant? litellm.Server the proxy; without one, the one in use
function M.about(buffer, range, run, meant)
  local place_held = held.hold(buffer, range)
  task.start(function()
    local server = servers.of(meant, gone)
    if server then
      run(place_held, server)
    end
    place_held.let_go()
  end)
end

---The range of a command, or the cursor; says why there is none.
---@param command litellm.RangeCommand
---@return litellm.Range?
local function range_of(command)
  if command.range == 0 then
    return place.at_cursor()
  end
  local range, problem = place.of_command(command)
  if not range then
    notify.warn(problem or '')
  end
  return range
end

---Asks about the place of a command, in the words that follow it; without these it asks for them where they are needed.
---@param command litellm.RangeCommand
---@param instruction string
---@param must_say boolean whether nothing can be asked without words
function M.run(command, instruction, must_say)
  local buffer = vim.api.nvim_get_current_buf()
  if not M.can_write(buffer) then
    return
  end
  local range = range_of(command)
  if not range then
    return
  end
  M.about(buffer, range, function(place_held, server)
    local dry
    instruction = vim.trim(instruction)
    if instruction == '' and must_say then
      dry = dry_run(params_of(buffer, range, { instruction = '…' }, server))
      local typed = dry and task.input(t('Ask {0}: ', before(dry)))
      if not typed or vim.trim(typed) == '' then
        return
      end
      instruction = vim.trim(typed)
    end
    M.ask(place_held, server, { instruction = instruction ~= '' and instruction or nil }, dry)
  end)
end

---Rewrites a range, or the current line, as the words say.
---@param command litellm.RangeCommand
---@param instruction string
function M.edit(command, instruction)
  if command.range == 0 then
    local line = vim.fn.line('.')
    command = vim.tbl_extend('force', command, { range = 2, line1 = line, line2 = line })
  end
  M.run(command, instruction, true)
end

---Asks about a place, as a code action does.
---@param buffer integer
---@param range litellm.Range
---@param what litellm.What
---@param earlier? litellm.Earlier the answer that another one is asked for
---@param meant? litellm.Server the proxy that gave it
function M.start(buffer, range, what, earlier, meant)
  if vim.api.nvim_get_current_buf() == buffer and vim.api.nvim_get_mode().mode:find('^[vV\22]') then
    -- What was selected is asked about, and the keys of the answer are those of normal mode.
    vim.cmd.normal({ '\27', bang = true })
  end
  M.about(buffer, range, function(place_held, server)
    M.ask(place_held, server, what, nil, earlier)
  end, meant)
end

return M
