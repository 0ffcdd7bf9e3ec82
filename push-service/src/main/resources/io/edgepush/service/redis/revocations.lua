-- Tells the revocations that are in force, a page of them.
--
-- KEYS  revocations
-- ARGV  now, how many to pass over, how many to return
-- Returns  { text, until, text, until, … }
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', ARGV[2], ARGV[3])
