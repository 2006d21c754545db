--- @include job
--- @include holder

-- A fail-over has lost our claim: it is ours again unless somebody else has the job. A fail-over loses all that
-- the claim wrote: where our record of it is still there, the job was deleted, and this is another one of its key.
local function reclaim(key, token, job)
  local is_another = not job.owner and redis.call('SISMEMBER', claims_of(me.queue, me.owner), key) == 1
  if is_another then
    -- Later claims are newer than the lost one, which stays lost.
    redis.call('HSET', key, 'claim_key', key, 'claim_token', token)
    return false
  end
  if holder(key, job, me) then return false end
  if count(me.list, key) == 0 and redis.call('LREM', me.queue, 0, key) == 0 then return false end
  hold(me.list, key)
  redis.call('HSET', key, 'claim_key', key, 'claim_token', token, 'claim_owner', me.owner,
    'updated_by', me.host)
  redis.call('SADD', claims_of(me.queue, me.owner), key)
  return true
end

-- Whether a claim still holds: 'ours', 'lost', 'gone' or 'settled', if we have written the outcome. And the job.
local function check_claim(key, token)
  local job = read_job(key)
  if not job then return 'gone' end
  local is_ours = job.owner == me.owner and job.host == me.host
  if job.finished then
    return (job.token == token and is_ours) and 'settled' or 'lost', job
  end
  if job.token > token then return 'lost', job end
  if job.token == token then return is_ours and 'ours' or 'lost', job end
  return reclaim(key, token, job) and 'ours' or 'lost', job
end
