/*
 * Each change of a job is one script, so that it happens whole or not at all, and so that no change brings back a hash
 * that has expired: HSET on a missing key would create one that lives for ever.
 */

/** KEYS: hash, queue. ARGV: key, fields. Does nothing the second time, so that a client that got no answer may ask again. */
export const SUBMIT = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('LPUSH', KEYS[2], ARGV[1])
return 1`;

/** KEYS: hashes. ARGV: names of fields. Returns their values, hash by hash: one command for many, so that one time limit holds. */
export const READ = `
local all = {}
for at, key in ipairs(KEYS) do all[at] = redis.call('HMGET', key, unpack(ARGV)) end
return all`;

/** KEYS: hash. ARGV: fields. Returns 1 if the hash exists. */
export const UPDATE = `
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1`;

/** KEYS: hash, processing list. ARGV: key, fields. Returns 1 if the fields were written. */
export const SETTLE = `
local written = 0
if redis.call('TYPE', KEYS[1]).ok == 'hash' then
  local status = redis.call('HGET', KEYS[1], 'status')
  if status ~= 'done' and status ~= 'failed' then
    redis.call('HSET', KEYS[1], unpack(ARGV, 2))
    written = 1
  end
end
redis.call('LREM', KEYS[2], 1, ARGV[1])
return written`;

/** KEYS: processing list, queue. ARGV: key. Returns 1 if the key was ours to give back. */
export const GIVE_BACK = `
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
redis.call('RPUSH', KEYS[2], ARGV[1])
return 1`;

/** KEYS: hashes. ARGV: fields. */
export const TOUCH = `
for _, key in ipairs(KEYS) do
  if redis.call('TYPE', key).ok == 'hash' then
    local status = redis.call('HGET', key, 'status')
    if status ~= 'done' and status ~= 'failed' then redis.call('HSET', key, unpack(ARGV)) end
  end
end
return 1`;
