-- Puts a worker on the member list, once for each name, and takes its request away.
-- KEYS  1 lease  2 counters  3 members  4 join requests
-- ARGV  1 epoch  2 token  3 node  4 signed member ('' to refuse it)  5 the request as it was read
--       6 channel on which the worker waits
-- RETURNS 'admitted' | 'taken' (the name is another worker's) | 'refused' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
if redis.call('HGET', KEYS[4], ARGV[3]) == ARGV[5] then
  redis.call('HDEL', KEYS[4], ARGV[3])
end
local answer = 'refused'
if ARGV[4] ~= '' then
  answer = redis.call('HSETNX', KEYS[3], ARGV[3], ARGV[4]) == 1 and 'admitted' or 'taken'
end
redis.call('PUBLISH', ARGV[6], answer)
return answer
