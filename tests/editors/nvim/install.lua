-- `:LiteLLM install`: nothing without a yes; what the user chose is asked, its progress is shown, and the program is found.
-- Scripts in the place of npm, uv and cargo stand before all else in PATH; pip is the real one, with a wheel of this test.
local t = dofile(assert(vim.env.LITELLM_TEST_SUPPORT))
local binary = require('litellm.binary')

local function installed()
  return vim.fn.isdirectory(binary.folder()) == 1
end

---Installs by the row with this text, and waits until the user was told something.
local function install(row, told)
  t.told = {}
  t.user({ row })
  vim.cmd.LiteLLM('install')
  t.tells(told)
end

---Asks the program itself, as the plugin does at each command.
local function answers()
  local result ---@type table?
  require('litellm.client').request('provider/listProfiles', {}, function(error, profiles)
    result = { error, profiles }
  end)
  t.wait(function()
    return result ~= nil
  end, 'the server answers')
  return assert(result)[1] == nil
end

t.equal(binary.find(), nil, 'there is no program at first')
t.user({})
vim.cmd.LiteLLM('status')
t.tells(':LiteLLM install')

-- Nothing without a yes.
t.user({ 'install nothing' })
vim.cmd.LiteLLM('install')
t.wait(function()
  return #t.seen == 1
end, 'the user is asked')
t.check(t.seen[1]:find('litellm/program', 1, true), 'and told where it goes')
t.equal(
  vim.tbl_map(function(line)
    return line:match('from %a+') or line
  end, t.lines),
  { 'from npm', 'from PyPI', 'from PyPI', 'from crates', 'install nothing' },
  'the ways that are there are offered'
)
t.check(not installed(), 'nothing is installed without a yes')
t.equal(vim.fn.filereadable(vim.env.LITELLM_TEST_RAN), 0, 'and no tool was run')

-- A way that fails, and one that is cancelled, leave nothing.
install('crates.io', 'no such crate today')
t.check(not installed(), 'what failed has left nothing')
install('by uv', 'installing litellm-ls')
t.wait(function()
  return vim.fn.filereadable(vim.env.LITELLM_TEST_RAN) == 1
    and vim.fn.readfile(vim.env.LITELLM_TEST_RAN)[2] ~= nil
end, 'uv runs')
local uv = vim.fn.readfile(vim.env.LITELLM_TEST_RAN)[2]
t.equal(require('litellm.session').running, 1, 'the status line knows that something runs')
vim.cmd.LiteLLM('cancel')
t.tells('nothing was installed')
t.wait(function()
  return vim.uv.kill(tonumber(uv) --[[@as integer]], 0) ~= 0
end, 'the tool is ended')
t.check(not installed(), 'what was cancelled has left nothing')

-- From PyPI, by the real pip.
vim.lsp.enable('litellm')
install('by pip', 'is installed')
t.check(assert(binary.find())[1]:find(binary.folder(), 1, true) == 1, 'the plugin finds the program')
t.check(answers(), 'and starts it')
t.wait(function()
  vim.cmd.edit(vim.fn.tempname() .. '.txt')
  return #vim.lsp.get_clients({ bufnr = 0, name = 'litellm' }) == 1
end, 'for the next buffers too')

-- Another in its place, from npm: its own program, not the script before it.
install('from npm', 'is installed')
t.check(assert(binary.find())[1]:find('litellm%-ls%-linux%-x64/bin/') ~= nil, 'the program of npm is found')
t.check(t.seen[1] ~= nil and #t.lines == 6, 'what is installed can be removed')

install('remove', 'is removed')
t.check(not installed() and binary.find() == nil, 'and is')

-- Of one that is there already none is made.
vim.env.PATH = vim.env.LITELLM_TEST_SERVER .. ':' .. vim.env.PATH
t.told = {}
t.user({})
vim.cmd.LiteLLM('install')
t.tells('is there already')
t.finish()
