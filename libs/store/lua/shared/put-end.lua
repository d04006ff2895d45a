-- putEnd(ended, id, endedAt): files a run behind every other of its job that has ended.
-- Its place is when it ended, or one more than the last place where the clock was set back or stood still: jobs that
-- follow this one have consumed it up to some place, and no end may come to lie before that.
local function putEnd(ended, id, endedAt)
  local last = redis.call('ZREVRANGE', ended, 0, 0, 'WITHSCORES')[2]
  local place = tonumber(endedAt)
  if last and tonumber(last) >= place then
    place = tonumber(last) + 1
  end
  redis.call('ZADD', ended, 'NX', string.format('%.0f', place), id)
end
