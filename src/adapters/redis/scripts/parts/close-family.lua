--- @include family

-- As long as the Kiosk keeps objects.
local TEMPORARY_SECONDS = 3 * 86400

-- What children are given and what they make have names that begin so; anything else belongs to a user.
local function is_temporary(object)
  return object and string.sub(object, 1, 7) == 'output/' and #object > 39
    and string.find(string.sub(object, 8, 39), '^%x+$')
end

local function discard(...)
  for _, object in ipairs({ ... }) do
    if is_temporary(object) then redis.call('SADD', TEMPORARY, object) end
  end
  redis.call('EXPIRE', TEMPORARY, TEMPORARY_SECONDS)
end

-- What a child was given its parent has noted; without a note it may be a file of the user.
local function discard_result(child)
  local values = redis.call('HMGET', child, 'output_file_name', 'result_id')
  discard(values[1] or (values[2] and 'output/' .. values[2] .. '.zip') or '')
end

-- A child that is a parent itself ends as failed, so that its own family is closed too.
local function end_family(child)
  redis.call('HSET', child, 'status', 'failed', 'reason', 'The job that it is a part of has ended.',
    'updated_at', timestamp(now))
  redis.call('HDEL', child, 'claim_owner', 'parked', 'parked_queue', 'parked_wake')
  redis.call('SADD', CLOSING, child)
end

-- A child in the hands of a consumer without claims would be written again, and then stay for ever: it expires instead.
local function remove_child(child, seconds)
  if not is_hash(child) then return end
  local values = redis.call('HMGET', child, 'updated_by', 'claim_owner')
  local host, owner = values[1], values[2]
  local is_foreign = host and (not owner or string.sub(owner, 34) ~= host)
  local has_family = has_members(child)
  if has_family then end_family(child) end
  if is_foreign or has_family then
    redis.call('EXPIRE', child, seconds)
  else
    redis.call('DEL', child)
  end
end

-- Takes up to `limit` children out of one of the sets and does `work` on each; how many there were.
local function drain(parent, kind, limit, work)
  -- ZRANGE takes a last index of -1 for the end of the set.
  if limit == 0 then return 0 end
  local children = redis.call('ZRANGE', set_of(parent, kind), 0, limit - 1)
  for _, child in ipairs(children) do
    work(child)
    redis.call('ZREM', set_of(parent, kind), child)
  end
  return #children
end

-- Takes up to `limit` of the objects that a parent has noted and not removed; how many there were.
local function drain_objects(parent, limit)
  if limit == 0 then return 0 end
  local noted = set_of(parent, 'objects')
  local objects = redis.call('SRANDMEMBER', noted, limit)
  if #objects == 0 then return 0 end
  discard(unpack(objects))
  redis.call('SREM', noted, unpack(objects))
  return #objects
end

-- Deletes up to `limit` unfinished children of a parent that has ended and lets the others expire; notes what
-- they made for removal if the parent is not done, and in any case the objects that it made for them and has
-- not removed. True if none is left.
local function close_family(parent, limit, seconds)
  -- Of a job that somebody has started again the family is set aside with its next claim.
  if is_waiting(parent) then
    redis.call('SREM', CLOSING, parent)
    return true
  end
  local left = limit
  -- A parent that is done has removed the objects itself.
  local is_done = is_hash(parent) and redis.call('HGET', parent, 'status') == 'done'
  local function discard(child)
    if not is_done and is_hash(child) then discard_result(child) end
  end
  local function remove(child)
    discard(child)
    remove_child(child, seconds)
  end
  local function expire(child)
    discard(child)
    redis.call('EXPIRE', child, seconds)
  end
  for _, kind in ipairs({ 'open', 'pending' }) do left = left - drain(parent, kind, left, remove) end
  for _, kind in ipairs({ 'done', 'failed' }) do left = left - drain(parent, kind, left, expire) end
  left = left - drain_objects(parent, left)
  if left == 0 then return false end
  redis.call('SREM', CLOSING, parent)
  redis.call('SREM', PARENTS, parent)
  return true
end
