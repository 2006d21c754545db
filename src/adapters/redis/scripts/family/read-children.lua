--[[
The children of a parent that have ended, in order of place, from one place on.
ARGV: key of the parent, place to begin after, largest number, names of fields.
Result: {key, place, 'done' or 'failed', values} for each.
]]
--- @include family

local parent, after, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])

local ended = {}
for _, outcome in ipairs({ 'done', 'failed' }) do
  local found = redis.call(
    'ZRANGEBYSCORE', set_of(parent, outcome), after, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
  for index = 1, #found, 2 do
    ended[#ended + 1] = { found[index], found[index + 1], outcome }
  end
end
table.sort(ended, function(one, other) return tonumber(one[2]) < tonumber(other[2]) end)

local page = {}
for index = 1, math.min(limit, #ended) do
  local child = ended[index]
  child[4] = is_hash(child[1]) and #ARGV > 3 and redis.call('HMGET', child[1], unpack(ARGV, 4)) or {}
  page[index] = child
end
return page
