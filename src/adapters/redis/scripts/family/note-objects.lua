--[[
Notes objects that a claimed job is about to make for its children.
KEYS: queue, our list. ARGV: host, owner, key and token of the parent, objects.
Result: 1; 0 if the claim is lost.
]]
--- @include check-claim
--- @include family

local parent, noted = ARGV[3], set_of(ARGV[3], 'objects')
if check_claim(parent, tonumber(ARGV[4])) ~= 'ours' then return 0 end
redis.call('SADD', PARENTS, parent)
redis.call('EXPIRE', PARENTS, FAMILY_SECONDS)
redis.call('SADD', noted, unpack(ARGV, 5))
redis.call('EXPIRE', noted, FAMILY_SECONDS)
-- A job that is done once more makes objects of the same names.
redis.call('SREM', TEMPORARY, unpack(ARGV, 5))
return 1
