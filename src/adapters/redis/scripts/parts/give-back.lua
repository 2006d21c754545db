--- @include time
--- @include job
--- @include holder

-- Puts a key that nobody works on into its queue, once, as the next to be taken or as the last. `stray`: the key may be in the
-- queue already.
local function requeue(queue, key, as_last, stray)
  if stray then redis.call('LREM', queue, 0, key) end
  redis.call('HDEL', key, 'claim_owner', 'updated_by')
  redis.call('HSET', key, 'updated_at', timestamp(now))
  redis.call(as_last and 'LPUSH' or 'RPUSH', queue, key)
end

-- Gets rid of our entry of a job that is not ours: its holder has one; without a holder it goes back to the queue.
local function release(key)
  redis.call('SREM', claims_of(me.queue, me.owner), key)
  local job = read_job(key)
  if not job or job.finished then
    redis.call('LREM', me.list, 0, key)
    return
  end
  local host = holder(key, job, me)
  if host == me.host then return end
  local had = redis.call('LREM', me.list, 0, key) > 0
  if host then
    hold(list_of(host), key)
  elseif had then
    requeue(me.queue, key, is_suspect(job), true)
  end
end

-- Gives back a key that `member` ({ owner, host }) holds and does not work on. `abandoned`: the member lives, so this was no
-- crash. True if the key went back to the queue.
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
  local had = redis.call('LREM', list, 0, key) > 0
  if host then
    hold(list_of(host), key)
    return false
  end
  local is_theirs = job.owner == member.owner
  if not had and not (was_claimed and is_theirs) then return false end
  if abandoned and is_theirs then uncount(key, job) end
  requeue(me.queue, key, is_suspect(job), not had)
  return true
end
