-- Entries of keys in lists.

-- How often a list holds a key. A list of another type holds none.
local function count(list, key)
  local entries = redis.pcall('LRANGE', list, 0, -1)
  local found = 0
  for _, entry in ipairs(entries) do
    if entry == key then found = found + 1 end
  end
  return found
end

-- Makes a list hold a key exactly once.
local function hold(list, key)
  redis.call('LREM', list, 0, key)
  redis.call('LPUSH', list, key)
end
