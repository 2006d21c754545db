--[[
Ends the lease of a process that works on nothing any more.
KEYS: queue, our list. ARGV: host, owner.
]]
--- @include me

forget(me.owner)
return 1
