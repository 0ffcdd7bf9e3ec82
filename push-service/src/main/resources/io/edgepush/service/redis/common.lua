-- What the scripts for reading share. 'made' is the epoch to begin where there is none.
local DAY, FORGET = 86400000, 90000000
local call, match = redis.call, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The partition's epoch, its head, what stands in for a last position that is not known, the server that the epoch
-- is of, the epoch before this one, and behind what and up to where that one survived.
local function partition(key, made, server)
  local epoch, ms, seq, born, rest
  local clock = call('GET', key)
  if clock then
    epoch, ms, seq, born, rest = match(clock, '^(%w+) (%d+)%-(%d+) (%d+)(.*)$')
  end
  if not epoch then
    call('SET', key, made .. ' 0-0 ' .. now .. ' ' .. server .. ' - 0-0 0-0')
    return made, '0-0', '0-0', server, '-', '0-0', '0-0'
  end
  local bound = '0-0'
  if tonumber(born) < now - DAY then
    bound = now - DAY < tonumber(ms) and (now - DAY) .. '-0' or ms .. '-' .. seq
  end
  local owner, before, since, ended = match(rest, '^ (%S+) (%S+) (%S+) (%S+)$')
  return epoch, ms .. '-' .. seq, bound, owner or '-', before or '-', since or '0-0', ended or '0-0'
end

-- A topic's last position, the bytes ever published and the base; no position where it is not known, and nothing at
-- all unless the topic is known of the epoch before.
local function topic(key, epoch, before)
  local last = call('GET', key)
  if last then
    local known, id, total, base = match(last, '^(%w+) (%S+) (%d+) (%S+)$')
    if known == epoch then
      return id, total, base
    elseif known == before then
      return nil, total, base
    end
  end
end

-- Whether a position lies behind another one.
local function behind(one, other)
  local ms, seq = match(one, '^(%d+)%-(%d+)$')
  local otherMs, otherSeq = match(other, '^(%d+)%-(%d+)$')
  ms, otherMs = tonumber(ms), tonumber(otherMs)
  return ms > otherMs or ms == otherMs and tonumber(seq) > tonumber(otherSeq)
end
