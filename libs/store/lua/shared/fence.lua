-- fence(lease, counters, epoch, token) -> true when the caller leads now.
-- A refusal is counted, so that a deposed leader is seen (promise P5).
local function fence(lease, counters, epoch, token)
  local held = redis.call('HMGET', lease, 'epoch', 'token')
  if held[1] == epoch and held[2] == token then
    return true
  end
  redis.call('HINCRBY', counters, 'refused_writes', 1)
  return false
end
