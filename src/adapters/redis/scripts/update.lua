--[[
Writes fields of a claimed job.
KEYS: queue, our list. ARGV: host, owner, key, token, fields.
Result: 1; 0 if the claim is lost.
]]
--- @include time
--- @include check-claim

local key = ARGV[3]
if check_claim(key, tonumber(ARGV[4])) ~= 'ours' then return 0 end
redis.call('HSET', key, 'updated_at', timestamp(now), 'updated_by', me.host, unpack(ARGV, 5))
return 1
