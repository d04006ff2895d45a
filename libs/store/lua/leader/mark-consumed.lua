-- Says from where on the ended runs of other jobs count for jobs that follow them. The number of marks is bounded by the
-- caller.
-- KEYS  1 lease  2 counters  then, a mark, what the job has consumed
-- ARGV  1 epoch  2 token  then, in the order of the keys, upstream job, mark ...
-- RETURNS 'marked' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
for i = 3, #KEYS do
  redis.call('HSET', KEYS[i], ARGV[2 * i - 3], ARGV[2 * i - 2])
end
return 'marked'
