--[[
Removes up to a number of the children of a job that has ended.
ARGV: key of the parent, largest number, seconds until those that have ended expire.
Result: 1 if none is left.
]]
--- @include close-family

return close_family(ARGV[1], tonumber(ARGV[2]), ARGV[3]) and 1 or 0
