--[[
Puts a dead letter back into its queue as a new job. One whose hash has expired gets its fields back; one that
somebody has started again is only forgotten; a part of another job is left alone, because that one counts it.
ARGV: queue, key.
Result: 'redriven', 'gone' if there is no such letter, 'started' or 'part'.
]]
--- @include job
--- @include letters

-- As long as the Kiosk keeps uploads.
local JOB_SECONDS = 3 * 86400
local queue, key = ARGV[1], ARGV[2]

local function restore(copy)
  for index = 1, #copy, 2 do redis.call('HSET', key, copy[index], copy[index + 1]) end
  redis.call('EXPIRE', key, JOB_SECONDS)
end

local copy = redis.call('HGETALL', copy_of(queue, key))
local fields = {}
for index = 1, #copy, 2 do fields[copy[index]] = copy[index + 1] end
if fields['parent'] then return 'part' end
if not forget_letter(queue, key) then return 'gone' end
if redis.call('EXISTS', key) == 0 then restore(copy) end
if not is_hash(key) or redis.call('HGET', key, 'status') ~= 'failed' then return 'started' end
-- The front end lets the hashes of failed jobs expire within an hour.
if redis.call('TTL', key) >= 0 then redis.call('EXPIRE', key, JOB_SECONDS) end
forget_run(key)
redis.call('HDEL', key, 'claim_owner', 'updated_by')
redis.call('HSET', key, 'status', 'new', 'attempts', 0, 'updated_at', timestamp(now))
redis.call('LPUSH', queue, key)
return 'redriven'
