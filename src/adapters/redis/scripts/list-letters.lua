--[[
The dead letters of a queue, oldest first.
ARGV: queue.
Result: {key, when it was added, reason} for each.
]]
--- @include letters

local queue = ARGV[1]
local found = redis.call('ZRANGE', letters_of(queue), 0, -1, 'WITHSCORES')
local letters = {}
for index = 1, #found, 2 do
  local key = found[index]
  local reason = redis.call('HGET', copy_of(queue, key), 'reason') or ''
  letters[#letters + 1] = { key, timestamp(tonumber(found[index + 1])), reason }
end
return letters
