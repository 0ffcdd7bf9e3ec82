#!lua
-- A rate that all nodes share: the generic cell rate algorithm. What is taken is paid off at so many a second; whoever
-- owes less than a second's worth may take, even more than that at a time.
--
-- KEYS[1]  when all will be paid off, in microseconds since the epoch
-- ARGV     how many a second, how many to take
-- Returns  how many are left and 0, or 0 and the milliseconds after which to try again
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each = 1000000 / ARGV[1]
local free = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local wait = free + each - now - 1000000
if wait > 0.5 then
  return '0 ' .. math.ceil(wait / 1000)
end
free = free + ARGV[2] * each
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000) + 1)
return math.max(0, math.floor((now + 1000000 - free) / each + 0.0001)) .. ' 0'
