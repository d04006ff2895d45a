-- Permission to start, given once. This is where "at most one start per attempt" is decided (promise P3): the task is
-- placed on this node with this placement, and nobody was given leave for it, or this very boot of this node was.
-- KEYS  1 run  2 reports
-- ARGV  1 task key  2 placement  3 node  4 boot id  5 expiry of the envelope (ms, Redis' clock)  6 run id
-- The leave is kept as `placement|node|boot id|when (ms)`.
-- RETURNS 'granted' (now or before) | 'expired' | 'refused'
local record = redis.call('HGET', KEYS[1], 'task:' .. ARGV[1])
if not record then
  return 'refused'
end
local mine = ARGV[2] .. '|' .. ARGV[3] .. '|' .. ARGV[4] .. '|'
local task = cjson.decode(record)
local here = task.node == ARGV[3] and task.placement == tonumber(ARGV[2])
if not here or (task.state ~= 'placed' and task.state ~= 'running') then
  return 'refused'
end
local leave = redis.call('HGET', KEYS[1], 'leave:' .. ARGV[1])
if leave and string.find(leave, mine, 1, true) == 1 then
  return 'granted'
end
if task.state ~= 'placed' or (leave and string.find(leave, ARGV[2] .. '|', 1, true) == 1) then
  return 'refused'
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now >= tonumber(ARGV[5]) then
  return 'expired'
end
redis.call('HSET', KEYS[1], 'leave:' .. ARGV[1], mine .. string.format('%.0f', now))
redis.call('XADD', KEYS[2], '*', 'leave', cjson.encode({
  runId = ARGV[6], key = ARGV[1], placement = tonumber(ARGV[2]), node = ARGV[3], leftAt = now,
}))
return 'granted'
