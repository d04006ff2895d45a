-- Stores one planned move of a run: the changed fields only, and with it the reports that led to it.
-- KEYS  1 lease  2 counters  3 run  4 live runs  5 reports  6 ended runs of the job
-- ARGV  1 epoch  2 token  3 commit  4 run id  5 rev that the move was planned from  6 header
--       7 when it ended (ms), '' while it goes on
--       8 number of tasks  then key, record ...
--       then number of placements that must have no leave, then key, placement ...
--       then number of report entries, then entry id ...
-- RETURNS 'committed' | 'conflict' (the run is at another rev, or gone) | 'left' (a placement was given leave)
--         | 'deposed'
-- @include fence
-- @include put-end
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
local state = redis.call('HMGET', KEYS[3], 'rev', 'commit')
if state[1] ~= ARGV[5] then
  return state[2] == ARGV[3] and 'committed' or 'conflict'
end
local tasks = tonumber(ARGV[8])
local at = 9 + 2 * tasks
for _ = 1, tonumber(ARGV[at]) do
  local leave = redis.call('HGET', KEYS[3], 'leave:' .. ARGV[at + 1])
  if leave and string.find(leave, ARGV[at + 2] .. '|', 1, true) == 1 then
    return 'left'
  end
  at = at + 2
end
redis.call('HSET', KEYS[3], 'header', ARGV[6], 'rev', ARGV[5] + 1, 'commit', ARGV[3])
for i = 9, 8 + 2 * tasks, 2 do
  redis.call('HSET', KEYS[3], 'task:' .. ARGV[i], ARGV[i + 1])
end
if ARGV[7] ~= '' then
  redis.call('SREM', KEYS[4], ARGV[4])
  putEnd(KEYS[6], ARGV[4], ARGV[7])
end
for i = at + 2, at + 1 + tonumber(ARGV[at + 1]) do
  redis.call('XDEL', KEYS[5], ARGV[i])
end
return 'committed'
