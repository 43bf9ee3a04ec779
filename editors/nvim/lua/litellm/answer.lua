-- One question whose answer is written into a buffer.
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local session = require('litellm.session')

local M = {}

---@class litellm.Asking: litellm.Place
---@field before? string written before the answer, with its first piece
---@field after? string written after it
---@field done? fun() runs when it is over, however that came

---Asks, and writes the answer as it comes.
---@param params litellm.CompleteParams
---@param asking litellm.Asking
function M.write(params, asking)
  local stream, call ---@type litellm.Writer, litellm.Call
  local received = 0

  local function close()
    if stream.written() and asking.after then
      stream.append(asking.after)
    end
    stream.close()
    if asking.done then
      asking.done()
    end
  end

  local function append(text)
    if text ~= '' then
      stream.append((stream.written() and '' or asking.before or '') .. text)
      received = received + #text
    end
  end

  local function receive(delta)
    if delta.type == 'text' then
      append(delta.text)
    elseif delta.type == 'reasoning' then
      stream.note('thinking …')
    elseif delta.type == 'retry' then
      stream.note(('%s: again in %.1f s …'):format(delta.message, delta.afterMs / 1000))
    end
  end

  stream = require('litellm.stream').open(asking, function(why)
    call.cancel()
    if why then
      notify.warn('stopped: ' .. why)
    end
  end)
  call = require('litellm.client').request(protocol.methods.complete, params, function(error, result)
    local answer = result or vim.tbl_get(error or {}, 'data', 'partial')
    if answer then
      -- The result is the truth, the deltas were a preview.
      append(answer.message.text:sub(received + 1))
      session.count(answer)
    end
    close()
    if error then
      notify.error(error)
    elseif result.message.refusal then
      notify.warn('the model refused: ' .. result.message.refusal)
    elseif result.message.text == '' then
      notify.warn('the model answered with nothing')
    elseif result.finishReason == 'length' then
      notify.warn('the answer was cut off at its length limit')
    end
  end, receive, close)
end

return M
