-- Takes the lease: when nobody has it, when the caller's own identity has it, when it was let go, or when it still
-- is what the caller saw stand still for long enough.
-- KEYS  1 lease
-- ARGV  1 holder  2 new token  3 epoch seen  4 beat seen ('' when nothing was seen long enough)
--       5 beat period in ms  6 the least epoch to lead with
-- RETURNS {1, epoch}  taken
--         {0, holder, epoch, beat, period in ms}  not taken: who has it
local held = redis.call('HMGET', KEYS[1], 'holder', 'epoch', 'beat', 'period')
local holder, epoch, beat = held[1], tonumber(held[2] or 0), held[3]
local free = not holder or holder == '' or holder == ARGV[1]
local stood = ARGV[4] ~= '' and held[2] == ARGV[3] and beat == ARGV[4]
if not free and not stood then
  return { 0, holder, epoch, tonumber(beat), tonumber(held[4]) }
end
local next = math.max(epoch, tonumber(ARGV[6]) - 1) + 1
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'token', ARGV[2], 'epoch', next, 'beat', 0, 'period', ARGV[5])
return { 1, next }
