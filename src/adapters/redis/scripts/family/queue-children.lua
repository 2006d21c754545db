--[[
Queues up to a number of the pending children of a parent at once, unless another process lives that takes the
same parents.
KEYS: queue, our list. ARGV: host, owner, key of the parent, largest number.
Result: 1 if there may be more.
]]
--- @include me
--- @include family

local parent = ARGV[3]

local function has_peers()
  for _, owner in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf')) do
    if owner ~= me.owner then return true end
  end
  return false
end

if not is_waiting(parent) or has_peers() then return 0 end
for _ = 1, tonumber(ARGV[4]) do
  if size_of(parent, 'pending') == 0 then return 0 end
  promote(parent)
end
return 1
