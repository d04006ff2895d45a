-- Says what is wanted of a worker from now on, and nudges it.
-- KEYS  1 lease  2 counters  3 control records
-- ARGV  1 epoch  2 token  3 node  4 record  5 channel of the nudge
-- RETURNS 'set' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
redis.call('PUBLISH', ARGV[5], 'control')
return 'set'
