-- `:LiteLLM chat`: a conversation in a Markdown buffer; what stands there is the history.
local notify = require('litellm.notify')

local M = {}

local HEADING = '^## (%l+):%s*$'
local ROLES = { user = true, assistant = true, system = true }
local QUESTION = { '## user:', '', '' }

---Buffers whose chat is being answered.
---@type table<integer, true>
local answering = {}

---The messages of a chat: each heading begins one, and text before the first is the system's.
---@param lines string[]
---@return litellm.Message[]
function M.messages(lines)
  local messages = {}
  local role, said = 'system', {}
  local function finish()
    local content = vim.trim(table.concat(said, '\n'))
    if content ~= '' then
      table.insert(messages, { role = role, content = content })
    end
  end
  for _, line in ipairs(lines) do
    local heading = line:match(HEADING)
    if ROLES[heading] then
      finish()
      role, said = heading, {}
    else
      table.insert(said, line)
    end
  end
  finish()
  return messages
end

---Sends the chat of the current buffer.
function M.send()
  local buffer = vim.api.nvim_get_current_buf()
  if answering[buffer] then
    return notify.warn('the answer is still coming: `:LiteLLM cancel` ends it')
  end
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local messages = M.messages(lines)
  if #messages == 0 or messages[#messages].role ~= 'user' then
    return notify.warn('write a question under the last `## user:` first')
  end
  answering[buffer] = true
  local last = #lines - 1
  require('litellm.answer').write({ messages = messages }, {
    buffer = buffer,
    range = { last, #lines[#lines], last, #lines[#lines] },
    follow = true,
    before = '\n\n## assistant:\n\n',
    after = '\n\n' .. table.concat(QUESTION, '\n'),
    done = function()
      answering[buffer] = nil
    end,
  })
end

---Opens a new chat beside the current window.
---@param question string what to ask at once; empty for nothing
function M.open(question)
  vim.cmd('botright vsplit')
  local buffer = vim.api.nvim_create_buf(true, false)
  vim.api.nvim_win_set_buf(0, buffer)
  vim.api.nvim_buf_set_name(buffer, ('litellm://chat/%d'):format(buffer))
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].filetype = 'markdown'
  vim.wo[0][0].wrap = true
  vim.wo[0][0].linebreak = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, QUESTION)
  vim.keymap.set('n', '<CR>', M.send, { buffer = buffer, desc = 'LiteLLM: send the chat' })
  vim.keymap.set('n', '<C-c>', '<Cmd>LiteLLM cancel<CR>', { buffer = buffer, desc = 'LiteLLM: cancel' })
  if question ~= '' then
    vim.api.nvim_buf_set_lines(buffer, -2, -1, false, vim.split(question, '\n', { plain = true }))
    M.send()
  else
    vim.cmd.startinsert()
  end
  vim.cmd.normal({ 'G$', bang = true })
end

return M
