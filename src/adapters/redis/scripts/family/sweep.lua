--[[
Looks for children that ended without telling: finished by a consumer that knows no parents, expired or deleted.
ARGV: key of the parent, place to go on from, largest number of children to look at.
Result: open children, done, failed, place to go on from next time ('-inf': from the start), and 1 if the parent
has not ended and is not parked.
]]
--- @include family

-- Calls of `promote`, each of which passes over a number of children that have gone.
local PROMOTIONS = 10
local parent, limit = ARGV[1], tonumber(ARGV[3])

local function outcome_of(child)
  if not is_hash(child) then return 'failed' end
  local status = redis.call('HGET', child, 'status')
  return is_final(status) and status or nil
end

local looked_at = redis.call(
  'ZRANGEBYSCORE', set_of(parent, 'open'), ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
for index = 1, #looked_at, 2 do
  local outcome = outcome_of(looked_at[index])
  if outcome then end_member(parent, looked_at[index], outcome) end
end
-- The last open child may have ended without letting another in, if many of those that were next have gone.
for _ = 1, PROMOTIONS do
  if not is_waiting(parent) or size_of(parent, 'open') > 0 or size_of(parent, 'pending') == 0 then break end
  promote(parent)
  report(parent)
end
if is_waiting(parent) then
  wake_if_ready(parent)
  for _, kind in ipairs(KINDS) do
    redis.call('EXPIRE', set_of(parent, kind), FAMILY_SECONDS)
  end
  redis.call('EXPIRE', PARENTS, FAMILY_SECONDS)
end

local is_end = #looked_at < 2 * limit
local next_place = is_end and '-inf' or '(' .. looked_at[#looked_at]
return {
  size_of(parent, 'open') + size_of(parent, 'pending'),
  size_of(parent, 'done'),
  size_of(parent, 'failed'),
  next_place,
  is_waiting(parent) and not redis.call('HGET', parent, 'parked') and 1 or 0,
}
