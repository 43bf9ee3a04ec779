---@meta
-- luacheck: ignore
-- What Neovim 0.11's own types say more loosely than its manual, for the check of types.

---@class IterMod
---@overload fun(...): Iter

---@class vim.lsp.Client
---@field offset_encoding 'utf-8'|'utf-16'|'utf-32'
---@field server_capabilities lsp.ServerCapabilities

---@class vim.v.event
---@field old_mode? string
---@field new_mode? string

---@class vim.SystemOpts
---@field stdin? string|string[]|boolean

---@param window integer
---@return [integer, integer] row from 1, column from 0
function vim.api.nvim_win_get_cursor(window) end
