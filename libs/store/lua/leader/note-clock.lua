-- Notes what the clock of the leader said when it was last trusted, and what schedules are reckoned with.
-- KEYS  1 lease  2 counters  3 clock
-- ARGV  1 epoch  2 token  3 reading  4 version of the time zone data
-- RETURNS 'noted' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
redis.call('HSET', KEYS[3], 'reading', ARGV[3], 'tzdata', ARGV[4])
return 'noted'
