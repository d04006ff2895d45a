-- putRun(run, header, commit, tasks, first, count): writes a whole new run at rev 1.
-- tasks[first .. first + 2 * count - 1] are key and record in turn.
local function putRun(run, header, commit, tasks, first, count)
  redis.call('HSET', run, 'header', header, 'rev', 1, 'commit', commit)
  for i = first, first + 2 * count - 1, 2 do
    redis.call('HSET', run, 'task:' .. tasks[i], tasks[i + 1])
  end
end
