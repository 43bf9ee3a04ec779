-- One question whose answer is written into a buffer. Whatever becomes of the buffer, the answer is not lost.
local idle = require('litellm.idle')
local protocol = require('litellm.protocol')
local notify = require('litellm.notify')
local page = require('litellm.page')
local session = require('litellm.session')
local told = require('litellm.told')
local t = require('litellm.language').t

local M = {}

---@class litellm.Asking: litellm.Place
---@field before? string written before the answer, with its first piece
---@field after? string written after it
---@field edit? boolean whether the question is `provider/edit`, whose result says what becomes of the answer
---@field whole? boolean whether nothing is written before all of it is here
---@field is_message? boolean whether it is written where it would be a page or a diff, too, without its outer blanks
---@field earlier? litellm.Earlier the answer in whose place it comes
---@field silent? boolean whether nothing of it is written into the text, for it is to be read in a page
---@field note? string what is shown at the place until something comes
---@field retry? fun(earlier: litellm.Earlier) asks the same again
---@field reasoning? string the line that reasoning begins with, where it is written too, as a quote
---@field escape? fun(piece: string, is_last?: boolean): string makes a piece fit to be written; may hold some of it back
---@field came? fun() runs whenever more of it has come
---@field opened? fun(writer: litellm.Writer) runs at its begin
---@field done? fun(result?: litellm.CompleteResult, cut?: string) runs when it is over, however that came

---Asks, and writes the answer as it comes.
---@param params litellm.CompleteParams|litellm.EditParams
---@param asking litellm.Asking
---@return litellm.Call
function M.write(params, asking)
  local stream, call, saving ---@type litellm.Writer, litellm.Call, integer
  local came, held = {}, ''
  local stopped ---@type litellm.Stopped?
  local outcome ---@type litellm.CompleteResult?
  local reasons, thought_ends = false, require('litellm.plain').line_ends()
  local coming = asking.silent and page.come('answer') or nil

  local function text()
    return table.concat(came)
  end
  -- A chat keeps its own, but for one that is a file of the user's.
  local is_kept_elsewhere = asking.own and vim.bo[asking.buffer].buftype ~= ''
  local kept = not is_kept_elsewhere and require('litellm.kept').answer(text) or nil

  ---@param whole string
  ---@param insert? fun()
  local function show_page(whole, insert)
    if coming then
      coming.finish(whole, insert)
    else
      page.show('answer', whole, insert)
    end
  end

  ---Shows what can't be in the text.
  local function show(why, whole)
    if vim.trim(whole) ~= '' then
      show_page(t('> LiteLLM: {0}. This is the answer.', why) .. '\n\n' .. whole)
    end
  end

  local decided ---@type fun()?
  local function close(cut)
    if stream.written() then
      stream.append((asking.escape and asking.escape('', true) or '') .. (asking.after or ''))
    end
    stream.close(cut, select(2, (asking.after or ''):gsub('\n', '')))
    if decided then
      decided()
    end
    pcall(vim.api.nvim_del_autocmd, saving)
    if kept then
      kept.over(cut)
    end
    if asking.done then
      asking.done(outcome, not stopped and cut or nil)
    end
  end

  local function append(piece)
    table.insert(came, piece)
    if kept then
      kept.soon()
    end
    -- Blanks alone replace nothing.
    held = held .. piece
    if coming then
      return coming.append(piece)
    elseif asking.whole then
      return
    elseif stopped or ((reasons or not stream.written()) and vim.trim(held) == '') then
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
    stream.append((thought_ends(piece):gsub('\n', '\n> ')))
  end

  local function receive(delta)
    if asking.came and (delta.type == 'text' or delta.type == 'reasoning') then
      asking.came()
    end
    if delta.type == 'text' then
      append(delta.text)
    elseif delta.type == 'reasoning' and asking.reasoning then
      quote(delta.text)
    elseif delta.type == 'reasoning' then
      stream.note(t('thinking …'))
    elseif delta.type == 'retry' then
      stream.note(t('{0}: again in {1} s …', delta.message, ('%.1f'):format(delta.afterMs / 1000)))
    end
  end

  ---The end of an answer of which the text may have taken all, or only what came before it was changed.
  local function conclude(cut)
    local is_written = stream.written()
    close(cut)
    if stopped or not is_written then
      show(stopped and told.STOPPED[stopped] or cut or told.BROKEN, text())
    else
      page.keep('answer', text())
    end
  end

  ---Takes back what was written, and shows the answer beside.
  local function show_beside(reason, fitting, cut)
    stream.restore()
    local write = stream.hold()
    close(cut)
    show_page(t('> LiteLLM: {0}. `i` here writes it all the same.', reason) .. '\n\n' .. text(), function()
      if not write(fitting) then
        notify.warn(t('the text has changed: yank the answer from its page'))
      end
    end)
    notify.warn(reason)
  end

  ---Leaves what was written in the text, as a diff to decide about where the user wants that.
  ---@param about string what is said below the diff
  ---@param result? litellm.EditResult none where it broke off
  ---@param cut? string why it is not all
  local function leave(about, result, cut)
    local preview = not asking.is_message and (result or {}).preview
    if preview == nil then
      preview = require('litellm.config').get().edits ~= 'at once'
    end
    local earlier = asking.earlier
    local region, original = nil, nil
    if not stopped then
      region, original = stream.region()
    end
    conclude(cut)
    if earlier and not stopped then
      earlier.over()
    end
    if region and original and not stopped and preview then
      original = earlier and earlier.original or original
      require('litellm.review').begin(asking.buffer, region, original, about, asking.retry)
    end
  end

  ---Leaves an answer that fits.
  local function write(result)
    if asking.earlier and not asking.earlier.is_open() then
      close()
      return show(t('what it was to replace was decided about'), text())
    end
    stream.settle(asking.is_message and vim.trim(result.newText) or result.newText)
    leave(told.about(result), result)
  end

  ---The end of an answer about a place in a text: the server says what becomes of it.
  local function place(result, cut)
    if stopped then
      conclude()
    elseif result.place == 'replace' or result.place == 'insert' then
      write(result)
    elseif asking.is_message and result.place == 'page' and not (cut or result.reason) then
      write(result)
    elseif result.place == 'none' then
      stream.restore()
      close()
      notify.warn(result.reason or t('the model answered with nothing'))
    elseif cut and stream.written() then
      stream.settle(result.newText)
      leave(told.about(result), result, cut)
      notify.warn(cut)
    elseif result.reason and coming then
      close(cut)
      show(result.reason, text())
      notify.warn(result.reason)
    elseif result.reason then
      show_beside(result.reason, result.newText, cut)
    else
      close()
      show_page(result.newText)
      notify.info(told.about(result))
    end
  end

  ---What came, whole or not.
  local function answer_of(error, result)
    return result or vim.tbl_get(error or {}, 'data', 'partial')
  end

  ---Does with all that came what is to be done with it.
  local function settle(error, result)
    local answer = answer_of(error, result)
    outcome = result
    if answer then
      session.count(answer)
      notify.note(t('answered: {0}', told.about(answer)))
    end
    if error then
      notify.error(error)
    end
    local cut = error and told.BROKEN or told.cut_off(result)
    if result and asking.edit then
      place(result, cut)
    elseif error and coming then
      close()
      show(cut, text())
    elseif error and asking.edit and stream.written() then
      leave(answer and told.about(answer) or cut, nil, cut)
    elseif error then
      conclude(cut)
    elseif result.message.refusal then
      stream.restore()
      close()
      notify.warn(t('the model refused: {0}', result.message.refusal))
    elseif vim.trim(text()) == '' then
      close()
      notify.warn(cut and t('{0}, before it began', cut) or t('the model answered with nothing'))
    else
      conclude(cut)
      if cut then
        notify.warn(cut)
      end
    end
  end

  stream = require('litellm.stream').open(asking, function(why)
    if coming then
      -- A page needs no text.
      return
    end
    stopped = why
    if why == 'changed' or why == 'fixed' then
      -- It is being paid for: the rest comes, too, and then all of it is shown.
      local what = why == 'changed' and t('the text has changed') or told.STOPPED.fixed
      return notify.warn(t('{0}: the answer is shown as a page when it is here', what))
    end
    call.cancel()
    page.keep('answer', text())
    if why == 'gone' then
      show(told.STOPPED.gone, text())
    end
    local stop = t('stopped: {0}', told.STOPPED[why])
    notify.warn(text() ~= '' and t('{0}; `:LiteLLM last` shows what came', stop) or stop)
  end)
  if asking.opened then
    asking.opened(stream)
  end
  saving = vim.api.nvim_create_autocmd('BufWritePost', {
    buffer = asking.buffer,
    callback = function()
      if not coming and stream.written() then
        notify.warn(t('saved amid an answer: the file has what came of it; save it again when that is over'))
      end
    end,
  })
  if asking.note then
    stream.note(asking.note)
  end
  local method = asking.edit and protocol.methods.edit or protocol.methods.complete
  ---The answer, or the part of it that came, is here. It is kept though it may have to wait.
  local function finish(error, result)
    local answer = answer_of(error, result)
    if answer then
      -- The result is the truth, the deltas were a preview.
      append(answer.message.text:sub(#text() + 1))
    end
    if kept then
      kept.over(error and told.BROKEN or told.cut_off(result))
    end
    idle.run(function()
      settle(error, result)
    end)
  end
  local function cancelled()
    idle.run(function()
      close(t('cancelled: its cost is unknown'))
      if coming and text() ~= '' then
        show_page(t('> LiteLLM: cancelled. This is what came of it.') .. '\n\n' .. text())
      else
        page.keep('answer', text())
      end
    end)
  end
  call = require('litellm.client').request(method, params, finish, receive, cancelled)
  if asking.edit and not asking.silent and not asking.earlier then
    decided = require('litellm.review').coming(asking.buffer, function()
      stream.restore()
      call.cancel()
      local ended = t('ended and taken back')
      notify.info(text() ~= '' and t('{0}; `:LiteLLM last` shows what came', ended) or ended)
    end)
  end
  return call
end

return M
