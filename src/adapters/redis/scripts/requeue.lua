--[[
Gives a claimed job back to its queue; the attempt is not counted.
KEYS: queue, our list. ARGV: host, owner, key, token, '1' to put it behind all others.
Result: 1; 0 if the claim was lost. 1 too if the job has been given back already.
]]
--- @include give-back
--- @include check-claim

local key, token = ARGV[3], tonumber(ARGV[4])
local state, job = check_claim(key, token)
if state == 'ours' then
  -- A Redis that is full refuses a script whose first write may need memory; SREM needs none.
  redis.call('SREM', claims_of(me.queue, me.owner), key)
  local had = count(me.list, key) > 0
  uncount(key, job)
  requeue(me.list, key, job, not had, ARGV[5] == '1')
  return 1
end
if job and not job.finished and job.token == token and not job.owner then return 1 end
-- Given back, and taken again by our own intake, before the reply to the first attempt was lost.
if is_claimed_anew(job, token) then return 1 end
release(key, token)
return 0
