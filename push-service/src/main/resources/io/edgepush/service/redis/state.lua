-- Tells, or drops, what is known of a topic.
--
-- KEYS  clock, stream, last
-- ARGV  made, ms kept, and 'purge' to drop the history; the last position stays
-- Returns  { epoch, last position or '0-0', retained events }
local epoch, _, _, _, before = partition(KEYS[1], ARGV[1], '-')
local id, total, base = topic(KEYS[3], epoch, before)
if not id or base == '~' then
  if ARGV[3] == 'purge' then
    call('DEL', KEYS[2])
  end
  return { epoch, '0-0', 0 }
end
if ARGV[3] == 'purge' then
  call('DEL', KEYS[2])
  call('SET', KEYS[3], epoch .. ' ' .. id .. ' ' .. total .. ' -', 'KEEPTTL')
  return { epoch, id, 0 }
end
local oldest = now - tonumber(ARGV[2])
if oldest > 0 then
  call('XTRIM', KEYS[2], 'MINID', '=', oldest)
end
return { epoch, id, call('XLEN', KEYS[2]) }
