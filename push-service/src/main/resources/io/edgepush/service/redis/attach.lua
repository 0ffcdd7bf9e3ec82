-- Makes sure that the last positions of topics outlive their attachment, and puts a mark with the head of the
-- partition and these positions between the events that are on their way to a node.
--
-- KEYS  clock, then the last position of each topic
-- ARGV  made, the node's channel, round, then each topic; at the end the server that runs this, or '-'
local server = ARGV[#ARGV]
local epoch, head, bound, owner, before, _, ended = partition(KEYS[1], ARGV[1], server)
if owner ~= '-' and server ~= '-' and owner ~= server then
  return { err = 'FENCED the epoch is of another server' }
end
local mark = { '@' .. ARGV[3] .. ' ' .. epoch .. ' ' .. head .. (before == '-' and '' or ' ' .. before .. ' ' .. ended) }
for i = 2, #KEYS do
  local id, total, base = topic(KEYS[i], epoch, before)
  if id then
    call('PEXPIRE', KEYS[i], FORGET, 'GT')
  else
    -- From now on it is known: nothing was published behind the bound. '~' says that it is no event's position.
    id = bound
    call('SET', KEYS[i], epoch .. ' ' .. id .. ' ' .. (total or '0') .. ' ' .. (base or '~'), 'PX', FORGET)
  end
  mark[i] = ARGV[i + 2] .. ' ' .. id
end
return call('SPUBLISH', ARGV[2], table.concat(mark, '\n'))
