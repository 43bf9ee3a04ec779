-- `:LiteLLM prompt`: the user's own prompts, and the server's, such as the message of a commit.
local edit = require('litellm.edit')
local notify = require('litellm.notify')
local place = require('litellm.place')
local plain = require('litellm.plain')
local protocol = require('litellm.protocol')
local task = require('litellm.task')
local t = require('litellm.language').t

local M = {}

---How long the command line may wait for names to complete.
local LIST_LIMIT_MS = 2000

---What is staged where a file is. None where nothing is, or where that is not known; says so.
---@param buffer integer
---@return string[]?
local function staged(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  local folder = vim.bo[buffer].buftype == '' and name ~= '' and vim.fs.dirname(name) or vim.uv.cwd() --[[@as string]]
  if vim.fs.basename(folder) == '.git' then
    folder = vim.fs.dirname(folder)
  end
  -- Elsewhere git compares files, and answers with a page of its options.
  if not vim.fs.root(folder, '.git') and not vim.env.GIT_DIR then
    return notify.warn(t('go to a file of a Git repository first'))
  end
  local run, result = pcall(vim.system, { 'git', 'diff', '--staged', '--no-ext-diff', '--no-color' }, {
    text = true,
    cwd = vim.fn.isdirectory(folder) == 1 and folder or nil,
  })
  local done = run and result:wait()
  if not done or done.code ~= 0 then
    return notify.warn(
      t('git can not say what is staged: {0}', vim.trim(done and done.stderr or tostring(result)))
    )
  elseif vim.trim(done.stdout or '') == '' then
    return notify.warn(t('nothing is staged: `git add` first'))
  end
  return vim.split(done.stdout or '', '\n', { plain = true })
end

---Writes the message of a commit from what is staged: into the buffer of a commit once it is whole, else as a page.
---@param buffer integer
local function commit(buffer)
  if not vim.api.nvim_buf_is_loaded(buffer) then
    return
  end
  local diff = staged(buffer)
  local is_for_it = vim.bo[buffer].filetype == 'gitcommit'
  if not diff or is_for_it and not edit.can_write(buffer) then
    return
  end
  require('litellm.answer').write({
    textDocument = { uri = 'untitled:diff', languageId = 'diff', text = table.concat(diff, '\n') },
    range = { start = { line = 0, character = 0 }, ['end'] = { line = #diff, character = 0 } },
    prompt = 'commit',
  }, {
    buffer = buffer,
    range = { 0, 0, 0, 0 },
    edit = true,
    silent = not is_for_it,
    whole = is_for_it,
    is_message = is_for_it,
    after = '\n',
    note = t('the message of the commit'),
  })
end

---@param done fun(prompts: litellm.Prompt[])
local function list(done)
  require('litellm.client').request(protocol.methods.listPrompts, {}, function(error, result)
    if error then
      notify.error(error)
    end
    done(result and result.prompts or {})
  end)
end

---Names for the command line.
---@return string[]
function M.names()
  local names
  list(function(prompts)
    names = vim.tbl_map(function(prompt)
      return prompt.name
    end, prompts)
  end)
  vim.wait(LIST_LIMIT_MS, function()
    return names ~= nil
  end, 10)
  return names or {}
end

---Asks with a prompt, about a range or the cursor; without a name one is chosen.
---@param command litellm.RangeCommand
---@param argument string its name, and what takes the place of its `{input}`
function M.run(command, argument)
  local buffer = vim.api.nvim_get_current_buf()
  local range = place.at_cursor()
  if command.range > 0 then
    local found, problem = place.of_command(command)
    if not found then
      return notify.warn(problem or '')
    end
    range = found
  end
  local name, input = argument:match('^(%S*)%s*(.-)$')
  edit.about(buffer, range, function(place_held, server)
    if name == '' then
      local chosen = task.select(task.wait(list), {
        prompt = t('Prompt: '),
        format_item = function(prompt)
          return plain.line(('%s  %s'):format(prompt.name, prompt.title))
        end,
      })
      if not chosen then
        return
      end
      name = chosen.name
    end
    if name == 'commit' then
      return commit(buffer)
    end
    edit.ask(place_held, server, { prompt = name, instruction = input ~= '' and input or nil })
  end)
end

return M
