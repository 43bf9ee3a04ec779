-- The latest answers on the disk: `:LiteLLM last` has them whatever ends Neovim, also amid one.
local store = require('litellm.chat.store')
local t = require('litellm.language').t

local M = {}

---How many are kept, and how often one is while it comes, in milliseconds.
local MOST, EACH_MS = 20, 1000

---@class litellm.KeptAnswer
---@field soon fun() keeps what has come within a second
---@field now fun() keeps it
---@field over fun(cut?: string) keeps all of it, or what came and why that is not all

---The answers that are kept within a second, each with the timer that does so.
---@type table<litellm.KeptAnswer, uv.uv_timer_t>
local waiting = {}

---What is told of an answer amid which Neovim ended.
local ENDED = t('cut off: Neovim ended before the answer did')

---@return string
local function folder()
  return vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'litellm', 'answers')
end

---What `new_file` calls one; whatever else lies there is somebody else's.
local NAME = '^%d%d%d%d%-%d%d%-%d%d%-%d%d%d%d%d%d%-%d%d%d%d%d%d%-%d+%.md$'

---The files of the answers, the oldest first.
---@return string[]
local function files()
  local names = vim.iter(vim.fs.dir(folder())):filter(function(name)
    return name:find(NAME) ~= nil
  end)
  local paths = names
    :map(function(name)
      return vim.fs.joinpath(folder(), name)
    end)
    :totable()
  table.sort(paths)
  return paths
end

---A file for one more; the oldest ones make room for it.
---@return string
local function new_file()
  local paths = files()
  for number = 1, #paths - MOST + 1 do
    vim.uv.fs_unlink(paths[number])
  end
  local seconds, rest = vim.uv.gettimeofday()
  local time = os.date('!%Y-%m-%d-%H%M%S', seconds)
  return vim.fs.joinpath(folder(), ('%s-%06d-%d.md'):format(time, rest, vim.fn.getpid()))
end

---Keeps an answer.
---@param text fun(): string what has come of it
---@return litellm.KeptAnswer
function M.answer(text)
  local path, kept ---@type string?, string?
  local this = {}
  local function keep(cut)
    local timer = waiting[this]
    waiting[this] = nil
    if timer and not timer:is_closing() then
      timer:close()
    end
    local come = text()
    if vim.trim(come) == '' then
      return
    end
    come = cut and t('> LiteLLM: {0}. This is what came.', cut) .. '\n\n' .. come or come
    if come == kept then
      return
    end
    local is_first = path == nil
    path, kept = path or new_file(), come
    local problem = store.write(path, come)
    if problem and is_first then
      require('litellm.notify').warn(t('the answer can not be kept: {0}', problem))
    end
  end
  function this.now()
    keep(ENDED)
  end
  this.over = keep
  function this.soon()
    waiting[this] = waiting[this]
      or vim.defer_fn(function()
        -- It may have ended after the timer had run out.
        if waiting[this] then
          this.now()
        end
      end, EACH_MS)
  end
  return this
end

---The latest answer that is kept. None before one is.
---@return string?
function M.last()
  local paths = files()
  local file = #paths > 0 and io.open(paths[#paths], 'rb')
  if not file then
    return nil
  end
  local text = file:read('*a')
  file:close()
  return text
end

vim.api.nvim_create_autocmd('VimLeavePre', {
  group = vim.api.nvim_create_augroup('litellm.kept', {}),
  callback = function()
    for answer in pairs(waiting) do
      answer.now()
    end
  end,
})

return M
