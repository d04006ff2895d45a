-- Whether the run records show what a worker reported, so that the journal may forget it: of several attempts at once.
-- KEYS  the run of each attempt
-- ARGV  for each attempt in turn: task key, attempt, placement, 'ended' or 'declined'
-- RETURNS for each attempt 'shown' | 'open' | 'no_run'
local function isShown(run, key, attempt, placement, kind)
  local record = redis.call('HGET', run, 'task:' .. key)
  if not record then
    return 'no_run'
  end
  local task = cjson.decode(record)
  if task.attempt ~= attempt then
    return task.attempt > attempt and 'shown' or 'open'
  end
  local going = task.state == 'placed' or task.state == 'running'
  if kind == 'declined' then
    return (task.placement == placement and going) and 'open' or 'shown'
  end
  return (going or task.state == 'ready' or task.state == 'pending') and 'open' or 'shown'
end

local answers = {}
for i, run in ipairs(KEYS) do
  local at = 4 * (i - 1)
  answers[i] = isShown(run, ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), ARGV[at + 4])
end
return answers
