-- One question whose answer is written into a buffer. Whatever becomes of the buffer, the answer is not lost.
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local page = require('litellm.page')
local session = require('litellm.session')

local M = {}

---@class litellm.Asking: litellm.Place
---@field before? string written before the answer, with its first piece
---@field after? string written after it
---@field around? litellm.Surroundings where the answer must fit into a text; absent in a chat, which takes all
---@field reasoning? string the line that reasoning begins with, where it is written too, as a quote
---@field escape? fun(piece: string, is_last?: boolean): string makes a piece fit to be written; may hold some of it back
---@field done? fun(result?: litellm.CompleteResult) runs when it is over, however that came

---What is told where the text can't take the answer any more.
local STOPPED = {
  gone = 'the text was closed',
  undone = 'what it was writing was changed',
  changed = 'what it was writing was changed',
}

local BROKEN = 'the answer broke off'

---What is told of an answer that is not whole. None where it is.
---@param result litellm.CompleteResult
---@return string?
local function cut_off(result)
  local reason = result.finishReason
  if reason == 'length' then
    return 'the answer was cut off at its length limit'
  elseif reason == 'contentFilter' then
    return 'the answer was cut off by a content filter'
  elseif reason ~= nil and reason ~= vim.NIL and reason ~= 'stop' then
    return ('the answer was cut off: %s'):format(reason)
  end
end

---Asks, and writes the answer as it comes.
---@param params litellm.CompleteParams
---@param asking litellm.Asking
---@return litellm.Call
function M.write(params, asking)
  local stream, call ---@type litellm.Writer, litellm.Call
  local came, held = {}, ''
  local stopped ---@type litellm.Stopped?
  local outcome ---@type litellm.CompleteResult?
  local reasons = false

  local function text()
    return table.concat(came)
  end

  ---Shows what can't be in the text.
  local function show(why, whole)
    if vim.trim(whole) ~= '' then
      page.show('answer', ('> LiteLLM: %s. This is the answer.\n\n%s'):format(why, whole))
    end
  end

  local function close(cut)
    if stream.written() then
      stream.append((asking.escape and asking.escape('', true) or '') .. (asking.after or ''))
    end
    stream.close(cut)
    if asking.done then
      asking.done(outcome)
    end
  end

  local function append(piece)
    table.insert(came, piece)
    -- Blanks alone replace nothing.
    held = held .. piece
    if stopped or ((reasons or not stream.written()) and vim.trim(held) == '') then
      return
    end
    local begin = reasons and '\n\n' or not stream.written() and asking.before or ''
    reasons = false
    stream.append(begin .. (asking.escape and asking.escape(held) or held))
    held = ''
  end

  ---Writes what a model thinks before it answers.
  local function quote(piece)
    if stopped or vim.trim(text()) ~= '' then
      return
    elseif not reasons then
      stream.append((asking.before or '') .. asking.reasoning .. '\n> ')
    end
    reasons = true
    stream.append((piece:gsub('\n', '\n> ')))
  end

  local function receive(delta)
    if delta.type == 'text' then
      append(delta.text)
    elseif delta.type == 'reasoning' and asking.reasoning then
      quote(delta.text)
    elseif delta.type == 'reasoning' then
      stream.note('thinking …')
    elseif delta.type == 'retry' then
      stream.note(('%s: again in %.1f s …'):format(delta.message, delta.afterMs / 1000))
    end
  end

  ---The end of an answer of which the text may have taken all, or only what came before it was changed.
  local function conclude(cut)
    close(cut)
    if stopped then
      show(STOPPED[stopped], text())
    else
      page.keep('answer', text())
    end
  end

  ---Takes back what was written, and shows the answer beside.
  local function show_beside(reason, fitting)
    stream.restore()
    local write = stream.hold()
    close()
    page.show(
      'answer',
      ('> LiteLLM: %s. `i` here writes it all the same.\n\n%s'):format(reason, text()),
      function()
        if not write(fitting) then
          notify.warn('the text has changed: yank the answer from its page')
        end
      end
    )
    notify.warn(reason)
  end

  ---The end of an answer that came into a text: in it stays what the server finds fit for it.
  local function fit(message, finish_reason, cut)
    require('litellm.fit').judge(asking.around, message, finish_reason, function(verdict)
      if verdict.type == 'nothing' then
        stream.restore()
        close()
        notify.warn(verdict.reason)
      elseif verdict.type == 'write' then
        stream.settle(verdict.text)
        conclude(cut)
      elseif finish_reason ~= 'stop' and stream.written() then
        conclude(verdict.reason)
        if cut ~= BROKEN then
          notify.warn(verdict.reason)
        end
      elseif stopped then
        conclude()
      else
        show_beside(verdict.reason, verdict.text)
      end
    end)
  end

  ---The answer, or the part of it that came, is here.
  local function settle(error, result)
    local answer = result or vim.tbl_get(error or {}, 'data', 'partial')
    outcome = result
    if answer then
      -- The result is the truth, the deltas were a preview.
      append(answer.message.text:sub(#text() + 1))
      session.count(answer)
    end
    if error then
      notify.error(error)
    end
    local cut = error and BROKEN or cut_off(result)
    if asking.around and not stopped and (answer or text() ~= '') then
      fit(answer and answer.message or { text = text() }, result and result.finishReason, cut)
    elseif error then
      conclude(cut)
    elseif result.message.refusal then
      stream.restore()
      close()
      notify.warn('the model refused: ' .. result.message.refusal)
    elseif vim.trim(text()) == '' then
      close()
      notify.warn(cut and cut .. ', before it began' or 'the model answered with nothing')
    else
      conclude(cut)
      if cut then
        notify.warn(cut)
      end
    end
  end

  stream = require('litellm.stream').open(asking, function(why)
    stopped = why
    if why == 'changed' then
      -- It is being paid for: the rest comes, too, and then all of it is shown.
      return notify.warn('the text has changed: the answer is shown as a page when it is here')
    end
    call.cancel()
    page.keep('answer', text())
    if why == 'gone' then
      show(STOPPED.gone, text())
    end
    notify.warn('stopped: ' .. STOPPED[why] .. (text() ~= '' and '; `:LiteLLM last` shows what came' or ''))
  end)
  call = require('litellm.client').request(protocol.methods.complete, params, settle, receive, function()
    page.keep('answer', text())
    close('cancelled')
  end)
  return call
end

return M
