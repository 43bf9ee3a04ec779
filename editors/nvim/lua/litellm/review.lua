-- What a model has written into a text, shown as a diff until the user accepts it or takes it back.
local plain = require('litellm.plain')
local t = require('litellm.language').t

local M = {}

---@class litellm.Review
---@field buffer integer
---@field held litellm.Held the region that was written
---@field before string[] the whole lines that stood there, with what is beside the region
---@field original string what stood in the region
---@field answer? string what was written there
---@field begins_line boolean whether it began its line
---@field ends_line boolean whether it ended its line
---@field about string what is known of the answer: its model and cost
---@field retry? fun(earlier: litellm.Earlier)

---An answer that stands in a text and waits for a decision, while another is asked for.
---@class litellm.Earlier
---@field range litellm.Range where it stands
---@field original string what stood there before it
---@field is_open fun(): boolean whether nothing was decided about it yet
---@field over fun() forgets it, as another has taken its place

---@type litellm.Review[]
local reviews = {}

---An answer that is being written, and what ends it and takes it back.
---@class litellm.Rejectable
---@field buffer integer
---@field reject fun()

---@type litellm.Rejectable[]
local coming = {}

---Key and what it does, while there is something to decide in a buffer.
local KEYS = {
  { lhs = 'ga', word = t('accept'), run = 'accept' },
  { lhs = 'gX', word = t('reject'), run = 'reject' },
  { lhs = 'gR', word = t('retry'), run = 'retry' },
}

local OWN_GONE = t('what you changed in the answer went with it: undo brings it back')

---The keys that were there before, by buffer.
---@type table<integer, table<string, table|false>>
local covered = {}

---Where what was written stands now, whatever was changed in it. None where it was taken out.
---@param review litellm.Review
---@return litellm.Range?
local function region(review)
  return review.held.place()
end

---@param review litellm.Review
---@return string?
local function written(review)
  local at = region(review)
  return at and table.concat(vim.api.nvim_buf_get_text(review.buffer, at[1], at[2], at[3], at[4], {}), '\n')
end

---@param buffer integer
---@return litellm.Review[]
local function of_buffer(buffer)
  return vim.tbl_filter(function(review)
    return review.buffer == buffer
  end, reviews)
end

---@param buffer integer
local function cover_keys(buffer)
  if covered[buffer] then
    return
  end
  covered[buffer] = {}
  for _, key in ipairs(KEYS) do
    local map = vim.api.nvim_buf_call(buffer, function()
      return vim.fn.maparg(key.lhs, 'n', false, true)
    end)
    covered[buffer][key.lhs] = map.buffer == 1 and map or false
    vim.keymap.set('n', key.lhs, function()
      M[key.run]()
    end, { buffer = buffer, nowait = true, desc = t('LiteLLM: {0} the change', key.word) })
  end
end

---@param buffer integer
local function uncover_keys(buffer)
  for lhs, map in pairs(covered[buffer] or {}) do
    vim.api.nvim_buf_call(buffer, function()
      pcall(vim.keymap.del, 'n', lhs, { buffer = buffer })
      if map then
        vim.fn.mapset('n', false, map)
      end
    end)
  end
  covered[buffer] = nil
end

---Has the keys do what they did before, where there is nothing to decide any more.
---@param buffer integer
local function free_keys(buffer)
  local is_coming = vim.iter(coming):any(function(one)
    return one.buffer == buffer
  end)
  if not is_coming and #of_buffer(buffer) == 0 then
    uncover_keys(buffer)
  end
end

---@param review litellm.Review
---@param at litellm.Range
local function draw(review, at)
  local hints = {}
  for _, key in ipairs(KEYS) do
    if key.run ~= 'retry' or review.retry then
      vim.list_extend(hints, { { ' ' .. key.lhs, 'Special' }, { ' ' .. key.word .. ' ·', 'Comment' } })
    end
  end
  local about = { { ' ' .. plain.line(review.about), 'Comment' } }
  require('litellm.review.diff').draw(review.buffer, review.before, at[1], at[3], hints, about)
end

---@param review litellm.Review
local function forget(review)
  reviews = vim.tbl_filter(function(other)
    return other ~= review
  end, reviews)
  review.held.let_go()
  if vim.api.nvim_buf_is_valid(review.buffer) then
    M.redraw(review.buffer)
    free_keys(review.buffer)
  end
end

---Draws anew what is to be decided in a buffer; what the user took back is decided.
---@param buffer integer
function M.redraw(buffer)
  require('litellm.review.diff').clear(buffer)
  for _, review in ipairs(of_buffer(buffer)) do
    local at, text = region(review), written(review)
    if not at or text == review.original or text == '' then
      return forget(review)
    end
    draw(review, at)
  end
end

---Shows a region that was written as a diff. With no change in it there is nothing to decide.
---@param buffer integer
---@param range litellm.Range where the new text stands
---@param original string what stood there before
---@param about string
---@param retry? fun(earlier: litellm.Earlier) asks again
function M.begin(buffer, range, original, about, retry)
  local first = vim.api.nvim_buf_get_lines(buffer, range[1], range[1] + 1, false)[1] or ''
  local last = vim.api.nvim_buf_get_lines(buffer, range[3], range[3] + 1, false)[1] or ''
  local whole = first:sub(1, range[2]) .. original .. last:sub(range[4] + 1)
  local review = {
    buffer = buffer,
    before = whole == '' and {} or vim.split(whole, '\n', { plain = true }),
    original = original,
    begins_line = range[2] == 0,
    ends_line = range[4] >= #last,
    about = about,
    retry = retry,
    held = require('litellm.held').hold(buffer, range, true),
  }
  review.answer = written(review)
  if review.answer == original then
    return review.held.let_go()
  end
  table.insert(reviews, review)
  cover_keys(buffer)
  M.redraw(buffer)
  vim.api.nvim_create_autocmd({ 'TextChanged', 'InsertLeave' }, {
    group = vim.api.nvim_create_augroup('litellm.review.' .. buffer, {}),
    buffer = buffer,
    desc = 'LiteLLM: draw the diff of what a model wrote',
    callback = function()
      M.redraw(buffer)
      return #of_buffer(buffer) == 0
    end,
  })
end

---Has what is going to be written at a place be no part of what was written before it.
---@param buffer integer
---@param row integer
---@param col integer
function M.part(buffer, row, col)
  for _, review in ipairs(of_buffer(buffer)) do
    local at = region(review)
    if at and at[3] == row and at[4] == col then
      review.held.let_go()
      review.held = require('litellm.held').hold(buffer, at)
      review.ends_line = false
    end
  end
end

---What is to be decided at the cursor, else the first of the buffer.
---@return litellm.Review?
local function here()
  -- What is gone, as after `:edit!`, is decided.
  M.redraw(vim.api.nvim_get_current_buf())
  local all = of_buffer(vim.api.nvim_get_current_buf())
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  return vim.iter(all):find(function(review)
    local at = region(review)
    return at and at[1] <= line and line <= at[3]
  end) or all[1]
end

---Has the key that rejects end an answer that is being written.
---@param buffer integer
---@param reject fun()
---@return fun() over
function M.coming(buffer, reject)
  local one = { buffer = buffer, reject = reject }
  table.insert(coming, one)
  cover_keys(buffer)
  return function()
    coming = vim.tbl_filter(function(other)
      return other ~= one
    end, coming)
    if vim.api.nvim_buf_is_valid(buffer) then
      free_keys(buffer)
    end
  end
end

---The answer that is being written in the current buffer, the last of several.
---@return litellm.Rejectable?
local function coming_here()
  local buffer = vim.api.nvim_get_current_buf()
  return vim.iter(coming):rev():find(function(one)
    return one.buffer == buffer
  end)
end

---Whether something is to be decided in the current buffer; says where not.
---@return litellm.Review?
local function needed()
  local review = here()
  if not review and coming_here() then
    require('litellm.notify').info(t('the answer is still coming: `gX` ends it and takes it back'))
  elseif not review then
    require('litellm.notify').info(t('nothing to decide in this buffer'))
  end
  return review
end

---Leaves what was written as it is now.
function M.accept()
  local review = needed()
  if review then
    forget(review)
  end
end

---What stood there before, and what the user has written there since; says what becomes of that.
---@param review litellm.Review
---@return string[]
local function before_answer(review)
  local function lines_of(text)
    return vim.split(text, '\n', { plain = true })
  end
  local original, now = lines_of(review.original), written(review)
  if now == review.answer or not now then
    return original
  end
  local lines, is_kept = require('litellm.review.own').back(original, lines_of(review.answer), lines_of(now))
  if not is_kept then
    require('litellm.notify').warn(OWN_GONE)
  elseif not vim.deep_equal(lines, original) then
    require('litellm.notify').info(t('what you wrote within the answer stays'))
  end
  if review.original == '' and review.begins_line and #lines > 1 and lines[1] == '' then
    table.remove(lines, 1)
  end
  return lines
end

---Puts back what stood there before.
---@param review litellm.Review
local function take_back(review)
  local at = region(review)
  if not at or not require('litellm.edit').can_write(review.buffer) then
    return
  end
  vim.cmd('let &l:undolevels = &l:undolevels')
  local lines = before_answer(review)
  -- Lines that were joined with what was written are lines of their own again.
  if review.begins_line and at[2] > 0 then
    table.insert(lines, 1, '')
  end
  if review.ends_line and at[4] < #vim.api.nvim_buf_get_lines(review.buffer, at[3], at[3] + 1, false)[1] then
    table.insert(lines, '')
  end
  vim.api.nvim_buf_set_text(review.buffer, at[1], at[2], at[3], at[4], lines)
  require('litellm.modified').compare(review.buffer)
  forget(review)
end

---Puts back what stood there before, and ends an answer that is still being written.
function M.reject()
  local one = coming_here()
  if one then
    return one.reject()
  end
  local review = needed()
  if review then
    take_back(review)
  end
end

---Asks again; what was written stays until all of another answer is here.
function M.retry()
  local review = needed()
  local at = review and region(review)
  if review and at and review.retry then
    local is_changed = written(review) ~= review.answer
    review.retry({
      range = at,
      original = review.original,
      is_open = function()
        return vim.list_contains(reviews, review)
      end,
      over = function()
        forget(review)
        if is_changed then
          require('litellm.notify').warn(OWN_GONE)
        end
      end,
    })
  end
end

return M
