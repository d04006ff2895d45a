-- Whether the run record shows what a worker reported, so that the journal may forget it.
-- KEYS  1 run
-- ARGV  1 task key  2 attempt  3 placement  4 'ended' or 'declined'
-- RETURNS 'shown' | 'open' | 'no_run'
local record = redis.call('HGET', KEYS[1], 'task:' .. ARGV[1])
if not record then
  return 'no_run'
end
local task = cjson.decode(record)
local attempt, placement = tonumber(ARGV[2]), tonumber(ARGV[3])
if task.attempt ~= attempt then
  return task.attempt > attempt and 'shown' or 'open'
end
local going = task.state == 'placed' or task.state == 'running'
if ARGV[4] == 'declined' then
  return (task.placement == placement and going) and 'open' or 'shown'
end
return (going or task.state == 'ready' or task.state == 'pending') and 'open' or 'shown'
