--- @include family

-- A child in the hands of a consumer without claims would be written again, and then stay for ever: it expires instead.
local function remove_child(child, seconds)
  if not is_hash(child) then return end
  local values = redis.call('HMGET', child, 'updated_by', 'claim_owner')
  local host, owner = values[1], values[2]
  local is_foreign = host and (not owner or string.sub(owner, 34) ~= host)
  if is_foreign then redis.call('EXPIRE', child, seconds) else redis.call('DEL', child) end
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

-- Deletes up to `limit` unfinished children of a parent that has ended and lets the others expire. True if none is left.
local function close_family(parent, limit, seconds)
  local left = limit
  local function remove(child) remove_child(child, seconds) end
  local function expire(child) redis.call('EXPIRE', child, seconds) end
  for _, kind in ipairs({ 'open', 'pending' }) do left = left - drain(parent, kind, left, remove) end
  for _, kind in ipairs({ 'done', 'failed' }) do left = left - drain(parent, kind, left, expire) end
  if left == 0 then return false end
  redis.call('SREM', CLOSING, parent)
  return true
end
