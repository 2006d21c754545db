--[[
Gives back keys that our list holds, or that we have claimed, and that we do not work on.
KEYS: queue, our list. ARGV: host, owner, keys.
Result: the keys that went back to the queue.
]]
--- @include give-back

local recovered = {}
for index = 3, #ARGV do
  if recover(ARGV[index], me, true) then recovered[#recovered + 1] = ARGV[index] end
end
return recovered
