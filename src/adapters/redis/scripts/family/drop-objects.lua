--[[
Lets objects be removed that were made for children of a job, if it has ended or is gone: they may have come
after its family was closed.
ARGV: key of the parent, objects.
Result: 1; 0 if the job has not ended.
]]
--- @include close-family

local parent = ARGV[1]
if is_waiting(parent) then return 0 end
redis.call('SADD', CLOSING, parent)
discard(unpack(ARGV, 2))
return 1
