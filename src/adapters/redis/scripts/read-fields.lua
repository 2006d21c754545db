--[[
Some fields of many jobs: one command for many, so that one time limit holds for all.
KEYS: hashes. ARGV: names of fields.
Result: their values, hash by hash; none for what is no hash.
]]
--- @include job

local found = {}
for index, key in ipairs(KEYS) do
  found[index] = is_hash(key) and redis.call('HMGET', key, unpack(ARGV)) or {}
end
return found
