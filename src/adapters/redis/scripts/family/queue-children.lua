--[[
Queues up to a number of the pending children of some jobs, unless a process lives that takes jobs of this queue.
KEYS: queue, our list. ARGV: host, owner, largest number, then keys of the jobs: those without children are passed over.
Result: 0; 1 if there may be more; -1 if somebody lives, who queues them.
]]
--- @include me
--- @include family

for _, owner in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf', 'LIMIT', 0, 2)) do
  if owner ~= me.owner then return -1 end
end

local left = tonumber(ARGV[3])
for index = 4, #ARGV do
  local parent = ARGV[index]
  while size_of(parent, 'pending') > 0 and is_waiting(parent) do
    if left == 0 then return 1 end
    left = left - 1
    promote(parent)
  end
end
return 0
