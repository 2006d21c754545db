--[[
Renews the lease of a process and keeps its claims: each has exactly one entry in our list, and is marked as
alive now and then.
KEYS: queue, our list. ARGV: host, owner, milliseconds of a lease, who we are as JSON, '1' to mark claims and
look around, seconds until a child expires, then key and token of each claim.
Result: {keys of lost claims}, 1 if another process has registered under our host name since.
]]
--- @include give-back
--- @include check-claim
--- @include close-family

local FAMILY_PART = 100
local looks_around = ARGV[5] == '1'

-- A Redis that is full refuses a script whose first write may need memory; ZREM needs none. Leases must not
-- run out meanwhile.
redis.call('ZREM', leases, me.owner)
redis.call('ZADD', leases, now + ARGV[3], me.owner)

local entries = {}
for _, entry in ipairs(redis.call('LRANGE', me.list, 0, -1)) do
  entries[entry] = (entries[entry] or 0) + 1
end

local function keep(key)
  if entries[key] ~= 1 then
    if not entries[key] then redis.call('LREM', me.queue, 0, key) end
    hold(me.list, key)
  end
  if looks_around then
    redis.call('HSET', key, 'updated_at', timestamp(now), 'updated_by', me.host)
  end
end

local lost = {}
for index = 7, #ARGV, 2 do
  local key, token = ARGV[index], tonumber(ARGV[index + 1])
  local state = check_claim(key, token)
  if state == 'ours' then
    keep(key)
  elseif state ~= 'settled' then
    lost[#lost + 1] = key
    release(key, token)
  end
end

-- The process that registered last under a host name has it.
local named = redis.call('HGET', hosts, me.host)
local has_twin = named and named ~= me.owner and is_alive(named)
if not has_twin and named ~= me.owner then redis.call('HSET', hosts, me.host, me.owner) end

if looks_around then
  redis.call('HSETNX', consumers, me.owner, ARGV[4])
  local parent = redis.call('SRANDMEMBER', PARENTS)
  if parent and not is_waiting(parent) then redis.call('SADD', CLOSING, parent) end
  local closing = redis.call('SRANDMEMBER', CLOSING)
  if closing then close_family(closing, FAMILY_PART, ARGV[6]) end
end
return { lost, has_twin and 1 or 0 }
