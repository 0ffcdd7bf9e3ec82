#!lua
-- Gives a partition to the server that runs this. An epoch is of one master: what a replica that takes over, or a server
-- that starts from a file, has not got may have been answered as stored and delivered, so nothing it numbers may be
-- compared with that. The new epoch knows how much of the one before survived. A slot that was moved here takes its
-- epoch along: nothing is lost on that way, and the master it comes from lives.
--
-- KEYS  clock
-- ARGV  the epoch to begin, other masters that live, and at the end the server that runs this, or '-'
-- Returns  1 when a new epoch began; STALE when the connection was made before this history began: a server that was
--          demoted and is the master again goes on with its connections, and one that is idle hears nothing of it
local call, match = redis.call, string.match
local server = ARGV[#ARGV]
local said = redis.pcall('INFO', 'replication')
local history = type(said) == 'string' and match(said, 'master_replid:(%w+)')
if history and server ~= '-' and string.sub(history, 1, 12) ~= server then
  return { err = 'STALE the server goes on with another history' }
end
local epoch, id, born, owner, rest =
  match(call('GET', KEYS[1]) or '', '^(%w+) (%d+%-%d+) (%d+) (%S+) (.+)$')
if not epoch or server == '-' or owner == server then
  return 0
end
for i = 2, #ARGV - 1 do
  if ARGV[i] == owner then
    call('SET', KEYS[1], epoch .. ' ' .. id .. ' ' .. born .. ' ' .. server .. ' ' .. rest)
    return 0
  end
end
local time = call('TIME')
local now = time[1] .. string.sub('000000' .. time[2], -6, -4)
call('SET', KEYS[1], ARGV[1] .. ' ' .. id .. ' ' .. now .. ' ' .. server .. ' ' .. epoch .. ' ' ..
  match(rest, '%S+$') .. ' ' .. id)
return 1
