--[[
Leaves a parent in our list until its children have ended.
KEYS: queue, our list. ARGV: host, owner, key, token, number of children, '1' to wake at the first failure, fields.
Result: 'parked', 'lost', 'ready' if the children have ended, or 'short' if Redis has lost some: then the parent is
to be split again, which makes those anew.
]]
--- @include check-claim
--- @include family

local key, total, wakes = ARGV[3], tonumber(ARGV[5]), ARGV[6]
local state, job = check_claim(key, tonumber(ARGV[4]))
if state ~= 'ours' then return 'lost' end
if family_size(key) < total then
  redis.call('HDEL', key, 'children:total')
  return 'short'
end
redis.call('HSET', key, 'children:total', total, 'updated_at', timestamp(now), unpack(ARGV, 7))
report(key)
if is_ready(key, wakes == '1') then return 'ready' end
redis.call('HSET', key, 'parked', me.list, 'parked_queue', me.queue, 'parked_wake', wakes)
uncount(key, job)
return 'parked'
