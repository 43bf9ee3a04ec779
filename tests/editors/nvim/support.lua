-- What the scripts share: checks that print a line each, and stand-ins for the user.
local M = {}

local failed = 0
---How long a script waits for one thing.
M.limit_ms = 20000

---@param ok any
---@param what string
function M.check(ok, what)
  io.stdout:write((ok and 'ok   ' or 'FAIL ') .. what .. '\n')
  if not ok then
    failed = failed + 1
  end
end

function M.equal(found, expected, what)
  local same = vim.deep_equal(found, expected)
  M.check(
    same,
    same and what or ('%s: %s instead of %s'):format(what, vim.inspect(found), vim.inspect(expected))
  )
end

---Waits for something that must happen.
function M.wait(ready, what)
  local happened = vim.wait(M.limit_ms, ready, 5)
  M.check(happened, what)
  if not happened then
    M.finish()
  end
end

-- A script runs amid an event, so for Neovim it is never safe to do anything.
local state = vim.fn.state
---@diagnostic disable-next-line: duplicate-set-field
vim.fn.state = function(what)
  return (state(what):gsub('S', ''))
end

---Tells the Rust side to go on.
function M.step(name)
  io.stdout:write('STEP ' .. name .. '\n')
  io.stdout:flush()
end

---Everything the plugin told the user, newest last.
M.told = {}
vim.notify = function(text)
  table.insert(M.told, text)
end

---Waits until the user was told something that contains a text.
function M.tells(text)
  M.wait(function()
    return vim.iter(M.told):any(function(told)
      return told:find(text, 1, true) ~= nil
    end)
  end, ('tells: %s'):format(text))
end

---The user answers inputs and choices with these, in this order; a choice by a part of its line.
---@param answers string[]
function M.user(answers)
  M.seen = {}
  local function next_answer(asked)
    table.insert(M.seen, asked)
    return table.remove(answers, 1) or error('asked too much: ' .. asked)
  end
  vim.ui.input = function(options, done)
    ---@cast options -?
    local answer = next_answer(options.prompt)
    vim.schedule(function()
      done(answer ~= 'DEFAULT' and answer or options.default)
    end)
  end
  vim.fn.inputsecret = next_answer
  vim.ui.select = function(items, options, done)
    local answer = next_answer(options.prompt)
    M.lines = vim.tbl_map(options.format_item or tostring, items)
    for index, line in ipairs(M.lines) do
      if line:find(answer, 1, true) then
        return done(items[index], index)
      end
    end
    error('nothing to choose has ' .. answer .. ': ' .. table.concat(M.lines, '\n'))
  end
end

---The text of a buffer.
function M.text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), '\n')
end

---The words of a namespace's marks in the current buffer.
function M.marks(namespace)
  local id = vim.api.nvim_create_namespace(namespace)
  local marks = vim.api.nvim_buf_get_extmarks(0, id, 0, -1, { details = true })
  marks = vim.tbl_filter(function(mark)
    return not (mark[4] or {}).invalid
  end, marks)
  return vim.tbl_map(function(mark)
    local words = (mark[4] or {}).virt_text
    return words and words[1][1] or ''
  end, marks)
end

---The window that shows pages.
function M.page()
  return vim.iter(vim.api.nvim_list_wins()):find(function(window)
    return vim.w[window].litellm_page
  end)
end

---Waits until a page with this text is shown, beside the window that has the focus.
function M.shows_page(text, what)
  M.wait(function()
    local window = M.page()
    return window and M.text(vim.api.nvim_win_get_buf(window)):find(text, 1, true) ~= nil
  end, what)
  M.check(vim.api.nvim_get_current_win() ~= M.page(), 'a page takes no focus')
end

---Presses keys as a user does.
function M.keys(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'x', false)
end

---Waits until a buffer has a text.
function M.reads(expected, what, buffer)
  vim.wait(M.limit_ms, function()
    return M.text(buffer) == expected
  end, 5)
  M.equal(M.text(buffer), expected, what)
end

---Waits until everything that is scheduled by now has run.
function M.next_tick()
  local ran = false
  vim.schedule(function()
    ran = true
  end)
  vim.wait(M.limit_ms, function()
    return ran
  end, 1)
end

---Waits until the server's requests are over.
function M.settled()
  M.wait(function()
    return require('litellm.session').running == 0
  end, 'nothing runs any more')
end

---Undoes until a text is there.
function M.undoes_to(expected, what)
  for _ = 1, 20 do
    if M.text() ~= expected then
      vim.cmd('silent undo')
    end
  end
  M.equal(M.text(), expected, what)
end

---Opens a file with this text.
function M.edit(name, text)
  vim.cmd.edit({ vim.fs.joinpath(vim.env.HOME, name), bang = true })
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(text, '\n', { plain = true }))
  vim.cmd.normal({ 'G$', bang = true })
  -- A step of its own, so that undoing an answer does not undo this.
  vim.cmd('let &undolevels = &undolevels')
end

---Goes into a repository with a staged file.
function M.repository()
  local repository = vim.fs.joinpath(vim.env.HOME, 'repository')
  vim.fn.mkdir(repository)
  vim.fn.writefile({ 'added' }, vim.fs.joinpath(repository, 'new.txt'))
  for _, arguments in ipairs({ { 'init', '-q' }, { 'add', 'new.txt' } }) do
    vim.system(vim.list_extend({ 'git', '-C', repository }, arguments)):wait()
  end
  vim.cmd.cd(repository)
end

---The server that is attached to the current buffer, once it is ready.
function M.attached()
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'litellm' })[1]
  return client and client.initialized and client
end

---Chooses one of the server's code actions on the first line.
function M.act(title)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  M.user({ title })
  vim.lsp.buf.code_action({ range = { start = { 1, 0 }, ['end'] = { 1, #vim.fn.getline(1) } } })
end

---Types as a user does, in insert mode: each step gives keys once it may go on. Ends with the last of them.
---@param first string the keys that begin it
---@param steps (fun(): string?)[] each gives none while it waits
function M.types(first, steps)
  local begun = vim.uv.now()
  local timer = vim.fn.timer_start(5, function()
    local keys = steps[1] and steps[1]()
    if keys then
      table.remove(steps, 1)
      vim.api.nvim_input(keys)
    elseif #steps == 0 or vim.uv.now() - begun > M.limit_ms then
      vim.api.nvim_input('<C-\\><C-n>')
    end
  end, { ['repeat'] = -1 })
  vim.api.nvim_feedkeys(vim.keycode(first), 'nx!', false)
  vim.fn.timer_stop(timer)
  M.equal(#steps, 0, 'all was typed')
end

---The process of the server.
function M.server_pid()
  local found = vim
    .system({ 'pgrep', '-P', tostring(vim.fn.getpid()), '-x', 'litellm-ls' }, { text = true })
    :wait()
  return tonumber(vim.trim(found.stdout or '')) --[[@as integer]]
end

---Ends the editor, with status 1 where a check failed.
function M.finish()
  io.stdout:write(failed == 0 and 'PASSED\n' or ('FAILED %d: %s\n'):format(failed, vim.inspect(M.told)))
  io.stdout:flush()
  vim.cmd(failed == 0 and 'qall!' or 'cquit 1')
end

---Runs a script; an error in it is a failed check.
function M.run(script)
  local ok, problem = xpcall(script, debug.traceback)
  if not ok then
    M.check(false, problem)
  end
  M.finish()
end

return M
