-- Starts a job that follows others: its run, and that the runs which met its dependencies are consumed, in one move.
-- This is where "once per completed set of upstream runs" is kept.
-- KEYS  1 lease  2 counters  3 what the job has consumed  4 run  5 all runs  6 runs of the job  7 live runs
-- ARGV  1 epoch  2 token  3 commit  4 run id  5 created at (ms)  6 header
--       7 number of upstream jobs  then upstream job, mark that the planner read, mark from now on ...
--       then number of tasks  then key, record ...
-- RETURNS 'started' | 'exists' (there is such a run, which is left as it is) | 'stale' (a mark is another one)
--         | 'deposed'
-- Sent again under the same commit it says 'started' again: the first answer may have been lost.
-- @include fence
-- @include put-run
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
local tasks = 8 + 3 * tonumber(ARGV[7])
for i = 8, tasks - 1, 3 do
  if redis.call('HGET', KEYS[3], ARGV[i]) ~= ARGV[i + 1] then
    return redis.call('HGET', KEYS[4], 'commit') == ARGV[3] and 'started' or 'stale'
  end
end
for i = 8, tasks - 1, 3 do
  redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 2])
end
if redis.call('EXISTS', KEYS[4]) == 1 then
  return 'exists'
end
putRun(KEYS[4], ARGV[6], ARGV[3], ARGV, tasks + 1, tonumber(ARGV[tasks]))
redis.call('ZADD', KEYS[5], ARGV[5], ARGV[4])
redis.call('ZADD', KEYS[6], ARGV[5], ARGV[4])
redis.call('SADD', KEYS[7], ARGV[4])
return 'started'
