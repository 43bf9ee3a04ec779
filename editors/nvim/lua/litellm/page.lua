-- Pages: texts that are to be read. They come beside what the user does, and never take the focus from it.
local plain = require('litellm.plain')
local t = require('litellm.language').t

local M = {}

---How much of the screen a page takes below the text, and from which width on it stands beside it.
local SHARE, BESIDE = 0.4, 140

---Name and lines of the page shown last.
---@type { name: string, lines: string[], insert?: fun() }?
local last

---A buffer that is no file: nothing of it is on the disk, nor does another Neovim have it.
---@param name string
---@param listed boolean
---@return integer
function M.buffer(name, listed)
  local buffer = vim.api.nvim_create_buf(listed, false)
  -- Before it has a name: with a name alone it would be a file, with a swap file that two Neovims quarrel about.
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].undofile = false
  vim.api.nvim_buf_set_name(buffer, ('litellm://%s/%d'):format(name, buffer))
  return buffer
end

---The window of this tab that shows pages.
local function window_of_pages()
  return vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    return vim.w[window].litellm_page == true
  end)
end

---@param buffer integer
local function open(buffer)
  local window = window_of_pages()
  if window then
    vim.api.nvim_win_set_buf(window, buffer)
    return window
  end
  local layout = vim.o.columns >= BESIDE and { split = 'right', win = 0 }
    or { split = 'below', win = 0, height = math.max(5, math.floor(vim.o.lines * SHARE)) }
  window = vim.api.nvim_open_win(buffer, false, layout)
  vim.w[window].litellm_page = true
  vim.wo[window][0].wrap = true
  vim.wo[window][0].linebreak = true
  return window
end

---Replaces the lines of a page from one on.
---@param buffer integer
---@param from integer
---@param lines string[]
local function write(buffer, from, lines)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, from, -1, false, lines)
  vim.bo[buffer].modifiable = false
end

---@param buffer integer
---@param insert? fun()
local function on_insert(buffer, insert)
  if insert then
    vim.keymap.set('n', 'i', insert, { buffer = buffer, desc = t('LiteLLM: write the answer into the text') })
  end
end

---Shows a text without taking the focus; `q` in its window closes it.
---@param name string what it is, in a word
---@param text string Markdown
---@param insert? fun() what `i` in it does
---@return integer buffer
function M.show(name, text, insert)
  local lines = plain.lines(text)
  last = { name = name, lines = lines, insert = insert }
  local buffer = M.buffer(name, false)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].filetype = 'markdown'
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].readonly = true
  vim.bo[buffer].bufhidden = 'wipe'
  vim.keymap.set('n', 'q', function()
    if not pcall(vim.api.nvim_win_close, 0, false) then
      vim.cmd.enew()
    end
  end, { buffer = buffer, nowait = true, desc = t('LiteLLM: close the page') })
  on_insert(buffer, insert)
  if not pcall(open, buffer) then
    -- No room, or no window may open now, such as in the command-line window.
    require('litellm.notify').info(t('{0}: `:LiteLLM last` shows it', name))
  end
  return buffer
end

---A page whose text is still coming.
---@class litellm.Coming
---@field append fun(piece: string) shows a piece, at the latest in the next tick; the first that is seen opens the page
---@field finish fun(text: string, insert?: fun()) puts the whole text in the place of what came

---Begins a page that is read while it is written. Whoever closes it has it again by `:LiteLLM last`.
---@param name string
---@return litellm.Coming
function M.come(name)
  local text, shown, ends = '', 0, plain.line_ends()
  local buffer ---@type integer?
  local scheduled, finished = false, false
  local function draw()
    scheduled = false
    if finished or vim.trim(text) == '' then
      return
    elseif not buffer then
      buffer = M.show(name, text)
    elseif vim.api.nvim_buf_is_valid(buffer) then
      -- The last line may have grown, and those before it have not.
      write(buffer, -2, plain.lines(text:sub(shown + 1)))
    end
    shown = #(text:match('^.*\n') or '')
  end
  return {
    append = function(piece)
      text = text .. ends(piece)
      if not scheduled then
        scheduled = true
        vim.schedule(draw)
      end
    end,
    finish = function(whole, insert)
      finished = true
      if not buffer then
        M.show(name, whole, insert)
        return
      end
      last = { name = name, lines = plain.lines(whole), insert = insert }
      if vim.api.nvim_buf_is_valid(buffer) then
        on_insert(buffer, insert)
        if not vim.deep_equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), last.lines) then
          write(buffer, 0, last.lines)
        end
      end
    end,
  }
end

---Keeps a text for `:LiteLLM last`, without showing it.
---@param name string
---@param text string
function M.keep(name, text)
  last = { name = name, lines = plain.lines(text) }
end

---Shows the last page again.
function M.again()
  local before = not last and require('litellm.kept').last()
  if before then
    return M.show('answer', before)
  elseif not last then
    return require('litellm.notify').info(t('no answer was shown yet'))
  end
  M.show(last.name, table.concat(last.lines, '\n'), last.insert)
end

---`window/showDocument`: what the server wrote to be read is shown as a page, and all else as Neovim does it.
---@param params lsp.ShowDocumentParams
function M.handle(error, params, context)
  if not error and not params.external and vim.startswith(params.uri, 'file:') then
    local path = vim.uri_to_fname(params.uri)
    local file = io.open(path, 'rb')
    local text = file and file:read('*a')
    if file then
      file:close()
    end
    if text then
      M.show((vim.fs.basename(path):gsub('%.%w+$', '')), text)
      return { success = true }
    end
  end
  return vim.lsp.handlers['window/showDocument'](error, params, context)
end

return M
