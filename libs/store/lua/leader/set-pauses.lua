-- Says since when a job, or all jobs, are paused, and until when they were.
-- KEYS  1 lease  2 counters  3 pauses
-- ARGV  1 epoch  2 token  3 job id, or '*' for all  4 record, or '' for none
-- RETURNS 'set' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
if ARGV[4] == '' then
  redis.call('HDEL', KEYS[3], ARGV[3])
else
  redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
end
return 'set'
