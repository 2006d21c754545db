--- @include time

-- Dead letters of a queue: when each was added, and what the job was, since its hash may expire.

local MOST_LETTERS = 1000
local LONGEST_FIELD = 65536

local function letters_of(queue)
  return 'kiosk:dead-letters:' .. queue
end

local function letter_jobs_of(queue)
  return 'kiosk:dead-letter-jobs:' .. queue
end

local function forget_letter(queue, key)
  redis.call('HDEL', letter_jobs_of(queue), key)
  return redis.call('ZREM', letters_of(queue), key) == 1
end

-- Adds a job; beyond the limit the oldest letter goes.
local function bury(queue, key)
  local fields = {}
  for _, name in ipairs(redis.call('HKEYS', key)) do
    if redis.call('HSTRLEN', key, name) <= LONGEST_FIELD then
      fields[name] = redis.call('HGET', key, name)
    end
  end
  redis.call('ZADD', letters_of(queue), now, key)
  redis.call('HSET', letter_jobs_of(queue), key,
    cjson.encode({ buried_at = timestamp(), fields = fields }))
  for _, oldest in ipairs(redis.call('ZRANGE', letters_of(queue), 0, -MOST_LETTERS - 1)) do
    forget_letter(queue, oldest)
  end
end
