--[[
Gives back up to a number of the jobs of one consumer whose lease has run out, and forgets the consumer once
none is left.
KEYS: queue, our list. ARGV: host, owner, largest number of jobs.
Result: {host of the dead consumer, {keys that went back to the queue}}; nil if there is no dead consumer.
]]
--- @include give-back

local limit = tonumber(ARGV[3])

-- We may be among the dead ourselves, after a long pause.
local function dead_owner()
  for _, owner in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 2)) do
    if owner ~= me.owner then return owner end
  end
  return nil
end

local function has_namesake(dead)
  for _, owner in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. now, '+inf')) do
    if host_of(owner) == dead.host then return true end
  end
  return false
end

local owner = dead_owner()
if not owner then return nil end
local dead = { owner = owner, host = host_of(owner) }
local list_is_shared = has_namesake(dead)

-- Whether an entry is left behind: not that of a living consumer of the same host, nor of one without claims there.
local function is_left_behind(key)
  local values = is_hash(key) and redis.call('HMGET', key, 'claim_owner', 'updated_by') or {}
  local claimed_by, host = values[1], values[2]
  if claimed_by and host_of(claimed_by) == dead.host and not is_alive(claimed_by) then return true end
  return not list_is_shared and host ~= dead.host
end

local recovered, seen = {}, 0
local function take(key)
  seen = seen + 1
  if recover(key, dead, false) then recovered[#recovered + 1] = key end
end

-- The newest entries first, so that the oldest comes to lie at the end that is taken next.
for _, key in ipairs(redis.call('LRANGE', list_of(dead.host), 0, -1)) do
  if seen == limit then break end
  if is_left_behind(key) then take(key) end
end
for _, key in ipairs(redis.call('SMEMBERS', claims_of(me.queue, owner))) do
  if seen == limit then break end
  take(key)
end

if seen < limit then forget(owner) end
return { dead.host, recovered }
