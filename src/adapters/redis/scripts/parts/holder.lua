--- @include me
--- @include lists

-- The host of another consumer than `member` that works on a job: it has a living lease; or, for one without
-- leases, it wrote the hash last and its processing list holds the key.
local function holder(key, job, member)
  if job.owner and job.owner ~= member.owner and is_alive(job.owner) then
    return host_of(job.owner)
  end
  local host = job.host
  if host and host ~= member.host and count(list_of(host), key) > 0 then return host end
  return nil
end
