-- The language of what the plugin itself says: English, or Simplified Chinese where the system speaks it. What the server
-- says comes in the user's language by itself.
local M = {}

---The variables that name the language of messages, the strongest first, as for all programs of a system.
local VARIABLES = { 'LC_ALL', 'LC_MESSAGES', 'LANG' }

---What is written in traditional characters, by a part of its name.
local TRADITIONAL = { hant = true, tw = true, hk = true, mo = true }

---Whether a system's name for a language, such as `zh_CN.UTF-8`, is one of Simplified Chinese: the server's own rule
---(`src/language.rs`).
---@param name string
---@return boolean
function M.is_chinese(name)
  local parts = vim.split(name:lower():match('^[^.@]*') or '', '[-_]')
  local is_simplified = vim.list_contains(parts, 'hans')
    or not vim.iter(parts):any(function(part)
      return TRADITIONAL[part] ~= nil
    end)
  return parts[1] == 'zh' and is_simplified
end

---The texts of the user's language, by the English ones. Empty for English.
---@return table<string, string>
local function table_of_system()
  local name = vim.iter(VARIABLES):map(os.getenv):find(function(value)
    return value ~= ''
  end)
  return M.is_chinese(name or '') and require('litellm.language.zh_cn') or {}
end

local texts ---@type table<string, string>?

---A text in the user's language, with values at `{0}`, `{1}` and so on. It is written out where it is said, so that a
---test finds its translation missing.
---@param text string
---@param ... (string|number)?
---@return string
function M.t(text, ...)
  texts = texts or table_of_system()
  local values = { ... }
  return (
    (texts[text] or text):gsub('{(%d)}', function(digit)
      local number = tonumber(digit) or 0
      local value = values[number + 1]
      return value ~= nil and tostring(value) or nil
    end)
  )
end

local words ---@type table<string, string>?

---Words in which the server tells of models, in the user's language; one that is from the public price list has a mark,
---and all else stays as it is.
---@param text string
---@return string
function M.words(text)
  local t = M.t
  words = words
    or {
      unknown = t('unknown'),
      varies = t('varies'),
      free = t('free'),
      other = t('other'),
      tools = t('tools'),
      vision = t('vision'),
      reasoning = t('reasoning'),
      cache = t('cache'),
      computer = t('computer'),
      audio = t('audio'),
      pdf = t('pdf'),
      schema = t('schema'),
    }
  return (text:gsub('%a+', words))
end

return M
