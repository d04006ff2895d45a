-- Stores a run that somebody asked for.
-- KEYS  1 lease  2 counters  3 run  4 all runs  5 runs of the job  6 live runs
-- ARGV  1 epoch  2 token  3 commit  4 run id  5 created at (ms)  6 header  7 number of tasks  then key, record ...
-- RETURNS 'created' | 'exists' | 'deposed'
-- Asked again under the same commit it says 'created' again: the first answer may have been lost.
-- @include fence
-- @include put-run
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
if redis.call('EXISTS', KEYS[3]) == 1 then
  return redis.call('HGET', KEYS[3], 'commit') == ARGV[3] and 'created' or 'exists'
end
putRun(KEYS[3], ARGV[6], ARGV[3], ARGV, 8, tonumber(ARGV[7]))
redis.call('ZADD', KEYS[4], ARGV[5], ARGV[4])
redis.call('ZADD', KEYS[5], ARGV[5], ARGV[4])
redis.call('SADD', KEYS[6], ARGV[4])
return 'created'
