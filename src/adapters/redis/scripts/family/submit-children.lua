--[[
Creates children of a claimed job and queues them, at most a number of them at a time. Those that were
submitted before are left alone.
KEYS: queue, our list. ARGV: host, owner, key and token of the parent, largest number in queues, then for each
child: key, queue, place, '1' if it has failed already, number of its fields, fields.
Result: 1; 0 if the claim is lost.
]]
--- @include check-claim
--- @include family

local parent, most = ARGV[3], tonumber(ARGV[5])
if check_claim(parent, tonumber(ARGV[4])) ~= 'ours' then return 0 end

local function is_known(child)
  for _, kind in ipairs({ 'open', 'pending', 'done', 'failed' }) do
    if place_in(parent, kind, child) then return true end
  end
  return false
end

-- Values that Lua passes to one call; an even number, for names and values. It refuses 8,000.
local VALUES_AT_A_TIME = 1000

local function write_fields(child, first, last)
  for from = first, last, VALUES_AT_A_TIME do
    redis.call('HSET', child, unpack(ARGV, from, math.min(last, from + VALUES_AT_A_TIME - 1)))
  end
end

local open = size_of(parent, 'open')
local function create(child, queue, place, has_failed, first, last)
  redis.call('DEL', child)
  redis.call('HSET', child, 'claim_key', child, 'parent', parent, 'place', place,
    'child_queue', queue)
  write_fields(child, first, last)
  redis.call('EXPIRE', child, CHILD_SECONDS)
  if has_failed then
    redis.call('ZADD', set_of(parent, 'failed'), place, child)
  elseif open < most then
    open = open + 1
    enqueue_child(parent, child, queue, place)
  else
    redis.call('ZADD', set_of(parent, 'pending'), place, child)
  end
end

local index = 6
while index <= #ARGV do
  local child, queue, place = ARGV[index], ARGV[index + 1], ARGV[index + 2]
  local has_failed = ARGV[index + 3] == '1'
  local first = index + 5
  local last = first + 2 * tonumber(ARGV[index + 4]) - 1
  if not is_known(child) then create(child, queue, place, has_failed, first, last) end
  index = last + 1
end
for _, kind in ipairs({ 'open', 'pending', 'failed' }) do
  redis.call('EXPIRE', set_of(parent, kind), FAMILY_SECONDS)
end
return 1
