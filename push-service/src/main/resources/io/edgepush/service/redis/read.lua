-- Reads retained events of a topic.
--
-- KEYS  clock, stream, last
-- ARGV  made, most events, most bytes (one event is always read), ms kept,
--       and for a replay the epoch and ms-seq behind which to begin; without them the newest are read
-- Returns  { epoch, head, last, 1 where there are more, then id, prev and body of each event, oldest first }. What
--          survived of the epoch before comes by itself, with that epoch and 1, when a replay begins there.
local epoch, head, bound, _, before, since, ended = partition(KEYS[1], ARGV[1], '-')
local last = topic(KEYS[3], epoch, before)
local most, bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
local oldest = now - tonumber(ARGV[4])
local replay = ARGV[5] ~= nil
local from, to = oldest .. '-0', '+'
if oldest < 0 then
  from = '-'
end
if before ~= '-' and (oldest < 0 or behind(ended, from)) then
  from = '(' .. ended
end
if replay and ARGV[5] == epoch and tonumber(match(ARGV[6], '^%d+')) >= oldest and behind(ARGV[6], ended) then
  from = '(' .. ARGV[6]
end
if replay and ARGV[5] == before and behind(ended, ARGV[6]) then
  local after = behind(ARGV[6], since) and ARGV[6] or since
  local first = tonumber(match(after, '^%d+')) >= oldest and '(' .. after or oldest .. '-0'
  if #call('XRANGE', KEYS[2], first, ended, 'COUNT', 1) > 0 then
    epoch, head, last, from, to = before, ended, ended, first, ended
  end
end

local read, size, more = {}, 0, 0
while last and more == 0 do
  local page = math.min(most - #read + 1, 100)
  local entries
  if replay then
    entries = call('XRANGE', KEYS[2], from, to, 'COUNT', page)
  else
    entries = call('XREVRANGE', KEYS[2], to, from, 'COUNT', page)
  end
  for i = 1, #entries do
    local body = entries[i][2][4]
    if #read == most or #read > 0 and size + #body > bytes then
      more = 1
      break
    end
    size = size + #body
    read[#read + 1] = entries[i]
  end
  if #entries < page then
    break
  end
  if replay then
    from = '(' .. entries[#entries][1]
  else
    to = '(' .. entries[#entries][1]
  end
end

local out = { epoch, head, last or bound, epoch == before and 1 or more }
for n = 1, #read do
  local entry = read[replay and n or #read + 1 - n]
  out[3 * n + 2], out[3 * n + 3], out[3 * n + 4] = entry[1], entry[2][2], entry[2][4]
end
return out
