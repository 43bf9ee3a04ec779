-- Gives an answer up and says what had come, then loses its server: nvim --clean -l cancel.lua FOLDER SERVER.
package.path = arg[1] .. '/?.lua;' .. package.path
local client = require('litellm_ls').connect(arg[2])
local told
client:on('provider/didChangeUsage', function(usage)
  told = usage.total.calls
end)
client:usage({ watch = true })
local given, id ---@type any, integer
id = client:stream({ model = 'gpt', prompt = 'Hi' }, function()
  client:cancel(id)
end, function(error)
  given = error
end)
assert(vim.wait(30000, function()
  return given and told
end))
io.write(table.concat({ given.code, given.kind, given.partial.message.text, told }, ' '), '\n')
---@type boolean, any
local _, wrong = pcall(client.configure, client, { baseURL = 'x' })
io.write(wrong.kind, ' ', wrong.data.problems[1].nearest, '\n')
client:close()
---@type boolean, any
local _, gone = pcall(client.status, client)
io.write(gone.message, '\n')
