--- @include time

-- Dead letters of a queue: when each was added, and a copy of its job, since the hash itself may expire.

local MOST_LETTERS = 1000
local LONGEST_FIELD = 65536

local function letters_of(queue)
  return 'kiosk:dead-letters:' .. queue
end

local function copy_of(queue, key)
  return 'kiosk:dead-letter:' .. queue .. ':' .. key
end

local function forget_letter(queue, key)
  redis.call('DEL', copy_of(queue, key))
  return redis.call('ZREM', letters_of(queue), key) == 1
end

-- Adds a job; beyond the limit the oldest letter goes.
local function bury(queue, key)
  redis.call('ZADD', letters_of(queue), now, key)
  for _, name in ipairs(redis.call('HKEYS', key)) do
    if redis.call('HSTRLEN', key, name) <= LONGEST_FIELD then
      redis.call('HSET', copy_of(queue, key), name, redis.call('HGET', key, name))
    end
  end
  for _, oldest in ipairs(redis.call('ZRANGE', letters_of(queue), 0, -MOST_LETTERS - 1)) do
    forget_letter(queue, oldest)
  end
end
