-- Asks a model, and shows the answer as it comes: nvim --clean -l ask.lua SERVER QUESTION.
package.path = vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(arg[0]))) .. '/?.lua;' .. package.path
local server, question = arg[1], arg[2] or 'Hi'
local function say(text)
  io.write(text, '\n')
end
local client = require('litellm_ls').connect(server)
client:on('provider/didChangeStatus', function(status)
  say('status: ' .. status.message)
end)
say('state: ' .. client:status().state)
local ids = vim.tbl_map(function(model)
  return model.id
end, client:models().models)
say('models: ' .. table.concat(ids, ', '))
if client:supports('provider/countTokens') then
  say('tokens: ' .. client:count({ prompt = question }).tokens)
end
local answer = client:stream({ prompt = question }, function(piece)
  if piece.type == 'text' then
    say('piece: ' .. piece.text)
  end
end)
say('answer: ' .. answer.message.text)
local ok, error = pcall(client.complete, client, { prompt = question, model = 'no-such-model' }) ---@type boolean, any
if not ok then
  say(('error: %s: %s; %s'):format(error.kind, error.message, error.remedy))
end
say('calls: ' .. client:usage().total.calls)
client:close()
