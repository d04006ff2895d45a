-- Records what was decided about the next ticks of one schedule: outcomes, watermark and, where some are due, the runs,
-- in one move. This is where "one decision per tick" is kept (promise P1). The number of runs is bounded by the caller.
-- KEYS  1 lease  2 counters  3 watermarks  4 ticks of the schedule  5 all runs  6 runs of the job  7 live runs
--       then one key a run
-- ARGV  1 epoch  2 token  3 commit  4 schedule id  5 watermark that the planner read ('' for none)
--       6 watermark from now on (ms)  7 number of tick records kept per schedule  8 number of records
--       then instant (ms), record ...
--       then, a run, in the order of the keys: run id, created at (ms), header, number of tasks, then key, record ...
-- RETURNS 'decided' | 'stale' (the watermark has moved) | 'deposed'
-- Sent again under the same commit it says 'decided' again, where it made a run: the first answer may have been lost.
-- @include fence
-- @include put-run
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
if (redis.call('HGET', KEYS[3], ARGV[4]) or '') ~= ARGV[5] then
  return KEYS[8] and redis.call('HGET', KEYS[8], 'commit') == ARGV[3] and 'decided' or 'stale'
end
redis.call('HSET', KEYS[3], ARGV[4], ARGV[6])
local at = 9
for _ = 1, tonumber(ARGV[8]) do
  redis.call('ZADD', KEYS[4], ARGV[at], ARGV[at + 1])
  at = at + 2
end
redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -1 - tonumber(ARGV[7]))
for i = 8, #KEYS do
  local id, created, header, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  if redis.call('EXISTS', KEYS[i]) == 0 then
    putRun(KEYS[i], header, ARGV[3], ARGV, at + 4, count)
    redis.call('ZADD', KEYS[5], created, id)
    redis.call('ZADD', KEYS[6], created, id)
    redis.call('SADD', KEYS[7], id)
  end
  at = at + 4 + 2 * count
end
return 'decided'
