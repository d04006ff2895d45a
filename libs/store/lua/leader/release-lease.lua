-- Lets the lease go, so that a standby need not wait. The epoch stays.
-- KEYS  1 lease
-- ARGV  1 epoch  2 token
-- RETURNS 1 let go, 0 it was not the caller's
local held = redis.call('HMGET', KEYS[1], 'epoch', 'token')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'holder', '', 'token', '')
return 1
