-- What a hash says about the claim of its job.

-- Crashes from which on a job goes to the end of its queue, and must run alone.
local SUSPECT = 2

-- A count that we wrote; 0 for any other text.
local function integer(text)
  if text and #text <= 15 and string.find(text, '^%d+$') then return tonumber(text) end
  return 0
end

local function is_hash(key)
  return redis.call('TYPE', key).ok == 'hash'
end

local function is_final(status)
  return status == 'done' or status == 'failed'
end

-- Nil if there is no hash. A consumer without claims copies all fields of a parent to its children, ours
-- included: they count only in the hash of the key that they name.
local function read_job(key)
  if not is_hash(key) then return nil end
  local values = redis.call('HMGET', key, 'status', 'updated_by', 'claim_key',
    'claim_token', 'claim_owner', 'claim_counted', 'attempts')
  local is_copy = values[3] and values[3] ~= key
  return {
    status = values[1],
    finished = is_final(values[1]),
    -- Somebody has started it again: no consumer leaves a job that it has claimed as new.
    is_again = not is_copy and values[1] == 'new' and integer(values[4]) > 0,
    host = values[2],
    is_copy = is_copy,
    token = is_copy and 0 or integer(values[4]),
    owner = not is_copy and values[5],
    counted = not is_copy and values[6] == '1',
    attempts = is_copy and 0 or integer(values[7]),
  }
end

-- What a run leaves in the hash of its job, and would be untrue of the next: RUN_FIELDS of known-fields.ts.
local OF_A_RUN = { 'result_stored', 'progress', 'children', 'children:total', 'children:done', 'children:version',
  'children:failed', 'children:finds', 'children:images', 'parked', 'parked_queue', 'parked_wake', 'total_jobs',
  'prediction_time', 'postprocess_time', 'upload_time', 'download_time', 'total_time', 'predict_retries',
  'failures', 'cells', 'spots', 'input', 'warnings', 'output_url', 'output_file_name', 'reason', 'error_code',
  'finished_at', 'attempts', 'claim_counted', 'claim_crashes' }

local function forget_run(key)
  redis.call('HDEL', key, unpack(OF_A_RUN))
end

-- Whether a job may be one that crashes its workers: others are served before it.
local function is_suspect(job)
  return job.attempts >= SUSPECT
end

-- Takes back an attempt that did not end in a crash; once a claim.
local function uncount(key, job)
  if not job.counted then return end
  job.counted = false
  job.attempts = math.max(0, job.attempts - 1)
  redis.call('HSET', key, 'attempts', job.attempts, 'claim_counted', 0)
end

-- Remembers a counted claim whose holder has gone without a word. Its attempt stays counted, as a crash, unless
-- the holder turns out to live.
local function note_crash(key, job)
  if not job.counted or not job.owner then return end
  local earlier = redis.call('HGET', key, 'claim_crashes')
  local all = (earlier and earlier .. ' ' or '') .. job.token .. ':' .. job.owner
  redis.call('HSET', key, 'claim_crashes', all)
end

-- True if the claim was among those remembered, which it is no more.
local function forget_crash(key, token, owner)
  local claim = ' ' .. token .. ':' .. owner .. ' '
  local all = ' ' .. (redis.call('HGET', key, 'claim_crashes') or '') .. ' '
  local from, to = string.find(all, claim, 1, true)
  if not from then return false end
  -- A Redis that is full refuses a script whose first write may need memory; HDEL needs none.
  redis.call('HDEL', key, 'claim_crashes')
  local others = string.gsub(string.sub(all, 2, from) .. string.sub(all, to + 1, -2), ' $', '')
  if others ~= '' then redis.call('HSET', key, 'claim_crashes', others) end
  return true
end
