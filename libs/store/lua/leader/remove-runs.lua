-- Removes ended runs that the retention does not keep, with their output.
-- KEYS  1 lease  2 counters  3 all runs  4 runs of the job  5 live runs
--       6 ended runs of the job  then run, logs of the run ...
-- ARGV  1 epoch  2 token  then run ids in the order of the keys
-- RETURNS 'removed' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
for i = 3, #ARGV do
  if redis.call('SISMEMBER', KEYS[5], ARGV[i]) == 0 then
    local key = 7 + 2 * (i - 3)
    redis.call('UNLINK', KEYS[key], KEYS[key + 1])
    redis.call('ZREM', KEYS[3], ARGV[i])
    redis.call('ZREM', KEYS[4], ARGV[i])
    redis.call('ZREM', KEYS[6], ARGV[i])
    redis.call('HINCRBY', KEYS[2], 'removed_runs', 1)
  end
end
return 'removed'
