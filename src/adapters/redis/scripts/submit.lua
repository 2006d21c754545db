--[[
Creates a job and puts its key into a queue. Does nothing the second time, so that a client that got no answer
may ask again.
KEYS: hash, queue. ARGV: fields.
Result: 1; 0 if the job exists.
]]

if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
redis.call('LPUSH', KEYS[2], KEYS[1])
return 1
