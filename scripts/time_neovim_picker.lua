-- How long Neovim's picker takes with 2,500 models: to open once the list is there, and for each key of its filter.
--
--     nvim -l scripts/time_neovim_picker.lua [MODELS]
--
-- A second Neovim with a terminal of 120 × 40 cells runs the plugin; a key is timed until the screen is drawn anew.
local MODELS = tonumber(_G.arg[1]) or 2500
local FILTERS = { 'claude sonnet', 'gpt-5 mini', 'model-1', 'zzzz qq' }
local script = vim.fs.abspath(assert(debug.getinfo(1, 'S')).source:sub(2))
local plugin = vim.fs.joinpath(vim.fs.dirname(vim.fs.dirname(script)), 'editors/nvim')

local socket = vim.fn.tempname()
local terminal = vim.fn.jobstart(
  { vim.v.progpath, '--clean', '--listen', socket },
  { pty = true, width = 120, height = 40, env = { TERM = 'xterm-256color' } }
)
local connected, child ---@type boolean, any
vim.wait(5000, function()
  connected, child = pcall(vim.fn.sockconnect, 'pipe', socket, { rpc = true })
  return connected and child > 0
end)
local function run(code, ...)
  return vim.rpcrequest(child, 'nvim_exec_lua', code, { ... })
end

run(
  [[
  local plugin, count = ...
  vim.opt.runtimepath:prepend(plugin)
  vim.cmd.runtime('plugin/litellm.lua')
  local families = { 'claude-sonnet-4', 'gpt-5-mini', 'gemini-2.5-pro', 'mistral-large', 'model' }
  local models = {}
  for number = 1, count do
    local vendor = ({ 'anthropic', 'openai', 'google', 'mistral', 'other' })[number % 5 + 1]
    models[number] = {
      id = ('%s/%s-%d'):format(vendor, families[number % 5 + 1], number),
      summary = {
        context = '200k',
        output = '64k',
        price = '$3 / $15',
        abilities = { 'tools', 'vision', 'reasoning', 'cache' },
        vendor = vendor,
        line = '200k context · $3 / $15',
        notice = number % 9 == 0 and 'retires in 15 d' or nil,
      },
    }
  end
  -- The list is there: only what Neovim does is measured.
  require('litellm.client').request = function(_, _, done)
    done(nil, { models = models, warnings = {}, defaultModel = models[1].id })
  end
]],
  plugin,
  MODELS
)

---What the filter holds, once the screen shows what it leaves.
local function typed()
  return run([[
    vim.cmd.redraw()
    return vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]
  ]])
end

local function milliseconds(begun)
  return (vim.uv.hrtime() - begun) / 1e6
end

local opening, keys = {}, {}
for _, filter in ipairs(FILTERS) do
  local opened = run([[
    local begun = vim.uv.hrtime()
    require('litellm.models').run('', false)
    vim.cmd.redraw()
    return (vim.uv.hrtime() - begun) / 1e6
  ]])
  table.insert(opening, opened)
  for length = 1, #filter do
    local begun = vim.uv.hrtime()
    vim.rpcrequest(child, 'nvim_input', filter:sub(length, length))
    repeat
      local now = typed()
    until now == filter:sub(1, length) or milliseconds(begun) > 5000
    table.insert(keys, milliseconds(begun))
  end
  vim.rpcrequest(child, 'nvim_input', '<C-c>')
  run([[vim.wait(50)]])
end
vim.fn.jobstop(terminal)

local function told(what, bar, times)
  table.sort(times)
  local middle, worst = times[math.ceil(#times / 2)], times[#times]
  io.stdout:write(
    ('%-34s %d models: %5.1f ms, at worst %5.1f ms (bar %d ms)\n'):format(what, MODELS, middle, worst, bar)
  )
end
told('the list is there → the picker', 100, opening)
told('a key → its matches are drawn', 16, keys)
