--[[
Registers a process, unless another one of its host name has a living lease.
KEYS: queue, our list. ARGV: host, owner, milliseconds of a lease, who we are as JSON, owners that are known to be dead.
Result: the others as {owner, expiry, JSON}; we are registered if there are none.
]]
--- @include me

for index = 5, #ARGV do
  if redis.call('ZSCORE', leases, ARGV[index]) then redis.call('ZADD', leases, 0, ARGV[index]) end
end

local others = {}
for _, owner in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf')) do
  if owner ~= me.owner and host_of(owner) == me.host then
    others[#others + 1] = {
      owner,
      redis.call('ZSCORE', leases, owner),
      redis.call('HGET', consumers, owner) or '',
    }
  end
end
if #others > 0 then return others end

redis.call('ZADD', leases, now + ARGV[3], me.owner)
redis.call('HSET', consumers, me.owner, ARGV[4])
redis.call('HSET', hosts, me.host, me.owner)
return {}
