-- `:LiteLLM install`: brings the program from npm, PyPI or crates.io into a folder of the plugin, after asking.
local binary = require('litellm.binary')
local calls = require('litellm.calls')
local notify = require('litellm.notify')
local plain = require('litellm.plain')
local task = require('litellm.task')
local t = require('litellm.language').t

local M = {}

---The version that belongs to this plugin.
local VERSION = '0.1.0'

---How often a line of progress is shown.
local EACH_MS = 500

---@class litellm.Way
---@field title string
---@field tools string[] one of these is needed
---@field words fun(folder: string): string[] what follows the tool

---What pip installs by, and uv's pip too: a program that is built already, and nothing else.
local function by_pip(folder)
  local built = { '--no-deps', '--only-binary', ':all:' }
  return { 'install', unpack(vim.list_extend(built, { '--target', folder, 'litellm-ls==' .. VERSION })) }
end

---@type litellm.Way[]
local WAYS = {
  {
    title = t('from npm'),
    tools = { 'npm' },
    words = function(folder)
      local quiet = { '--ignore-scripts', '--no-audit', '--no-fund', '--no-save' }
      return { 'install', '--prefix', folder, unpack(vim.list_extend(quiet, { 'litellm-ls@' .. VERSION })) }
    end,
  },
  {
    title = t('from PyPI, by uv'),
    tools = { 'uv' },
    words = function(folder)
      return { 'pip', unpack(by_pip(folder)) }
    end,
  },
  {
    title = t('from PyPI, by pip'),
    tools = { 'pip3', 'pip' },
    words = by_pip,
  },
  {
    title = t('from crates.io, by cargo, which compiles it for some minutes'),
    tools = { 'cargo' },
    words = function(folder)
      return { 'install', '--locked', '--root', folder, 'litellm-ls@' .. VERSION }
    end,
  },
}

---The first tool of a way that is there.
---@param way litellm.Way
---@return string?
local function tool(way)
  return vim.iter(way.tools):find(function(name)
    return vim.fn.executable(name) == 1
  end)
end

---Asks how it shall be installed. None where it shall not.
---@param installed boolean
---@return litellm.Way|'remove'|nil
local function choose(installed)
  local rows = {} ---@type { title: string, takes?: litellm.Way|'remove' }[]
  for _, way in ipairs(WAYS) do
    if tool(way) then
      table.insert(rows, { title = way.title, takes = way })
    end
  end
  if #rows == 0 and not installed then
    notify.warn(
      t('none of npm, uv, pip and cargo is there to install it with: docs/install.md has other ways')
    )
    return
  end
  if installed then
    table.insert(rows, { title = t('remove the one that is installed'), takes = 'remove' })
  end
  table.insert(rows, { title = t('install nothing') })
  local chosen = task.select(rows, {
    prompt = t('Install litellm-ls {0} into {1}: ', VERSION, vim.fn.fnamemodify(binary.folder(), ':~')),
    -- A hasty <CR> does nothing.
    at = #rows,
    format_item = function(row)
      return row.title
    end,
  })
  return chosen and chosen.takes
end

---Shows the newest line that a tool has printed, now and then.
---@return fun(_, data?: string)
local function progress()
  local last, rest = 0, ''
  return function(_, data)
    local lines = vim.split(rest .. (data or ''), '[\r\n]+')
    rest = table.remove(lines)
    local line = vim.iter(lines):rfind(function(text)
      return vim.trim(text) ~= ''
    end)
    local now = vim.uv.now()
    if line and now - last >= EACH_MS then
      last = now
      vim.schedule(function()
        local text = plain.short('LiteLLM: ' .. plain.line(vim.trim(line)), vim.v.echospace)
        vim.api.nvim_echo({ { text } }, false, {})
      end)
    end
  end
end

---Runs a tool. None where that is cancelled.
---@param command string[]
---@param show? fun(_, data?: string)
---@return { code: integer, text: string }?
local function run(command, show)
  return (
    task.wait(function(done)
      local process ---@type vim.SystemObj?
      local call = calls.begin(
        function(_, result)
          done(result)
        end,
        nil,
        function()
          if process then
            process:kill('sigterm')
          end
          done(nil)
        end
      )
      local printed = {}
      local function take(_, data)
        table.insert(printed, data)
        if show then
          show(_, data)
        end
      end
      ---@type vim.SystemOpts
      local options = { text = true, stdin = false, stdout = take, stderr = take }
      local ran, problem = pcall(function()
        process = vim.system(command, options, function(result)
          vim.schedule(function()
            call.finish(nil, { code = result.code, text = table.concat(printed) })
          end)
        end)
      end)
      if not ran then
        call.finish(nil, { code = -1, text = tostring(problem) })
      end
    end)
  )
end

---What a tool said last, for whoever wants to know why it failed.
---@param text string
---@return string
local function last_lines(text)
  local lines = vim.tbl_filter(function(line)
    return vim.trim(line) ~= ''
  end, vim.split(text, '[\r\n]+'))
  return table.concat(vim.list_slice(lines, math.max(1, #lines - 2)), '\n')
end

---Has Neovim start the program from now on, for buffers that are open too.
local function use()
  -- What Neovim has worked out before names the program that was not there.
  vim.lsp.config('litellm', {})
  if vim.lsp.is_enabled('litellm') then
    vim.lsp.enable('litellm')
  end
end

---@param way litellm.Way
local function install(way)
  local folder = binary.folder()
  local fresh = folder .. '.new'
  vim.fn.delete(fresh, 'rf')
  vim.fn.mkdir(fresh, 'p')
  notify.info(t('installing litellm-ls {0}; `:LiteLLM cancel` ends that', way.title))
  local command = vim.list_extend({ assert(tool(way)) }, way.words(fresh))
  local result = run(command, progress())
  local program = result and result.code == 0 and binary.installed(fresh)
  local runs = program and run({ program, '--version' })
  if not (runs and runs.code == 0) then
    vim.fn.delete(fresh, 'rf')
    if not result or (program and not runs) then
      return notify.info(t('nothing was installed'))
    end
    notify.note(result.text)
    return notify.error({
      code = 0,
      message = t('litellm-ls was not installed: {0}', last_lines(runs and runs.text or result.text)),
      data = { remedy = t('`:LiteLLM log` has the rest; `:LiteLLM install` offers other ways') },
    })
  end
  local old = folder .. '.old'
  vim.fn.delete(old, 'rf')
  vim.uv.fs_rename(folder, old)
  local moved, problem = vim.uv.fs_rename(fresh, folder)
  if not moved then
    vim.uv.fs_rename(old, folder)
    vim.fn.delete(fresh, 'rf')
    return notify.error({ code = 0, message = t('litellm-ls was not installed: {0}', problem or '') })
  end
  vim.fn.delete(old, 'rf')
  use()
  local version = vim.trim(runs.text)
  notify.info(t('{0} is installed: `:LiteLLM configure` asks where the proxy is', plain.line(version)))
end

---Installs the program where there is none, or another in the place of the one that was installed here.
function M.run()
  task.start(function()
    local installed = binary.installed(binary.folder())
    local found = binary.find()
    if found and found[1] ~= installed then
      return notify.info(t('{0} is there already, and is used', vim.fn.exepath(found[1])))
    end
    local way = choose(installed ~= nil)
    if way == 'remove' then
      vim.fn.delete(binary.folder(), 'rf')
      notify.info(t('litellm-ls is removed from {0}', vim.fn.fnamemodify(binary.folder(), ':~')))
    elseif way then
      install(way)
    end
  end)
end

return M
