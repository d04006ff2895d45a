-- Stores a definition set and the definitions that are new in it, and makes it the one in force; with it the
-- watermarks of schedules that begin now, so that none of their ticks can get lost before the first one is decided.
-- A large set comes in parts, of which the last one holds the set: what is stored before means nothing until then.
-- KEYS  1 lease  2 counters  3 definitions  4 the set in force  5 watermarks
-- ARGV  1 epoch  2 token  3 signed set ('' when it comes with a later part)  4 number of definitions  then content address, signed definition ...
--       then schedule id, watermark (ms) ...
-- RETURNS 'stored' | 'deposed'
-- @include fence
if not fence(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then
  return 'deposed'
end
local last = 4 + 2 * tonumber(ARGV[4])
for i = 5, last, 2 do
  -- What somebody else has put there is replaced; the same text is not written again.
  if redis.call('HGET', KEYS[3], ARGV[i]) ~= ARGV[i + 1] then
    redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1])
  end
end
for i = last + 1, #ARGV, 2 do
  local stored = redis.call('HGET', KEYS[5], ARGV[i])
  if not stored or tonumber(stored) < tonumber(ARGV[i + 1]) then
    redis.call('HSET', KEYS[5], ARGV[i], ARGV[i + 1])
  end
end
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[4], ARGV[3])
end
return 'stored'
