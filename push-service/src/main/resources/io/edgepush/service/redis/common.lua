-- What the scripts for reading share. 'made' is the epoch to begin where there is none.
local DAY, FORGET = 86400000, 90000000
local call, match = redis.call, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The partition's epoch, its head, and what stands in for a last position that is not known.
local function partition(key, made)
  local epoch, ms, seq, born
  local clock = call('GET', key)
  if clock then
    epoch, ms, seq, born = match(clock, '^(%w+) (%d+)%-(%d+) (%d+)$')
  end
  if not epoch then
    call('SET', key, made .. ' 0-0 ' .. now)
    return made, '0-0', '0-0'
  end
  local bound = '0-0'
  if tonumber(born) < now - DAY then
    bound = now - DAY < tonumber(ms) and (now - DAY) .. '-0' or ms .. '-' .. seq
  end
  return epoch, ms .. '-' .. seq, bound
end

-- A topic's last position, the bytes ever published and the base; nothing where it is not known.
local function topic(key, epoch)
  local last = call('GET', key)
  if last then
    local known, id, total, base = match(last, '^(%w+) (%S+) (%d+) (%S+)$')
    if known == epoch then
      return id, total, base
    end
  end
end
