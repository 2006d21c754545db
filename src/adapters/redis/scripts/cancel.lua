--[[
Takes a job that waits out of its queue and ends it as failed. A job that a consumer has, that is a part of
another or has parts, or that has ended, is left alone.
KEYS: hash, queue. ARGV: reason, code.
Result: 'cancelled', also when that has been done already; 'gone', 'finished', 'held' or 'part'.
]]
--- @include time
--- @include job
--- @include lists

local key, queue = KEYS[1], KEYS[2]
if not is_hash(key) then return 'gone' end
local values = redis.call('HMGET', key, 'status', 'error_code', 'parent', 'children:total',
  'claim_key', 'claim_owner', 'updated_by')

-- A key that a consumer has in hand may be in the queue as well. One without leases has it in its list.
local function is_in_hand()
  local owner, host = values[5] == key and values[6], values[7]
  local expiry = owner and redis.call('ZSCORE', 'kiosk:leases:' .. queue, owner)
  if expiry and tonumber(expiry) > now then return true end
  return host and count('processing-' .. queue .. ':' .. host, key) > 0
end

if is_final(values[1]) then return values[2] == ARGV[2] and 'cancelled' or 'finished' end
if values[3] then return 'part' end
if values[4] or count(queue, key) == 0 or is_in_hand() then return 'held' end

redis.call('HSET', key, 'status', 'failed', 'reason', ARGV[1], 'error_code', ARGV[2],
  'finished_at', timestamp(now), 'updated_at', timestamp(now))
redis.call('LREM', queue, 0, key)
return 'cancelled'
