-- Reads retained events of a topic.
--
-- KEYS  clock, stream, last
-- ARGV  made, most events, most bytes (one event is always read), ms kept,
--       and for a replay the epoch and ms-seq behind which to begin; without them the newest are read
-- Returns  { epoch, head, last, 1 where there are more, then id, prev and body of each event, oldest first }
local epoch, head, bound = partition(KEYS[1], ARGV[1])
local last = topic(KEYS[3], epoch)
local most, bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
local oldest = now - tonumber(ARGV[4])
local replay = ARGV[5] ~= nil
local from, to = oldest .. '-0', '+'
if oldest < 0 then
  from = '-'
end
if replay and ARGV[5] == epoch and tonumber(match(ARGV[6], '^%d+')) >= oldest then
  from = '(' .. ARGV[6]
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

local out = { epoch, head, last or bound, more }
for n = 1, #read do
  local entry = read[replay and n or #read + 1 - n]
  out[3 * n + 2], out[3 * n + 3], out[3 * n + 4] = entry[1], entry[2][2], entry[2][4]
end
return out
