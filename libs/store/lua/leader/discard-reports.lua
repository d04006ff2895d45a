-- Takes reports off the stream that change nothing, and counts why.
-- KEYS  1 lease  2 counters  3 reports
-- ARGV  1 epoch  2 token  3 name of the counter  then entry ids
-- RETURNS 'discarded' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
for i = 4, #ARGV do
  if redis.call('XDEL', KEYS[3], ARGV[i]) == 1 then
    redis.call('HINCRBY', KEYS[2], ARGV[3], 1)
  end
end
return 'discarded'
