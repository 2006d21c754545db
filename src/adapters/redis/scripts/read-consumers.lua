--[[
The living consumers of a queue.
ARGV: queue.
Result: {owner, milliseconds until the lease runs out, who it is as JSON, number of its claims} for each.
]]
--- @include time

local living = {}
local leases = 'kiosk:leases:' .. ARGV[1]
local found = redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf', 'WITHSCORES')
for index = 1, #found, 2 do
  local owner = found[index]
  living[#living + 1] = {
    owner,
    found[index + 1] - now,
    redis.call('HGET', 'kiosk:consumers:' .. ARGV[1], owner) or '',
    redis.call('SCARD', 'kiosk:claims:' .. ARGV[1] .. ':' .. owner),
  }
end
return living
