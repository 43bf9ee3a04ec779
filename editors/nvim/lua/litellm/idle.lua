-- Runs what changes a text while Neovim holds no line of it. While it asks, completes, waits for a motion or repeats a
-- block, it goes on at the numbers that it had before, which mean other lines once some were written above.
local M = {}

---How often it is looked whether Neovim is amid something, in milliseconds.
local EACH_MS = 20

---The modes in which it holds nothing.
local IDLE = { n = true, i = true, t = true, nt = true }

---What waits, the oldest first.
---@type fun()[]
local waiting = {}

---Whether what is typed is put into each line of a block when insert mode ends.
local is_block = false

vim.api.nvim_create_autocmd('ModeChanged', {
  group = vim.api.nvim_create_augroup('litellm.idle', {}),
  callback = function()
    local old, new = vim.v.event.old_mode, vim.v.event.new_mode
    if (new or ''):find('^i') then
      is_block = is_block or old == '\22'
    else
      is_block = false
    end
  end,
})

---Whether Neovim is amid nothing that knows a line of a text.
---@return boolean
function M.is_idle()
  -- Before Neovim has begun to read keys, as in scripts, it is amid none.
  local is_amid = vim.v.vim_did_enter == 1 and vim.fn.state('moaS') ~= ''
  return IDLE[vim.api.nvim_get_mode().mode] == true and not is_amid and not is_block
end

local function run_waiting()
  while #waiting > 0 and M.is_idle() do
    local ok, problem = pcall(table.remove(waiting, 1))
    if not ok then
      vim.schedule(function()
        error(problem, 0)
      end)
    end
  end
  if #waiting > 0 then
    vim.defer_fn(run_waiting, EACH_MS)
  end
end

---Runs a function as soon as Neovim is amid nothing, at once if it can; one after the other.
---@param run fun()
function M.run(run)
  if #waiting == 0 and M.is_idle() then
    return run()
  end
  table.insert(waiting, run)
  if #waiting == 1 then
    vim.defer_fn(run_waiting, EACH_MS)
  end
end

return M
