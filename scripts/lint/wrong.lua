-- What the check of types has to find: each line that says so here, and no other.
local protocol = require('litellm.protocol')
local session = require('litellm.session')
local task = require('litellm.task')

-- What Neovim and `vim.uv` take and give.
vim.api.nvim_buf_line_count('a name') -- wrong
vim.api.nvim_no_such_function() -- wrong
print(vim.uv.fs_stat('a file').size) -- wrong: there may be none
vim.uv.no_such_function() -- wrong
vim.tbl_islist({}) -- wrong: deprecated
vim.iter({}):no_such_method() -- wrong

-- Modules of our own.
require('litellm.no_such_module') -- wrong
session.no_such_function() -- wrong
session.money('a price') -- wrong
session.at() -- wrong

-- What the server is asked, and answers.
print(protocol.methods.noSuchMethod) -- wrong
local error, status = task.request(protocol.methods.status, {})
print(error.message) -- wrong: there may be none
print(status.no_such_field) -- wrong
print(status.baseUrl:upper()) -- wrong: there may be none

-- The client that is copied.
local client = require('litellm_ls').connect()
client:models({ limit = 'ten' }) -- wrong
client:no_such_method() -- wrong
print(client.input) -- wrong: its own

---@type litellm.NoSuchType wrong
print(nil)
---@no_such_tag wrong
print(nil)
