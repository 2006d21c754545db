--[[
The dead letters of a queue, oldest first.
ARGV: queue.
Result: {key, when it was added, reason} for each.
]]
--- @include letters

local letters = {}
for index, key in ipairs(redis.call('ZRANGE', letters_of(ARGV[1]), 0, -1)) do
  local text = redis.call('HGET', letter_jobs_of(ARGV[1]), key)
  local letter = text and cjson.decode(text) or { fields = {} }
  letters[index] = { key, letter.buried_at or '', letter.fields.reason or '' }
end
return letters
