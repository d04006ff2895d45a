-- Records what was decided about the next ticks of one schedule: outcomes, watermark and, where one was due, the run,
-- in one move. This is where "one decision per tick" is kept (promise P1).
-- KEYS  1 lease  2 counters  3 watermarks  4 ticks of the schedule  5 run  6 all runs  7 runs of the job  8 live runs
-- ARGV  1 epoch  2 token  3 commit  4 schedule id  5 watermark that the planner read ('' for none)
--       6 watermark from now on (ms)  7 number of tick records kept per schedule  8 number of records
--       then instant (ms), record ...; then '' when no run is due, else
--       run id, created at (ms), header, number of tasks, then key, record ...
-- RETURNS 'decided' | 'stale' (the watermark has moved) | 'deposed'
-- @include fence
-- @include put-run
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
if (redis.call('HGET', KEYS[3], ARGV[4]) or '') ~= ARGV[5] then
  return redis.call('HGET', KEYS[5], 'commit') == ARGV[3] and 'decided' or 'stale'
end
redis.call('HSET', KEYS[3], ARGV[4], ARGV[6])
local at = 9
for _ = 1, tonumber(ARGV[8]) do
  redis.call('ZADD', KEYS[4], ARGV[at], ARGV[at + 1])
  at = at + 2
end
redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -1 - tonumber(ARGV[7]))
if ARGV[at] ~= '' and redis.call('EXISTS', KEYS[5]) == 0 then
  local id, created = ARGV[at], ARGV[at + 1]
  putRun(KEYS[5], ARGV[at + 2], ARGV[3], ARGV, at + 4, tonumber(ARGV[at + 3]))
  redis.call('ZADD', KEYS[6], created, id)
  redis.call('ZADD', KEYS[7], created, id)
  redis.call('SADD', KEYS[8], id)
end
return 'decided'
