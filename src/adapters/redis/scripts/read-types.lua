--[[
The types of many keys.
ARGV: keys.
Result: their types; none for a key that may not be read.
]]

local types = {}
for index, key in ipairs(ARGV) do types[index] = redis.pcall('TYPE', key).ok or '' end
return types
