--- @include family

-- Leaves the family to be closed that an earlier job of this key, or an earlier run of the job, has left: its
-- children are not those of this one. `name` is unique. Whether there was one.
local function set_aside(parent, name)
  if not has_members(parent) then return false end
  local old = parent .. ':' .. name
  for _, kind in ipairs(KINDS) do
    if redis.call('EXISTS', set_of(parent, kind)) == 1 then
      redis.call('RENAME', set_of(parent, kind), set_of(old, kind))
    end
  end
  redis.call('SREM', CLOSING, parent)
  redis.call('SREM', PARENTS, parent)
  redis.call('SADD', CLOSING, old)
  return true
end
