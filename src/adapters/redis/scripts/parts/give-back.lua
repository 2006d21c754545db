--- @include time
--- @include job
--- @include holder

-- Moves a key that nobody works on from a list to its queue, once, as the next to be taken; as the last if it may
-- crash its workers, or if `as_last` says so. `stray`: the key may be in the queue already. The entry of the list
-- goes last: nothing undoes what a script has done before Redis refused a command of it, because a right was taken
-- away for example, and the key must be in some list then.
local function requeue(list, key, job, stray, as_last)
  redis.call('HDEL', key, 'claim_owner', 'updated_by')
  note_crash(key, job)
  redis.call('HSET', key, 'updated_at', timestamp(now))
  if stray then redis.call('LREM', me.queue, 0, key) end
  redis.call((as_last or is_suspect(job)) and 'LPUSH' or 'RPUSH', me.queue, key)
  redis.call('LREM', list, 0, key)
end

-- Whether this process has claimed the job again since it got a token: what is done for the old claim must
-- not touch the new one.
local function is_claimed_anew(job, token)
  return job and job.owner == me.owner and job.host == me.host and job.token > token
end

-- Gets rid of our entry of a job that a claim has lost: its holder has one; without a holder it goes back to the queue.
local function release(key, token)
  local job = read_job(key)
  if is_claimed_anew(job, token) then return end
  redis.call('SREM', claims_of(me.queue, me.owner), key)
  if not job or job.finished then
    redis.call('LREM', me.list, 0, key)
    return
  end
  local host = holder(key, job, me)
  if host == me.host then return end
  if host then
    hold(list_of(host), key)
    redis.call('LREM', me.list, 0, key)
  elseif count(me.list, key) > 0 then
    requeue(me.list, key, job, true)
  end
end

-- Gives back a key that `member` ({ owner, host }) holds and does not work on. `abandoned`: the member lives,
-- so this was no crash. True if the key went back to the queue.
local function recover(key, member, abandoned)
  local list = list_of(member.host)
  local job = read_job(key)
  local was_claimed = redis.call('SREM', claims_of(me.queue, member.owner), key) == 1
  if not job or job.finished then
    redis.call('LREM', list, 0, key)
    return false
  end
  local host = holder(key, job, member)
  if host == member.host then return false end
  if host then
    hold(list_of(host), key)
    redis.call('LREM', list, 0, key)
    return false
  end
  local had = count(list, key) > 0
  local is_theirs = job.owner == member.owner
  if not had and not (was_claimed and is_theirs) then return false end
  if abandoned and is_theirs then uncount(key, job) end
  requeue(list, key, job, not had)
  return true
end
