-- What needs no server: chats as text, columns, the statusline.
local t = dofile(vim.env.LITELLM_TEST_SUPPORT)

---A result of which there is only what is looked at.
---@param fields table
---@return any
local function only(fields)
  return fields
end

t.run(function()
  local chat =
    vim.split('Be brief.\n\n## user:\n\nA\n## Not a heading\n\n## assistant:\nB\n\n## user:\n\n', '\n')
  local text = require('litellm.chat.text')
  local function said(lines)
    return vim.tbl_map(function(message)
      return { message.role, message.content }
    end, text.messages(lines))
  end
  t.equal(said(chat), {
    { 'system', 'Be brief.' },
    { 'user', 'A\n## Not a heading' },
    { 'assistant', 'B' },
  }, 'a chat is what stands in its text; an empty question is none')
  t.equal(
    said({
      '## user:',
      '> a.md:1',
      '',
      '````md',
      '## user:',
      '```',
      '````',
      'Why?',
      '',
      '## assistant:',
      text.REASONING,
      '> hm',
      '',
      'So.',
    }),
    { { 'user', '> a.md:1\n\n````md\n## user:\n```\n````\nWhy?' }, { 'assistant', 'So.' } },
    'what is quoted begins no message, and reasoning is not said again'
  )
  local same =
    vim.split('## user:\n\nA\n\n## assistant:\n\nYes.\n\n## user:\n\nB\n\n## assistant:\n\nYes.', '\n')
  vim.cmd.enew()
  local conversation = { buffer = vim.api.nvim_get_current_buf(), record = {} }
  local keep = require('litellm.chat.keep')
  for count, thought in pairs({ [7] = 'first', [#same] = 'second' }) do
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.list_slice(same, 1, count))
    keep.note(conversation, only({ message = { text = 'Yes.', reasoning = thought } }))
  end
  vim.api.nvim_buf_set_lines(0, 0, -1, false, same)
  t.equal(
    vim.tbl_map(function(message)
      return message.reasoning or ''
    end, keep.messages(conversation)),
    { '', 'first', '', 'second' },
    'answers with the same words have each their own thoughts'
  )
  vim.cmd('bwipeout!')
  local plain = require('litellm.plain')
  local fenced = '```lua\nx\n```\n\n```\ny\n```'
  for whole, expected in pairs({
    ['## assistant:\n' .. fenced] = { 'y', 6, { [3] = 'x' } },
    -- What the user sent is there already.
    ['## user:\n' .. fenced .. '\n## assistant:\nAll is well.'] = { nil, nil, { [3] = 'x' } },
    ['## user:\n> a.py:1\n\n```\na\n```\n## assistant:\n```\nz\n```\n## user:\n' .. fenced] = { 'z', 8 },
    -- One that was cut off does not go on in the next question.
    ['## assistant:\n```\nz\n## user:\n```\na\n```'] = {},
    -- In a list: as many blanks as the fence has.
    ['## assistant:\n1. Do:\n\n   ```python\n   def f():\n       return 1\n\n  x\n   ```'] = {
      'def f():\n    return 1\n\nx',
      4,
    },
    ['## assistant:\n- ~~~~\n  a\n    b\n  ~~~~\n\nThen `c`.'] = { 'a\n  b', 2 },
    ['## assistant:\n10) ```sh\n    ls\n    ```'] = { 'ls', 2 },
    ['## assistant:\n\t```\n\ta\n\t\tb\n      c\n\t```'] = { 'a\n\tb\n  c', 2 },
    ['## assistant:\n```\n  a\n```'] = { '  a', 2 },
    ['## assistant:\n```a``` is code\n'] = {},
  }) do
    local lines = vim.split(whole, '\n')
    local code, first = text.code(lines, #lines + 1)
    t.equal(
      { code and table.concat(code, '\n'), first },
      { expected[1], expected[2] },
      'the last code of an answer: ' .. whole:gsub('\n', '|')
    )
    for at, here in pairs(expected[3] or {}) do
      t.equal(table.concat(text.code(lines, at) or {}, '\n'), here, 'the code at the cursor')
    end
  end

  -- What two Neovims say in one chat, and what is said in chats that begin at the same time.
  local store = require('litellm.chat.store')
  local function goes_on(one, words)
    vim.api.nvim_buf_set_lines(one.buffer, -1, -1, false, words and { '', '## user:', words } or {})
    keep.save(one)
    return one
  end
  local function opened(path)
    local buffer = vim.api.nvim_create_buf(false, true)
    local stamp = path and store.stamp(path)
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, path and store.load(path) or {})
    return { buffer = buffer, record = {}, path = path, stamp = stamp }
  end
  local name = store.path
  store.path = function()
    return (name('first'):gsub('%d+%-first', 'first'))
  end
  local mine = goes_on(opened(), 'FIRST')
  for number = 1, 3 do
    local theirs = opened(mine.path)
    goes_on(mine, ('MINE %d'):format(number))
    goes_on(goes_on(theirs, ('THEIRS %d'):format(number)), ('AND %d'):format(number))
    goes_on(opened(), ('OTHER %d'):format(number))
  end
  store.path = name
  local on_disk = vim
    .iter(store.list())
    :map(function(one)
      return table.concat(store.load(one.path), '\n')
    end)
    :totable()
  for number = 1, 3 do
    for _, words in ipairs({ 'MINE %d', 'THEIRS %d', 'AND %d', 'OTHER %d' }) do
      local said_then = words:format(number)
      t.check(
        table.concat(on_disk, '\n'):find(said_then, 1, true),
        'nothing that was said is written over: ' .. said_then
      )
    end
  end
  t.equal(#on_disk, 7, 'each has a file, and goes on in it')

  -- What a line names is what it was written for, however the file is called.
  local context = require('litellm.chat.context')
  for _, odd in ipairs({ 'plain.py', ' lead.py', 'trail.py ', 'a:3', 'a\nb.py', '\ttab.py', '' }) do
    local buffer = vim.fn.bufadd(odd)
    vim.fn.bufload(buffer)
    for _, line in ipairs({ context.line(buffer, 1, 1), '> ' .. context.name(buffer) }) do
      t.equal((context.read(line) or {}).buffer, buffer, 'a context line names ' .. vim.inspect(odd))
      t.check(not line:find('\n'), 'in one line')
    end
  end
  vim.cmd.edit('numbers.txt')
  local far = context.read('> numbers.txt:' .. ('9'):rep(30))
  t.check(
    far and #vim.api.nvim_buf_get_lines(far.buffer, far.first or 0, far.last or 0, false) == 0,
    'a line far away'
  )
  vim.cmd('bwipeout!')

  local into = require('litellm.stream.typed').into
  for found, typed in pairs({
    ['It is 日本 one.'] = '',
    ['It is 日本 one.x'] = 'x',
    ['It is 日木 one.'] = '木',
    ['It is 日new本 one.'] = 'new',
    ['It is'] = '',
    ['n'] = '',
    ['x'] = 'x',
    [''] = '',
  }) do
    t.equal(into(found, 'It is 日本 one.'), typed, 'what was typed amid an answer: ' .. found)
  end

  vim.cmd.new()
  local fold, asked = require('litellm.chat.fold'), 0
  local level = fold.level
  fold.level = function()
    asked = asked + 1
    return level()
  end
  vim.opt_local.foldmethod, vim.opt_local.foldexpr = 'expr', "v:lua.require'litellm.chat.fold'.level()"
  local quoted = { '## user:', '> a.md:1', '', '```', 'x', '```', 'Why?', '', '## assistant:', '' }
  vim.api.nvim_buf_set_lines(
    0,
    0,
    -1,
    false,
    vim.list_extend(quoted, { text.REASONING, '> hm', '> ha', 'So.' })
  )
  t.equal(
    vim.tbl_map(vim.fn.foldclosed, vim.fn.range(1, vim.fn.line('$'))),
    { -1, 2, 2, 2, 2, 2, -1, -1, -1, -1, 11, 11, 11, -1 },
    'what was put below a context line and reasoning are folded'
  )
  for _ = 1, 500 do
    vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'more' })
  end
  t.check(asked < 10 * vim.fn.line('$'), 'however long a chat is, its next line costs as much: ' .. asked)
  fold.level = level
  vim.cmd('bwipeout!')

  local part = require('litellm.inline.ghost').part
  t.equal(
    { part('a b', 'word'), part('\0a b', 'word') },
    { 'a', '\0a' },
    'a word of a proposal, a NUL or not'
  )
  t.check(
    require('litellm.chat.store').path('A\0 b'):find('%-ab?%-?b?%.md$'),
    'a chat about a NUL has a name'
  )

  local cases =
    vim.json.decode(table.concat(vim.fn.readfile(vim.env.LITELLM_TEST_CASES .. '/plain.json'), '\n'))
  local wrong = {}
  local function look(first, last)
    for code = first, last do
      local character = vim.fn.nr2char(code, true)
      local unseen = vim.iter(cases.unseen):any(function(range)
        return code >= tonumber(range[1], 16) and code <= tonumber(range[2], 16)
      end)
      local shown = plain.line('a' .. character .. 'b')
      if (shown:find('^a%s?b$') == nil) == unseen then
        table.insert(wrong, ('%x'):format(code))
      end
    end
  end
  -- The planes that have characters in use, without halves of characters.
  look(0x1, 0xd7ff)
  look(0xe000, 0x1ffff)
  look(0xe0000, 0xe1000)
  t.equal(
    wrong,
    { '9', 'a', '20' },
    'what is not seen is what the server takes for that, and blanks are blanks'
  )
  for _, case in ipairs(cases.lines) do
    t.equal(vim.trim(plain.line(case[1])), case[2], 'a foreign text in one line')
  end
  t.equal(plain.line('a\0b'), 'ab', 'a NUL, too')

  for json, expected in pairs({
    ['{"cut":"no","model":"m","cost":"1"}'] = { model = 'm' },
    ['{"server":{"profile":null},"tokens":3}'] = { tokens = 3 },
    ['{"cut":{"a":1,"b":"why"},"carried":[1]}'] = { cut = { b = 'why' }, carried = {} },
    ['[]'] = {},
    ['7'] = {},
    ['null'] = {},
  }) do
    t.equal(store.record(vim.json.decode(json)), expected, 'a record of a chat is what it can be: ' .. json)
  end

  for kept, marked in pairs({
    ['## user:\n\nA?\n\n## assistant:\n\nA.\n\n## user:\n\nB?'] = 0,
    ['## user:\n\nA?\n\n## assistant:\n\nA'] = 1,
    ['## user:\n\nA?\n\n## assistant:\n\nA\n\n## user:\n\nB?'] = 1,
    -- The same words, to another question and to the same one again.
    ['## user:\n\nB?\n\n## assistant:\n\nA\n\n## user:\n\nA?\n\n## assistant:\n\nA'] = 1,
    ['## user:\n\nA?\n\n## assistant:\n\nA\n\n## user:\n\nA?\n\n## assistant:\n\nA'] = 1,
  }) do
    local buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_set_current_buf(buffer)
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(kept, '\n'))
    require('litellm.chat.keep').restore({ buffer = buffer, record = { partial = vim.fn.sha256('1\nA?\nA') } })
    t.equal(#t.marks('litellm.cut'), marked, 'only an answer that had begun is marked as cut off')
    t.check(t.text():find('\n\n## user:\n\n[^\n]*$'), 'and the next question has its place')
  end

  local models = require('litellm.models')
  local summary = {
    context = '1M',
    price = '~$3 / $15',
    abilities = { 'tools', '~vision' },
    vendor = 'other',
    notice = 'retired 2020-01-31',
  }
  local model = only({ id = 'odd\n%{v:lua.x()}\27[31m\226\128\174', summary = summary })
  t.equal(
    models.row(model).cells,
    { '  odd %{v:lua.x()}[31m', '1M', '~$3 / $15', 'tools ~vision', 'retired 2020-01-31' },
    'a model as it is summed up, an odd name in one line'
  )
  model.favourite = true
  t.equal(models.row(model).cells[1]:match('^%S+'), '★', 'a favourite')
  t.equal(models.row(model, model.id).cells[1]:match('^%S+'), '●', 'the one in use')

  local client = require('litellm.client')
  for shared, command in pairs({ [true] = { '/bin/sh', '--shared' }, [false] = { '/bin/sh' } }) do
    vim.g.litellm = { cmd = '/bin/sh', shared = shared }
    t.equal(client.config().cmd, command, 'a server is shared where the user wants it')
  end
  vim.g.litellm = nil
  local request = client.request
  client.request = function(_, _, done)
    done(nil, { models = { model, { id = '模型', summary = summary } } })
    return { cancel = function() end }
  end
  models.learn(function() end)
  for layer, expected in pairs({
    ['settings file'] = { 'using cut', { true } },
    environment = { 'using cut in this session: LITELLM_MODEL names another for the next', { true, false } },
    initializationOptions = {
      'using cut in this session: the settings of this Neovim name another for the next',
      { true, false },
    },
    nowhere = { 'using cut in this session', { true, false } },
  }) do
    local saves = {}
    client.request = function(method, params, done)
      if method == 'provider/listModels' then
        return done(nil, { models = { { id = 'cut', summary = summary } }, warnings = {} })
      end
      local lasts = params.persist == true
      table.insert(saves, lasts)
      if layer == 'nowhere' and lasts then
        return done({ code = 1, message = 'read-only' })
      end
      local decides = layer == 'settings file' or not lasts
      done(
        nil,
        { settings = { model = decides and { value = 'cut' } or { value = 'good', origin = layer } } }
      )
    end
    t.told = {}
    models.run('cut', false)
    t.equal(
      { saves, t.told[#t.told] },
      { expected[2], 'LiteLLM: ' .. expected[1] },
      'a model that is chosen is used: ' .. layer
    )
    t.equal(require('litellm.session').model, 'cut', 'and shown')
  end
  client.request = function(_, _, done)
    local failed = { name = 'settings', outcome = 'failed', message = 'It is no JSON.', remedy = 'Mend it.' }
    local newer = { name = 'newer', outcome = 'odd', message = 'It is odd.' }
    local function check(outcome, message)
      return { name = 'models', outcome = outcome, message = message }
    end
    local fine = { check('skipped', 'not asked'), check('ok', 'The first.'), check('ok', 'The second.') }
    done(nil, { profile = 'main', state = 'failed', checks = { fine[1], fine[2], newer, failed, fine[3] } })
    return { cancel = function() end }
  end
  require('litellm.status').show()
  client.request = request
  local float = vim.iter(vim.api.nvim_list_wins()):find(function(window)
    return vim.api.nvim_win_get_config(window).relative ~= ''
  end)
  t.equal(
    t.text(vim.api.nvim_win_get_buf(float)),
    'main: failed\n✗ It is no JSON.\n  → Mend it.\n! It is odd.\n✓ The first.\n✓ The second.\n- models: not asked',
    'a status is shown where the settings name no proxy'
  )
  t.equal(require('litellm.session').server, nil, 'and none is in use then')
  vim.api.nvim_win_close(float, true)
  t.equal(require('litellm.session').ids, { '模型' }, 'the command line completes no odd name')

  local columns = require('litellm.columns')
  t.equal(
    columns.lines({ { 'a-long-name', 'provider', '$1' }, { 'b', 'other', '$22' } }, 16, { go = { 2 } }),
    { 'a-long-name  $1', 'b            $22' },
    'columns go where there is no room'
  )
  t.equal(columns.lines({ { 'a-long-name', '$1' } }, 12), { 'a-l…name  $1' }, 'then the middle of names')
  for width, shown in pairs({
    [12] = '模型g…mini🦀',
    [11] = '模型…mini🦀',
    [4] = '…i🦀',
    [0] = '…',
  }) do
    t.equal(plain.ends('模型gpt-4o-mini🦀', width), shown, 'a name in few columns')
  end
  t.equal(plain.ends('gpt-4o', 6), 'gpt-4o', 'what has room is whole')
  local rows = {}
  for number = 1, 20 do
    rows[number] = { ('name-%02d'):format(number), '128k', '$1 / $2', 'tools' }
  end
  rows[7][1] = ('long-'):rep(60)
  local least_needed = { shrink = 4, go = { 4, 2, 3 } }
  local lines = columns.lines(rows, 40, least_needed)
  t.equal(lines[1], 'name-01             128k  $1 / $2  tools', 'a long name takes no column from others')
  t.check(
    vim.fn.strdisplaywidth(lines[7]) == 40 and lines[7]:find('…', 1, true),
    'and is cut: ' .. lines[7]
  )
  rows[8][1] = rows[7][1]
  rows[9][1] = rows[7][1]
  t.equal(columns.lines(rows, 20, least_needed)[1], 'name-01', 'where there is no room for both they do')
  for number = 1, 10 do
    rows[number][1] = ('vendor/long-name-%02d-'):format(number) .. ('x'):rep(40)
  end
  for room, shown in pairs({ [56] = '$1 / $2  tools', [44] = '128k  $1 / $2' }) do
    lines = columns.lines(rows, room, least_needed)
    t.check(
      vim.endswith(lines[1], shown) and lines[1]:find('^vendor/lo.*…x+ '),
      'many long names leave room for what a model can and costs: ' .. lines[1]
    )
  end
  rows[1][4] = ''
  rows[1][5] = 'retires in 17 d'
  for number, row in ipairs(rows) do
    row[5] = row[5] or number == 2 and 'retired 2025-01-01' or ''
  end
  for room, shown in pairs({
    [70] = { '128k  $1 / $2  retires in 17 d', 'retired 2025-01-01' },
    [60] = { '128k  $1 / $2  retires in 17 d', 'retired 2025-01-01' },
    [43] = { '128k  $1 / $2  retires…', 'retired…' },
    [29] = { '  retires…', 'retired…' },
  }) do
    lines = columns.lines(rows, room, vim.tbl_extend('error', least_needed, { begins = 5 }))
    for number, ending in ipairs(shown) do
      t.check(
        vim.endswith(lines[number], ending) and vim.api.nvim_strwidth(lines[number]) <= room,
        'what retires is seen beside what it costs: ' .. lines[number]
      )
    end
  end
  t.equal(columns.lines({ { 'a', '', 'x' }, { 'b', '', 'y' } }), { 'a  x', 'b  y' }, 'nothing takes no room')
  t.equal(
    columns.lines({ { '模型🦀', 'x' }, { 'gpt', 'y' } }),
    { '模型🦀  x', 'gpt     y' },
    'wide characters are aligned'
  )
  local window = require('litellm.pick.window')
  t.equal(
    window.filtered({ 'openai/gpt-5', 'anthropic/claude-opus', 'local' }, 'OPUS cl'),
    { 2 },
    'a filter by words'
  )
  t.equal(window.filtered({ 'openai/gpt-5', 'local' }, 'og5'), { 1 }, 'else by likeness')

  local questions = {}
  require('litellm.pick.window').open({
    title = 'Send it?',
    rows = { { cells = { 'yes' }, search = 'yes' }, { cells = { 'no' }, search = 'no' } },
    highlights = {},
    keys = {},
    enter = 'choose',
    filter = '',
    at = 2,
    is_question = true,
    done = function(number)
      table.insert(questions, number or 'none')
    end,
  })
  t.equal({ vim.api.nvim_get_mode().mode, vim.bo.modifiable }, { 'n', false }, 'a question is not typed into')
  t.keys('<Esc>')
  t.next_tick()
  t.equal(questions, { 'none' }, 'one Escape leaves it')

  local bar = require('litellm.chat.bar')
  local long = { buffer = 0, record = { model = 'vendor/' .. ('x'):rep(40) .. '-2026', tokens = 1200 } }
  for room, shown in pairs({
    [200] = '2026 · 1.2k tokens · ⏎ send  gy yank  ga apply  gm model  g? keys',
    [90] = '2026 · 1.2k tokens · ⏎ send',
    [40] = '26 · 1.2k tokens · ⏎ send',
    [16] = ' vendor/xxxxxx…',
  }) do
    local line = bar.text(only(long), room)
    t.check(vim.api.nvim_strwidth(line) <= room and line:find(shown, 1, true), ('%d: %s'):format(room, line))
  end
  long.call = only({})
  t.check(
    bar.text(only(long), 50):find('answering … · ^C stop', 1, true),
    'how to stop is seen: ' .. bar.text(only(long), 50)
  )

  -- Neovim itself fails where a float has no room.
  t.equal(
    require('litellm.columns').read({
      '# Usage',
      '',
      '| USD    | today | calls |',
      '| ------ | ----- | ----- |',
      '| a\\|模型 | $1.00 | 12    |',
      '',
      '## More | or less',
      '| a |',
      '| b | c |',
    }, 60),
    {
      'Usage',
      '',
      'USD       today  calls',
      'a|模型    $1.00  12',
      '',
      'More | or less',
      'a',
      '| b | c |',
    },
    'a page has columns in the place of a table'
  )
  for dollars, told in pairs({ [0] = '$0.00', [0.000004] = '<$0.0001', [0.002] = '$0.0020', [0.25] = '$0.25' }) do
    t.equal(require('litellm.session').money(dollars), told, 'a sum of money')
  end
  t.equal(require('litellm.session').about(0.00001), '<$0.0001', 'what is less than all that is shown')
  local about = require('litellm.told').about
  local counted = { outputTokens = 7, cost = 0.25 }
  t.equal(about(only({ model = 'm', usage = counted })), 'm · 7 tokens · $0.25', 'what was counted')
  t.equal(
    about(only({ model = 'm', estimatedUsage = counted })),
    'm · ~7 tokens · ~$0.25',
    'what nobody counted'
  )
  t.equal(about(only({ model = 'm' })), 'm · cost unknown', 'what is not known')

  for height = 1, 8 do
    vim.cmd(('botright %dsplit'):format(height))
    local small = vim.api.nvim_get_current_win()
    require('litellm.notify').float({ 'one', 'two', 'three', 'four', 'five', 'six' })
    local read = vim.iter(vim.api.nvim_list_wins()):any(function(other)
      local told = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(other), 0, -1, false)
      return other ~= small and vim.deep_equal({ told[1], told[6] }, { 'one', 'six' })
    end)
    t.check(read, ('what is told can be read beside a window of %d lines'):format(height))
    vim.api.nvim_set_current_win(small)
    vim.cmd.only({ bang = true })
  end

  local session = require('litellm.session')
  session.update({ state = 'unreachable', model = 'gpt' })
  t.equal(session.line(), 'LiteLLM !unreachable gpt', 'a statusline that warns')
  session.count(only({ model = 'gpt' }))
  t.equal(session.line(), 'LiteLLM !unreachable gpt cost unknown', 'what is not known is not called free')
  session.count(only({ model = 'gpt', usage = { cost = 0.25, inputTokens = 1 } }))
  session.update({ state = 'ready', running = 1 })
  t.equal(session.line(), 'LiteLLM … gpt $0.25+', 'one that waits, with a cost that is not all')

  session.update({ running = 0 })
  local day = os.date('%Y-%m-%d')
  local shown = 'LiteLLM gpt $0.25+'
  for _, case in ipairs({
    { day, { cost = 0.25, unpricedCalls = 0 }, {}, '' },
    { day, { cost = 3.4, unpricedCalls = 0 }, {}, ' · $3.40 today' },
    { day, { cost = 3.4, unpricedCalls = 2 }, {}, ' · $3.40+ today' },
    {
      day,
      { cost = 0.25, unpricedCalls = 0 },
      { { scope = 'own', window = 'day', limit = 5 } },
      ' · $0.25 of $5.00 today',
    },
    {
      day,
      { cost = 3.4, unpricedCalls = 0 },
      { { scope = 'own', window = 'week', limit = 5 } },
      ' · $3.40 today',
    },
    { '2020-01-01', { cost = 3.4, unpricedCalls = 0 }, {}, '' },
    { day, nil, {}, '' },
  }) do
    session.spent_on(case[1], case[2] --[[@as litellm.UsageSum?]], case[3])
    t.equal(session.line(), shown .. case[4], 'what was spent today by all programs of this machine')
  end

  session.update({ model = 'm%{v:lua.x()}\n' })
  t.check(not session.line():find('[%%\n]'), 'nothing in a statusline is an expression: ' .. session.line())

  -- The line ends that the writer knows are those that the guards know, however an answer is cut.
  for _, line_end in ipairs({ '\n', '\r', '\r\n' }) do
    local thought = ('a\n## user:\nb'):gsub('\n', line_end)
    local answer = ('## user:\nx\n## assistant:\n\n## system:\ny\n## b'):gsub('\n', line_end)
    for size = 1, #answer do
      local function pieces(whole, type)
        return vim.iter(vim.fn.range(1, #whole, size)):map(function(at)
          return { type = type, text = whole:sub(at, at + size - 1) }
        end)
      end
      vim.cmd.enew()
      client.request = function(_, _, done, receive)
        ---@cast receive -?
        pieces(thought, 'reasoning'):each(receive)
        pieces(answer, 'text'):each(function(piece)
          receive(piece)
          receive({ type = 'text', text = '' })
        end)
        done(nil, { message = { text = answer }, model = 'm', finishReason = 'stop' })
        return { cancel = function() end }
      end
      local over = false
      vim.schedule(function()
        require('litellm.answer').write({}, {
          buffer = vim.api.nvim_get_current_buf(),
          range = { 0, 0, 0, 0 },
          own = true,
          before = '## assistant:\n\n',
          after = '',
          reasoning = text.REASONING,
          escape = text.escaper(),
          done = function()
            over = true
          end,
        })
      end)
      vim.wait(2000, function()
        return over
      end, 1)
      local found = {
        said(vim.api.nvim_buf_get_lines(0, 0, -1, false)),
        vim.api.nvim_buf_get_lines(0, 2, 6, false),
      }
      local expected = {
        { { 'assistant', '## user:\nx\n ## assistant:\n\n ## system:\ny\n## b' } },
        { text.REASONING, '> a', '> ## user:', '> b' },
      }
      if size == 1 or not vim.deep_equal(found, expected) then
        t.equal(
          found,
          expected,
          ('an answer begins no message: %s, pieces of %d'):format(vim.inspect(line_end), size)
        )
      end
      vim.cmd('bwipeout!')
    end
  end

  -- What waits for a slow proxy says so.
  for _, command in ipairs({ 'models', 'usage', 'status' }) do
    client.request = function()
      return only({ cancel = function() end })
    end
    t.told = {}
    vim.cmd.LiteLLM(command)
    t.tells('LiteLLM: asking ')
  end

  -- A list that comes late takes no keys from who has gone on.
  vim.cmd.enew({ bang = true })
  for _, case in ipairs({ { typed = 'more', windows = 0 }, { windows = 2 } }) do
    local answer ---@type litellm.Done
    client.request = function(_, _, done)
      answer = done
      return only({ cancel = function() end })
    end
    local windows = #vim.api.nvim_list_wins()
    vim.cmd.LiteLLM('models')
    if case.typed then
      vim.api.nvim_buf_set_lines(0, 0, -1, false, { case.typed })
    end
    local shown_as = { context = '1k', price = 'unknown', abilities = {}, vendor = 'OpenAI' }
    answer(nil, { models = { { id = 'gpt', summary = shown_as } }, warnings = {}, defaultModel = 'gpt' })
    t.equal(#vim.api.nvim_list_wins() - windows, case.windows, 'a list opens where it is waited for')
    if case.typed then
      t.tells('the models are here: `:LiteLLM models` shows them')
    else
      t.keys('q')
    end
  end
  client.request = request

  vim.g.litellm = { cmd = '/nowhere/litellm-ls' }
  vim.cmd.LiteLLM('status')
  t.tells('litellm-ls is not found\n`:LiteLLM install` brings it; or put it on your PATH')
  vim.cmd.LiteLLM('modles')
  t.tells('`modles` is none of: accept, cancel, chat')
  vim.bo.modifiable = false
  vim.cmd('LiteLLM complete x')
  t.tells('this buffer can not be changed')
end)
