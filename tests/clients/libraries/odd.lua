-- What is no JSON costs its request alone, and what is no server is told: nvim --clean -l odd.lua FOLDER SERVER NO-SERVER….
package.path = arg[1] .. '/?.lua;' .. package.path
local connect = require('litellm_ls').connect
local client = connect(arg[2])
for _, params in ipairs({ { prompt = print }, { seed = 0 / 0, prompt = function() end } }) do
  io.write(tostring(pcall(client.complete, client, params --[[@as any]])), '\n')
end
io.write(client:usage().total.calls, '\n')
client:close()
for place = 3, #arg do
  local _, problem = pcall(connect, arg[place])
  io.write(tostring(problem), '\n')
end
