-- Stores a definition set and the definitions that are new in it, and makes it the one in force.
-- KEYS  1 lease  2 counters  3 definitions  4 the set in force
-- ARGV  1 epoch  2 token  3 signed set  then content address, definition ...
-- RETURNS 'stored' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
for i = 4, #ARGV, 2 do
  redis.call('HSETNX', KEYS[3], ARGV[i], ARGV[i + 1])
end
redis.call('SET', KEYS[4], ARGV[3])
return 'stored'
