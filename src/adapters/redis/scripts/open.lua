--[[
Claims a key of our list: counts the attempt and mints a token.
KEYS: queue, our list. ARGV: host, owner, key, '1' if we work on it, '1' if nothing else runs here, a random
id for its result, bytes of the longest field to return.
Result: {'moved'}, {'gone'}, {'finished'}, {'held', host} or
{'opened', token, crashes, 1 if the attempt was counted, {name, value, ...}, {names of fields that are too long}}.
]]
--- @include give-back
--- @include set-aside

local PRIVATE = {
  claim_key = true, claim_token = true, claim_owner = true, claim_counted = true, claim_crashes = true,
  attempts = true, parked = true, parked_queue = true, parked_wake = true, child_queue = true,
}
local NAMES_AT_A_TIME = 1000
local key, result_id, longest = ARGV[3], ARGV[6], tonumber(ARGV[7])

local function drop_copied_fields()
  redis.call('HDEL', key, 'claim_key', 'claim_token', 'claim_owner', 'result_id', 'parent', 'place', 'child_queue')
  forget_run(key)
end

-- All fields of a hash that is no larger than one of its fields may be; nil of any other, and where Redis
-- does not tell.
local function fields_of_small_hash()
  local bytes = redis.pcall('MEMORY', 'USAGE', key, 'SAMPLES', 0)
  if type(bytes) ~= 'number' or bytes > longest then return nil end
  local all, fields = redis.call('HGETALL', key), {}
  for index = 1, #all, 2 do
    if not PRIVATE[all[index]] then
      fields[#fields + 1] = all[index]
      fields[#fields + 1] = all[index + 1]
    end
  end
  return fields
end

local function short_fields()
  local small = fields_of_small_hash()
  if small then return small, {} end
  local names, too_long = {}, {}
  for _, name in ipairs(redis.call('HKEYS', key)) do
    if not PRIVATE[name] then
      local is_long = redis.call('HSTRLEN', key, name) > longest
      local list = is_long and too_long or names
      list[#list + 1] = name
    end
  end
  local fields = {}
  for first = 1, #names, NAMES_AT_A_TIME do
    local last = math.min(#names, first + NAMES_AT_A_TIME - 1)
    local values = redis.call('HMGET', key, unpack(names, first, last))
    for index = first, last do
      fields[#fields + 1] = names[index]
      fields[#fields + 1] = values[index - first + 1]
    end
  end
  return fields, too_long
end

-- Whether a fail-over has lost the result that the keys of children follow from, before all were submitted: others
-- would be made beside them.
local function has_lost_family()
  local values = redis.call('HMGET', key, 'result_id', 'children:total')
  return not values[1] and not values[2]
end

-- Jobs that somebody has given a name that is none, such as an empty one, would have one result between them.
local function drop_odd_name()
  local name = redis.call('HGET', key, 'result_id')
  if name and (#name ~= #result_id or string.find(name, '%X')) then redis.call('HDEL', key, 'result_id') end
end

local function claim(job, is_alone)
  if job.is_copy then drop_copied_fields() end
  drop_odd_name()
  if job.is_again then
    forget_run(key)
    job.attempts, job.counted = 0, false
  end
  if job.status == 'new' or has_lost_family() then
    -- Keys of children follow from it: those of another family would have the same.
    if set_aside(key, result_id) then redis.call('HDEL', key, 'result_id') end
  end
  if job.owner == me.owner then uncount(key, job) end
  local crashes = job.attempts
  local counted = (crashes < SUSPECT or is_alone) and 1 or 0
  local token = job.token + 1
  redis.call('HDEL', key, 'parked', 'parked_queue', 'parked_wake')
  if crashes == 0 then redis.call('HDEL', key, 'claim_crashes') end
  note_crash(key, job)
  redis.call('HSETNX', key, 'result_id', result_id)
  local written = {
    'claim_key', key, 'claim_token', token, 'claim_owner', me.owner,
    'claim_counted', counted, 'attempts', crashes + counted,
    'updated_at', timestamp(now), 'updated_by', me.host,
    'status', 'started', 'identity_started', me.host,
  }
  -- A parent that waits for its children keeps its status.
  redis.call('HSET', key, unpack(written, 1, job.status == 'waiting' and #written - 4 or #written))
  redis.call('SADD', claims_of(me.queue, me.owner), key)
  local fields, too_long = short_fields()
  return { 'opened', token, crashes, counted, fields, too_long }
end

-- The entry goes last: a script that Redis refuses in its middle must leave the key in a list.
local entries = count(me.list, key)
if entries == 0 then return { 'moved' } end
local job = read_job(key)
local host = job and not job.finished and holder(key, job, me)
if host then hold(list_of(host), key) end
if host or not job or job.finished then
  redis.call('LREM', me.list, 0, key)
  return host and { 'held', host } or { job and 'finished' or 'gone' }
end
if entries > 1 then redis.call('LREM', me.list, entries - 1, key) end
if ARGV[4] == '1' then return { 'held', me.host } end
return claim(job, ARGV[5] == '1')
