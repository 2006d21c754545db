--- @include time

-- Who asks. KEYS[1]: queue. KEYS[2]: our processing list, whose name ends with our host. ARGV[1]: our host.
-- ARGV[2]: our owner id, `<32 hex digits>@<host>`, so that the host of any owner follows from its id.

local me = { queue = KEYS[1], list = KEYS[2], host = ARGV[1], owner = ARGV[2] }

local leases = 'kiosk:leases:' .. me.queue
local consumers = 'kiosk:consumers:' .. me.queue
-- Who registered last under each host name.
local hosts = 'kiosk:hosts:' .. me.queue

local function host_of(owner)
  return string.sub(owner, 34)
end

-- The processing list of a host, for the same queue.
local function list_of(host)
  return string.sub(me.list, 1, #me.list - #me.host) .. host
end

-- The keys that an owner has claimed, wherever their entries are.
local function claims_of(queue, owner)
  return 'kiosk:claims:' .. queue .. ':' .. owner
end

-- Removes all that is known of a process.
local function forget(owner)
  redis.call('ZREM', leases, owner)
  redis.call('HDEL', consumers, owner)
  redis.call('DEL', claims_of(me.queue, owner))
  local host = host_of(owner)
  if redis.call('HGET', hosts, host) == owner then redis.call('HDEL', hosts, host) end
end

local function is_alive(owner)
  local expiry = redis.call('ZSCORE', leases, owner)
  return expiry and tonumber(expiry) > now
end
