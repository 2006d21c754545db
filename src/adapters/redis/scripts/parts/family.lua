--- @include time
--- @include job
--- @include lists

-- The children of a parent, by what became of them: sorted sets of keys, with their places as scores.

local CLOSING = 'kiosk:closing'
-- Parents that have noted objects, until their families are closed: one that is deleted while it is split has
-- no child yet to tell.
local PARENTS = 'kiosk:parents'
-- Objects that nobody needs any more.
local TEMPORARY = 'kiosk:temporary'
-- Pending children whose hashes have gone, looked at in one call.
local LOST_AT_A_TIME = 50
local CHILD_SECONDS = 3 * 86400
local FAMILY_SECONDS = 7 * 86400

-- The sets of a family: of its children, and of the objects that were made for them.
local KINDS = { 'open', 'pending', 'done', 'failed', 'objects' }

local function set_of(parent, kind)
  return 'kiosk:family:' .. parent .. ':' .. kind
end

local function size_of(parent, kind)
  return redis.call('ZCARD', set_of(parent, kind))
end

-- Children that are known, whatever became of them.
local function family_size(parent)
  return size_of(parent, 'open') + size_of(parent, 'pending') + size_of(parent, 'done') + size_of(parent, 'failed')
end

local function has_members(parent)
  local sets = {}
  for index, kind in ipairs(KINDS) do sets[index] = set_of(parent, kind) end
  return redis.call('EXISTS', unpack(sets)) > 0
end

-- Whether a job is there that has not ended.
local function is_waiting(parent)
  return is_hash(parent) and not is_final(redis.call('HGET', parent, 'status'))
end

-- The place of a child in one of the sets; nil if it is not in it.
local function place_in(parent, kind, child)
  return redis.call('ZSCORE', set_of(parent, kind), child) or nil
end

local function enqueue_child(parent, child, queue, place)
  redis.call('ZADD', set_of(parent, 'open'), place, child)
  redis.call('LPUSH', queue, child)
end

-- Lets the next pending child into its queue.
local function promote(parent)
  for _ = 1, LOST_AT_A_TIME do
    local first = redis.call('ZRANGE', set_of(parent, 'pending'), 0, 0, 'WITHSCORES')
    local child, place = first[1], first[2]
    if not child then return end
    redis.call('ZREM', set_of(parent, 'pending'), child)
    local queue = is_hash(child) and redis.call('HGET', child, 'child_queue')
    if queue then
      redis.call('EXPIRE', child, CHILD_SECONDS)
      enqueue_child(parent, child, queue, place)
      return
    end
    redis.call('ZADD', set_of(parent, 'failed'), place, child)
  end
end

-- Writes how far a family is into the hash of its parent; never less than before.
local function report(parent)
  local done, failed = size_of(parent, 'done'), size_of(parent, 'failed')
  redis.call('HSET', parent, 'children:done', done, 'children:failed', failed)
  local values = redis.call('HMGET', parent, 'children:total', 'progress')
  local total = integer(values[1])
  if total == 0 then return end
  local percent = math.min(99, math.floor(100 * (done + failed) / total))
  redis.call('HSET', parent, 'progress', math.max(percent, integer(values[2])))
end

-- Whether a parent that has submitted all of its children has none to wait for. Not by their number: Redis may
-- have lost some, and the join tells.
local function is_ready(parent, wake_on_failure)
  if wake_on_failure and size_of(parent, 'failed') > 0 then return true end
  return size_of(parent, 'open') + size_of(parent, 'pending') == 0
end

-- Puts a parked parent back into its queue, as the next to be taken, once its children have ended. A consumer
-- without claims that has taken the parent meanwhile waits for the children by itself.
local function wake_if_ready(parent)
  local values = redis.call('HMGET', parent, 'parked', 'parked_queue', 'parked_wake',
    'claim_owner', 'updated_by', 'status')
  local list, queue, owner, host = values[1], values[2], values[4], values[5]
  if not list or not queue or is_final(values[6]) then return end
  if not is_ready(parent, values[3] == '1') then return end
  redis.call('HDEL', parent, 'parked', 'parked_queue', 'parked_wake')
  if owner then redis.call('SREM', 'kiosk:claims:' .. queue .. ':' .. owner, parent) end
  local theirs = host and 'processing-' .. queue .. ':' .. host
  if theirs and theirs ~= list and count(theirs, parent) > 0 then return end
  redis.call('HDEL', parent, 'claim_owner', 'updated_by')
  redis.call('HSET', parent, 'updated_at', timestamp(now))
  redis.call('LREM', queue, 0, parent)
  redis.call('RPUSH', queue, parent)
  redis.call('LREM', list, 0, parent)
end

-- Records, once, that a child has ended.
local function end_member(parent, child, outcome)
  local place = place_in(parent, 'open', child) or place_in(parent, 'pending', child)
  if not place then return end
  redis.call('ZREM', set_of(parent, 'open'), child)
  redis.call('ZREM', set_of(parent, 'pending'), child)
  redis.call('ZADD', set_of(parent, outcome), place, child)
  redis.call('EXPIRE', set_of(parent, outcome), FAMILY_SECONDS)
  if not is_waiting(parent) then
    redis.call('SADD', CLOSING, parent)
    return
  end
  promote(parent)
  report(parent)
  wake_if_ready(parent)
end
