--[[
Takes back the attempt of a claim that was lost while its holder lived: it was cut off, and did not crash. Once
a claim, and never of a job that has ended.
KEYS: queue, our list. ARGV: host, owner, key, token.
Result: 1 if the attempt was taken back.
]]
--- @include me
--- @include job

local key, token = ARGV[3], tonumber(ARGV[4])
local job = read_job(key)
if not job or job.finished or job.is_copy then return 0 end
if not forget_crash(key, token, me.owner) then return 0 end
redis.call('HSET', key, 'attempts', math.max(0, job.attempts - 1))
return 1
