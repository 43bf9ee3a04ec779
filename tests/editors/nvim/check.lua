-- Compiles every Lua file of the plugin and of these tests, and builds the help tags:
--   nvim --clean --headless -l tests/editors/nvim/check.lua
local root = vim.fs.normalize(
  vim.fs.joinpath(vim.fs.dirname(vim.fs.abspath(assert(debug.getinfo(1, 'S')).source:sub(2))), '../../..')
)
local wrong = 0
for _, folder in ipairs({ 'editors/nvim', 'tests/editors/nvim' }) do
  local files = vim.fs.find(function(name)
    return name:match('%.lua$') ~= nil
  end, { path = vim.fs.joinpath(root, folder), type = 'file', limit = math.huge })
  for _, file in ipairs(files) do
    local compiled, problem = loadfile(file)
    if not compiled then
      wrong = wrong + 1
      print(problem)
    end
  end
  print(('%d files in %s\n'):format(#files, folder))
end

-- In a copy, for tags are not kept.
local doc = vim.fn.tempname()
vim.fn.mkdir(doc, 'p')
vim.uv.fs_copyfile(vim.fs.joinpath(root, 'editors/nvim/doc/litellm.txt'), vim.fs.joinpath(doc, 'litellm.txt'))
vim.cmd.helptags(doc)
local tags = table.concat(vim.fn.readfile(vim.fs.joinpath(doc, 'tags')), '\n')
local help = table.concat(vim.fn.readfile(vim.fs.joinpath(doc, 'litellm.txt')), '\n')
for tag in help:gmatch('|(litellm%-[%w-]+)|') do
  if not tags:find(tag .. '\t', 1, true) then
    wrong = wrong + 1
    print('no tag for ' .. tag)
  end
end
vim.cmd(wrong == 0 and 'qall!' or 'cquit 1')
