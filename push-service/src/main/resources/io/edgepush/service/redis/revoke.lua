-- Remembers a revocation, and tells every node.
--
-- KEYS  revocations
-- ARGV  now, until, text, most, channel
-- Returns  1, or 0 when there are too many
local call = redis.call
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
if call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) and not call('ZSCORE', KEYS[1], ARGV[3]) then
  return 0
end
call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[3])
call('PEXPIREAT', KEYS[1], call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2])
call('SPUBLISH', ARGV[5], ARGV[2] .. ' ' .. ARGV[3])
return 1
