#!lua
-- Stores events of one partition and fans them out.
--
-- KEYS[1]  clock: 'epoch ms-seq born server before since end': the partition's last position, when the epoch was made,
--          the master it holds at, the epoch before ('-' where there is none) and what of that one survived
-- 'call':  the answer to an earlier call with this idempotency key; the events have none of their own
-- then for each event
--   stream  entries: id = ms-seq, p = position of the predecessor, e = body, c = bytes published before it
--   last    'epoch ms-seq bytes base': the topic's last position, the bytes published in all, and those published
--           before the first retained event ('-' where nothing is retained)
--   'each': 'epoch ms-seq' of the first event with this idempotency key
-- ARGV     the epoch to begin where there is none, 'each' or 'call', the number of policies; then for each policy
--            lifetime of the idempotency key in ms; '~' or '=' (trim by whole nodes or exactly) or '-' (keep nothing);
--            events to keep; bytes at which to trim; 'bytes-to-keep ms-to-keep lifetime-of-stream lifetime-of-last'
--          then for each event
--            the number of its policy where there are several, channel, size, body
--          and at the end the server that runs this, '-' where that is not known
-- Returns  the epoch, then a line for each event: ms-seq, or '=epoch ms-seq' of the first one with its key. Before all of
--          it '=' when the call is a repeat.
--
-- Lua does not roll back: the clock moves first, so that a position is never given twice. Making text of a number costs
-- as much as a command, so positions stay text (milliseconds have 13 digits until 2286).
local call, match, sub, format = redis.call, string.match, string.sub, string.format
local time = call('TIME')
local now = time[1] .. sub('000000' .. time[2], -6, -4)
local each = ARGV[2] == 'each'
local policies = tonumber(ARGV[3])
local k, width = each and 2 or 3, each and 3 or 2
local a, step = 4 + 5 * policies, policies == 1 and 3 or 4
local count = (#KEYS - k + 1) / width

if not each then
  local earlier = call('GET', KEYS[2])
  if earlier then
    return '=' .. earlier
  end
end

local epoch, ms, seq, born, rest
local clock, server = call('GET', KEYS[1]), ARGV[#ARGV]
if clock then
  epoch, ms, seq, born, rest = match(clock, '^(%w+) (%d+)%-(%d+) (%d+)(.*)$')
end
if not epoch then
  epoch, ms, seq, born, rest = ARGV[1], '0', '0', now, ''
end
if rest == '' or sub(rest, 2, 2) == '-' then
  rest = ' ' .. server .. ' - 0-0 0-0'
elseif server ~= '-' and sub(rest, 2, 13) ~= server then
  return { err = 'FENCED the epoch is of another server' }
end
local head = ms .. '-' .. seq
local ahead = ms > now
if now > ms then
  ms, seq = now, 0
elseif seq + count > 999999999 then
  ms, seq = format('%.0f', ms + 1), 0
else
  seq = seq + 1
end
local id = format('%s-%d', ms, seq)
call('SET', KEYS[1], epoch .. ' ' .. (count == 1 and id or format('%s-%d', ms, seq + count - 1)) .. ' ' .. born .. rest)

-- What stands in for a last position that is not known: not before anything that was forgotten.
local function bound()
  local day = now - 86400000
  if born + 0 >= day then
    return '0-0'
  end
  return day < tonumber(match(head, '^%d+')) and format('%.0f-0', day) or head
end

-- Drops the oldest entries until at most so many bytes are left; returns the bytes published before the first one.
local function trim(stream, total, bytes, base)
  local from = '-'
  while true do
    local entries = call('XRANGE', stream, from, '+', 'COUNT', 16)
    if #entries == 0 then
      return base
    end
    for i = 1, #entries do
      local before = entries[i][2][6]
      if total - before <= bytes then
        call('XTRIM', stream, 'MINID', '=', entries[i][1])
        return before
      end
    end
    from = '(' .. entries[#entries][1]
  end
end

local out, stored, p = { epoch }, 0, 4
local second, limit = sub(ms, 1, 10), tonumber(ARGV[7])
for i = 1, count do
  if policies > 1 then
    p = 5 * ARGV[a] - 1
    limit = tonumber(ARGV[p + 3])
  end
  local position = epoch .. ' ' .. id
  local first = each and call('SET', KEYS[k + 2], position, 'NX', 'GET', 'PX', ARGV[p])
  if first then
    out[i + 1] = '=' .. first
  else
    local stream, body, how = KEYS[k], ARGV[a + step - 1], ARGV[p + 1]
    local known, prev, before, base
    local last = call('GET', KEYS[k + 1])
    if last then
      known, prev, before, base = match(last, '^(%w+) (%S+) (%d+) (%S+)$')
    end
    -- What depends on age is done once a second; the lifetimes allow for it.
    local due = known ~= epoch or ahead or sub(prev, 1, 10) ~= second
    if known ~= epoch then
      if not known or known ~= match(rest, '^ %S+ (%w+)') then
        call('DEL', stream)
        before, base = '0', '-'
      end
      prev = bound()
    end
    local total = before + ARGV[a + step - 2]
    if how == '-' or base == '~' then
      if base ~= '-' then
        call('DEL', stream)
      end
      base = '-'
    end
    if how ~= '-' then
      local added = redis.pcall('XADD', stream, 'MAXLEN', how, ARGV[p + 2], id, 'p', prev, 'e', body, 'c', before)
      if type(added) == 'table' then
        -- The stream is of a clock that was lost, or no stream.
        call('DEL', stream)
        call('XADD', stream, id, 'p', prev, 'e', body, 'c', before)
        base = '-'
      end
      if due or base == '-' then
        local _, age, lifetime = match(ARGV[p + 4], '^(%d+) (%d+) (%d+)')
        call('PEXPIRE', stream, lifetime)
        call('XTRIM', stream, 'MINID', '~', format('%.0f', now - age))
      end
      if base == '-' then
        base = before
      end
      if total - base > limit then
        base = trim(stream, total, tonumber(match(ARGV[p + 4], '^%d+')), base)
      end
    end
    local value = format('%s %d %s', position, total, base)
    if due then
      call('SET', KEYS[k + 1], value, 'PX', match(ARGV[p + 4], '%d+$'))
    else
      call('SET', KEYS[k + 1], value, 'KEEPTTL')
    end
    call('SPUBLISH', ARGV[a + step - 3], position .. ' ' .. prev .. ' ' .. body)
    out[i + 1] = id
    head = id
    stored = stored + 1
    if i < count then
      seq = seq + 1
      id = format('%s-%d', ms, seq)
    end
  end
  k, a = k + width, a + step
end
if stored < count then
  call('SET', KEYS[1], epoch .. ' ' .. head .. ' ' .. born .. rest)
end
local answer = table.concat(out, '\n')
if not each then
  call('SET', KEYS[2], answer, 'PX', ARGV[4])
end
return answer
