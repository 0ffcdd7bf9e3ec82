#!lua
-- Stores events of one partition and fans them out.
--
-- KEYS[1]  clock: 'epoch ms-seq born', the partition's last position and when the epoch was made
-- then for each event
--   stream  entries: id = ms-seq, p = position of the predecessor, e = body, c = bytes published before it
--   last    'epoch ms-seq bytes base': the topic's last position, the bytes published in all, and those published
--           before the first retained event ('-' where nothing is retained)
--   idem    'epoch ms-seq' of the first event with this idempotency key
-- ARGV[1]  the epoch to begin where there is none
-- then for each event
--   channel, idem's lifetime in ms, '~' or '=' (trim by whole nodes or exactly) or '-' (keep nothing), events to keep,
--   bytes at which to trim, size, 'bytes-to-keep ms-to-keep lifetime-of-stream lifetime-of-last', body
-- Returns  the epoch, then a line for each event: ms-seq, or '=epoch ms-seq' of the first one with its key
--
-- Lua does not roll back: the clock moves first, so that a position is never given twice. Converting a number to text
-- costs as much as a command, so positions stay text (milliseconds have 13 digits until 2286).
local call, match, sub = redis.call, string.match, string.sub
local time = call('TIME')
local now = time[1] .. sub('000000' .. time[2], -6, -4)
local count = (#KEYS - 1) / 3

local epoch, ms, seq, born
local clock = call('GET', KEYS[1])
if clock then
  epoch, ms, seq, born = match(clock, '^(%w+) (%d+)%-(%d+) (%d+)$')
end
if not epoch then
  epoch, ms, seq, born = ARGV[1], '0', '0', now
end
local head = ms .. '-' .. seq
local ahead = ms > now
if now > ms then
  ms, seq = now, 0
elseif seq + count > 999999999 then
  ms, seq = string.format('%.0f', ms + 1), 0
else
  seq = seq + 1
end
local id = ms .. '-' .. seq
call('SET', KEYS[1], epoch .. ' ' .. (count == 1 and id or ms .. '-' .. seq + count - 1) .. ' ' .. born)

-- What stands in for a last position that is not known: not before anything that was forgotten.
local function bound()
  local day = now - 86400000
  if born + 0 >= day then
    return '0-0'
  end
  return day < tonumber(match(head, '^%d+')) and string.format('%.0f-0', day) or head
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

local out, stored = { epoch }, 0
for i = 1, count do
  local k, a = 3 * i - 1, 8 * i - 6
  local first = call('SET', KEYS[k + 2], epoch .. ' ' .. id, 'NX', 'GET', 'PX', ARGV[a + 1])
  if first then
    out[i + 1] = '=' .. first
  else
    local stream, body = KEYS[k], ARGV[a + 7]
    local known, prev, total, base
    local last = call('GET', KEYS[k + 1])
    if last then
      known, prev, total, base = match(last, '^(%w+) (%S+) (%d+) (%S+)$')
    end
    if known ~= epoch then
      call('DEL', stream)
      prev, total, base = bound(), '0', '-'
    end
    -- What depends on age is done once a second; the lifetimes allow for it.
    local due = known ~= epoch or ahead or sub(prev, 1, 10) ~= sub(id, 1, 10)
    local size = total + ARGV[a + 5]
    local how = ARGV[a + 2]
    if how == '-' or base == '~' then
      if base ~= '-' then
        call('DEL', stream)
      end
      base = '-'
    end
    if how ~= '-' then
      local added = redis.pcall('XADD', stream, 'MAXLEN', how, ARGV[a + 3], id, 'p', prev, 'e', body, 'c', total)
      if type(added) == 'table' then
        -- The stream is of a clock that was lost, or no stream.
        call('DEL', stream)
        call('XADD', stream, id, 'p', prev, 'e', body, 'c', total)
        base = '-'
      end
      if due or base == '-' then
        local _, age, lifetime = match(ARGV[a + 6], '^(%d+) (%d+) (%d+)')
        call('PEXPIRE', stream, lifetime)
        call('XTRIM', stream, 'MINID', '~', now - age)
      end
      if base == '-' then
        base = total
      end
      if size - base > tonumber(ARGV[a + 4]) then
        base = trim(stream, size, tonumber(match(ARGV[a + 6], '^%d+')), base)
      end
    end
    local value = epoch .. ' ' .. id .. ' ' .. size .. ' ' .. base
    if due then
      call('SET', KEYS[k + 1], value, 'PX', match(ARGV[a + 6], '%d+$'))
    else
      call('SET', KEYS[k + 1], value, 'KEEPTTL')
    end
    call('SPUBLISH', ARGV[a], epoch .. ' ' .. id .. ' ' .. prev .. ' ' .. body)
    out[i + 1] = id
    head = id
    stored = stored + 1
    if i < count then
      seq = seq + 1
      id = ms .. '-' .. seq
    end
  end
end
if stored < count then
  call('SET', KEYS[1], epoch .. ' ' .. head .. ' ' .. born)
end
return table.concat(out, '\n')
