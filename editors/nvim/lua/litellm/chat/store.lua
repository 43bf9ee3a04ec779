-- Chats on the disk, so that they are found again: in a folder of the user's own, which nobody else can read.
local plain = require('litellm.plain')
local t = require('litellm.language').t

local M = {}

---For the user alone: 0700 and 0600. Neovim's types have `mkdir` take a text.
local FOLDER_MODE = 448 --[[@as any]]
local FILE_MODE = 384

---What is kept beside the text of a chat.
---@class litellm.ChatRecord
---@field model? string
---@field server? litellm.Server the proxy that it is held with
---@field cost? number
---@field unpriced? integer answers whose cost is not known
---@field tokens? integer of the last answer, with what it was asked
---@field partial? string the answer that was coming when it was kept, as in `cut`
---@field cut? table<string, string> why an answer is not all of it, by its message as in `carried`
---@field carried? table<string, litellm.Carried> what goes back to the model, by its message

---@class litellm.Carried
---@field reasoning? string
---@field reasoningBlocks? any[]
---@field providerFields? table

---@return string
local function folder()
  return vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'litellm', 'chats')
end

---Writes a file that nobody else can read, whole or not at all.
---@param path string
---@param text string
---@return string? problem
function M.write(path, text)
  local made, refused = pcall(vim.fn.mkdir, vim.fs.dirname(path), 'p', FOLDER_MODE)
  if not made then
    return refused --[[@as string]]
  end
  local beside = ('%s.%d~'):format(path, vim.fn.getpid())
  local file, problem = vim.uv.fs_open(beside, 'w', FILE_MODE)
  if not file then
    return problem
  end
  local written, why = vim.uv.fs_write(file, text)
  vim.uv.fs_close(file)
  if written ~= #text then
    vim.uv.fs_unlink(beside)
    return why or t('the disk is full')
  end
  local moved, reason = vim.uv.fs_rename(beside, path)
  return not moved and reason or nil
end

---A name for a chat: when it began, and what it is about.
---@param title string
---@return string path
function M.path(title)
  local words = vim.fn.substitute(plain.line(title:lower()), [=[[^[:alnum:]]\+]=], '-', 'g')
  words = vim.fn.strcharpart(words, 0, 40):gsub('^-+', ''):gsub('-+$', '')
  return vim.fs.joinpath(folder(), ('%s-%s.md'):format(os.date('%Y-%m-%d-%H%M%S'), words))
end

---What a file is now, to know later whether another Neovim has written it. None where there is none.
---@param path string
---@return string?
function M.stamp(path)
  local stat = vim.uv.fs_stat(path)
  return stat and ('%d %d.%d %d'):format(stat.ino, stat.mtime.sec, stat.mtime.nsec, stat.size)
end

---A name like this one that is no file's: an empty file takes it, so that no other Neovim does.
---@param path string
---@return string
function M.claim(path)
  pcall(vim.fn.mkdir, vim.fs.dirname(path), 'p', FOLDER_MODE)
  local free, number = path, 1
  while true do
    local file, _, code = vim.uv.fs_open(free, 'wx', FILE_MODE)
    if file then
      vim.uv.fs_close(file)
      return free
    elseif code ~= 'EEXIST' then
      -- Whoever writes there is told why that can't be.
      return free
    end
    number = number + 1
    free = (path:gsub('%.md$', '')) .. ('-%d.md'):format(number)
  end
end

---Keeps a chat.
---@param path string
---@param lines string[]
---@param record litellm.ChatRecord
---@return string? problem
function M.save(path, lines, record)
  local problem = M.write(path, table.concat(lines, '\n') .. '\n')
  local stat = problem and vim.uv.fs_stat(path)
  if stat and stat.size == 0 then
    -- It was claimed for nothing.
    vim.uv.fs_unlink(path)
  end
  return problem or M.write(path .. '.json', vim.json.encode(record))
end

---What each member of a record is.
local KINDS = {
  model = 'string',
  server = 'table',
  cost = 'number',
  unpriced = 'number',
  tokens = 'number',
  partial = 'string',
  cut = 'table',
  carried = 'table',
}

---A record without what is none: somebody may have edited the file.
---@param found any
---@return litellm.ChatRecord
function M.record(found)
  local record = {}
  for name, kind in pairs(type(found) == 'table' and KINDS or {}) do
    record[name] = type(found[name]) == kind and found[name] or nil
  end
  local server = record.server
  if server and not (type(server.profile) == 'string' and type(server.baseUrl) == 'string') then
    record.server = nil
  end
  for name, kind in pairs({ cut = 'string', carried = 'table' }) do
    local members = record[name] or {}
    for key, value in pairs(members) do
      members[key] = type(key) == 'string' and type(value) == kind and value or nil
    end
  end
  return record
end

---@param path string
---@return string[] lines
---@return litellm.ChatRecord record
function M.load(path)
  local lines = plain.from_vim(vim.fn.readfile(path))
  local known = vim.uv.fs_stat(path .. '.json') and table.concat(vim.fn.readfile(path .. '.json'), '\n')
    or '{}'
  local readable, record = pcall(vim.json.decode, known)
  return lines, M.record(readable and record or nil)
end

---@param path string
function M.remove(path)
  vim.uv.fs_unlink(path)
  vim.uv.fs_unlink(path .. '.json')
end

---@class litellm.SavedChat
---@field path string
---@field title string the first question
---@field changed integer seconds

---The chats that are kept, the newest first.
---@return litellm.SavedChat[]
function M.list()
  local saved = {}
  for name in vim.fs.dir(folder()) do
    local path = vim.fs.joinpath(folder(), name)
    local stat = vim.endswith(name, '.md') and vim.uv.fs_stat(path)
    if stat then
      local title = require('litellm.chat.text').title(plain.from_vim(vim.fn.readfile(path)))
      table.insert(saved, { path = path, title = title or name, changed = stat.mtime.sec })
    end
  end
  table.sort(saved, function(a, b)
    return a.changed > b.changed
  end)
  return saved
end

return M
