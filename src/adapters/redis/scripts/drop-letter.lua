--[[
Forgets a dead letter.
ARGV: queue, key.
Result: 1; 0 if there is none of this key.
]]
--- @include letters

return forget_letter(ARGV[1], ARGV[2]) and 1 or 0
