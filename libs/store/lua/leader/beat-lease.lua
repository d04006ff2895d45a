-- Shows that the holder is alive.
-- KEYS  1 lease
-- ARGV  1 epoch  2 token  3 beat period in ms
-- RETURNS the new beat, or -1 when the caller does not hold the lease any more
local held = redis.call('HMGET', KEYS[1], 'epoch', 'token')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
  return -1
end
redis.call('HSET', KEYS[1], 'period', ARGV[3])
return redis.call('HINCRBY', KEYS[1], 'beat', 1)
