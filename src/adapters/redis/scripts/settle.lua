--[[
Writes the outcome of a claimed job, drops its entry, and tells its parent.
KEYS: queue, our list. ARGV: host, owner, key, token, '1' to add it to the dead letters, fields.
Result: 'written', 'lost' or 'gone'; and 1 if the job has children to be removed.
]]
--- @include give-back
--- @include check-claim
--- @include family
--- @include letters

local key = ARGV[3]
local token = tonumber(ARGV[4])
local state = check_claim(key, token)
if state == 'settled' then return { 'written', redis.call('SISMEMBER', CLOSING, key) } end
if state ~= 'ours' then
  release(key, token)
  return { state, 0 }
end

redis.call('HSET', key, 'updated_at', timestamp(now), 'updated_by', me.host, unpack(ARGV, 6))
redis.call('LREM', me.list, 0, key)
redis.call('SREM', claims_of(me.queue, me.owner), key)
if ARGV[5] == '1' then bury(me.queue, key) end

local values = redis.call('HMGET', key, 'status', 'parent')
if values[2] then end_member(values[2], key, values[1] == 'done' and 'done' or 'failed') end

if not has_members(key) then return { 'written', 0 } end
redis.call('SADD', CLOSING, key)
return { 'written', 1 }
