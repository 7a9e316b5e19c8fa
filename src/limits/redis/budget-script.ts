/**
 * What one application's processes share, as one Lua script: Redis runs it as one step, so no two machines can take
 * the same slot. It is HourBudget, RateLimiter and Pacer once more over state that all see, by Redis' own clock.
 *
 *   KEYS  state, requests of the last hour, requests in flight, line of those who wait, who was seen, lease
 *   ARGV  one BudgetCall as JSON, and which process of Redis this is; the answer is one BudgetReply
 *
 * A slot is the moment at which one request may leave. It is given by arrival, at even distance, and may lie in the
 * future: then it is kept for whoever got it, and one who dies wastes one slot. A process asks for one at a time,
 * so that its concurrency gives it no larger share.
 *
 * A Redis that knows nothing of the application may have lost its memory while somebody still holds a slot or a lease
 * of before. So nothing is given from it for a quiet time, longer than any of those is believed by its holder. The
 * same after a restart or a fail-over: a replica or a snapshot may lack what was given last. Meanwhile everybody tells
 * it what was forgotten, before it gets anything.
 */
export const budgetScript = `
local q = cjson.decode(ARGV[1])
local HOUR, MARGIN, COUNTLESS, NO_LIMIT = 3600000, 2000, 100000, 200
local WEEK, LONG, PROBES, YOUNG, AHEAD = 604800000, 60000, 1800000, 10000, 5000
local FACTS = {'limit', 'left', 'per_second', 'overtaken', 'used_up', 'clock_hour', 'word', 'asking',
  'refusals', 'trial_by', 'on_trial'}
local TIMES = {'refused_at', 'trial_at', 'no_trial', 'next_probe'}
local text = redis.call('GET', KEYS[1])
local s = text and cjson.decode(text) or {}
local clock = q.now
if not clock then
  local t = redis.call('TIME')
  clock = t[1] * 1000 + math.floor(t[2] / 100) / 10
end
-- The clock may be set back, or that of the Redis that takes over may be behind. Time stands still then, and goes on.
s.shift = math.max(s.shift or 0, (s.last or 0) - clock)
local now = clock + s.shift
s.last = now
if not s.epoch then
  local new = {
    epoch = q.nonce, from = now + q.quiet, next = 0, paused = 0, refusals = 0, refused_at = 0, counted = 0,
    overtaken = 0, used_up = false, clock_hour = true, word = true, asking = true, no_trial = 0, next_probe = 0,
    fence = 0, ahead = 0,
  }
  for name, value in pairs(new) do s[name] = value end
elseif ARGV[2] ~= '' and s.server ~= ARGV[2] then
  s.epoch, s.from, s.told = q.nonce, now + q.quiet, nil
elseif q.known and q.known.epoch == s.epoch and now - q.known.now > q.known.most + 1000 then
  -- Redis' clock was set forward: what was sent lately looks old. Nothing else is lost.
  s.epoch, s.from, s.told = q.nonce, now + q.quiet, 0
end
if ARGV[2] ~= '' then s.server = ARGV[2] end
local forgotten = q.known and q.known.epoch ~= s.epoch
if forgotten and not q.seed then
  redis.call('SET', KEYS[1], cjson.encode(s), 'PX', WEEK)
  return cjson.encode({forgotten = true})
end
local reply = {epoch = s.epoch, now = now}

-- The hour. The reasons are HourBudget's.
local ceiling = q.per_hour or math.huge
local function own()
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - HOUR)
  local n = redis.call('ZCARD', KEYS[2])
  s.counted = math.min(s.counted, n)
  return n
end
local function flying() return redis.call('ZCARD', KEYS[3]) end
local function limit()
  return math.min(ceiling, s.limit or (ceiling == math.huge and 1200 or ceiling))
end
local function left()
  local n = own()
  local api = s.left and s.left - flying() or limit() - s.counted
  return math.min(s.used_up and 0 or api, ceiling - n)
end
local function newest(n)
  if n < 1 then return nil end
  local e = redis.call('ZRANGE', KEYS[2], -n, -n, 'WITHSCORES')
  return e[2] and tonumber(e[2])
end
local function may_try()
  return s.trial_at and s.trial_at <= now and flying() == 0 and own() < ceiling
end
local function next_trial()
  own()
  local by_own = math.max((newest(s.counted) or now - HOUR / 2) + HOUR + MARGIN, s.no_trial)
  local by_clock = now + HOUR - (now + s.ahead) % HOUR + MARGIN
  if s.clock_hour and by_clock < by_own then return by_clock, 'clock' end
  return by_own, 'own'
end
local function until_room()
  if own() >= ceiling then return (newest(ceiling) or now) + HOUR - now end
  if flying() > 0 then return q.nap end
  if not s.trial_at then s.trial_at, s.trial_by = next_trial() end
  return math.max(0, s.trial_at - now)
end
local function forget(id)
  if redis.call('ZREM', KEYS[2], id) == 1 then s.counted = math.max(0, s.counted - 1) end
end
local function ended(n)
  redis.call('ZREM', KEYS[3], n.id)
  if n.limit then s.limit = n.limit end
  if n.left and s.left and n.left > s.left and s.overtaken > 0 then
    s.overtaken = s.overtaken - 1
  elseif n.left then
    s.left, s.overtaken = n.left, flying()
    s.counted = math.min(s.counted, math.max(0, limit() - n.left) + flying())
  elseif s.left and s.left > 0 then
    s.left = s.left - 1
  end
  s.overtaken = math.min(s.overtaken, flying())
end
local function worked(n)
  ended(n)
  if s.on_trial and not n.left then s.left = nil end
  local new_hour = s.counted > limit() or s.on_trial == 'clock' or s.on_trial == 'told'
  if new_hour and not s.left then s.counted = math.min(own(), flying() + 1) end
  s.used_up, s.refusals = false, 0
  s.trial_at, s.trial_by, s.on_trial = nil, nil, nil
end
local function used_up(ms)
  local by = s.on_trial
  if by == 'clock' then s.clock_hour = false end
  if by == 'own' then s.no_trial = now + HOUR / 2 end
  if by == 'told' then s.word = false end
  s.used_up = true
  s.trial_at, s.trial_by, s.on_trial = nil, nil, nil
  if not ms then return end
  if s.word then s.trial_at, s.trial_by = now, 'told' else s.trial_at, s.trial_by = next_trial() end
  s.trial_at = math.max(s.trial_at, now + ms)
end

-- A 429 pauses everyone. The reasons are RateLimiter's.
local function pause(ms, why)
  if now + ms > s.paused then s.paused, s.why = now + ms, why end
end
local function refused(n)
  local on_trial, had_room = s.on_trial, left() > 0
  if now - s.refused_at > HOUR then s.refusals = 0 end
  if s.paused <= now and (on_trial or had_room or s.refusals == 0) then s.refusals = s.refusals + 1 end
  s.refused_at = now
  reply.refusals = s.refusals
  forget(n.id)
  ended(n)
  local about_hour
  if on_trial then about_hour = true
  elseif n.left then about_hour = n.left == 0
  elseif n.retry then about_hour = n.retry >= 10000
  else about_hour = not had_room or s.refusals > 1 end
  if not about_hour then
    return pause(math.max(n.retry or 0, 1000 * 2 ^ math.min(math.max(0, s.refusals - 1), 6)) + n.jitter, 'refused')
  end
  used_up(n.retry and n.retry + n.jitter)
  s.asking = n.retry ~= nil and s.word
  if n.retry then pause(n.retry + n.jitter, 'hour') end
end

-- What was forgotten, as the first process remembers it that tells; its times are of the clock of then.
if forgotten and q.memory then
  local m, shift = q.memory, now - q.known.now - q.known.least
  if not s.told and q.known.most < YOUNG then
    for _, name in ipairs(FACTS) do s[name] = m[name] end
    for _, name in ipairs(TIMES) do s[name] = m[name] and m[name] + shift end
    s.fence, s.told = math.max(s.fence, m.fence), m.since and m.since + shift or 0
  end
  pause(m.paused + shift - now, m.why)
end
-- What each machine sent. A request is as young as somebody says, or younger: it is told of when it is permitted, and
-- leaves with its slot. It counts unless it was known not to.
for _, each in ipairs(q.seed or {}) do
  local at, was = now - math.max(0, each[2] - AHEAD), redis.call('ZSCORE', KEYS[2], each[1])
  if each[2] < HOUR and limit() < COUNTLESS and tonumber(was or 0) < at then
    redis.call('ZADD', KEYS[2], at, each[1])
    if not was and at >= (s.told or 0) then s.counted = s.counted + 1 end
  end
end
-- Those whose process died are over, and the API has counted them.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do ended({id = id}) end
for _, n in ipairs(q.news) do
  if n.ahead then s.ahead = n.ahead end
  if n.per_second then s.per_second = n.per_second end
  if n.kind == 'unsent' then
    redis.call('ZREM', KEYS[3], n.id)
    forget(n.id)
  elseif n.kind == 'refused' then refused(n)
  elseif n.kind == 'worked' then worked(n)
  else ended(n) end
end

-- The lease: {t = token, f = fencing number, u = until, w = wanted, to be taken then}. It outlives its end, so that nobody
-- takes it back unseen. It is not taken as soon as it has run out: that is by Redis' clock, which may have been set, and a
-- holder who lives says so in the quiet time.
if q.lease then
  local l, held = q.lease, redis.call('GET', KEYS[6])
  held = held and cjson.decode(held)
  local mine = held and held.t == l.token
  if l.act == 'release' then
    if mine then held.t, held.u = '', 0 end
    reply.lease = 'released'
  elseif l.act == 'take' then
    local free = not held or held.t == '' or string.sub(held.t, 1, #l.machine) == l.machine
    if not free and now >= held.u then
      held.w = held.w or now + q.quiet
      free = now >= held.w
      reply.quiet = held.w - now
    end
    if mine or (free and now >= s.from) then
      if not mine then s.fence = math.max(math.floor(now), s.fence + 1, held and held.f + 1 or 0) end
      held = {t = l.token, f = mine and held.f or s.fence, u = now + l.ttl}
      reply.lease, reply.fence = 'held', held.f
    else
      reply.lease = (free or reply.quiet) and 'quiet' or 'taken'
    end
  elseif (mine and held.f == l.fence) or (not held and l.recent) then
    held = {t = l.token, f = l.fence, u = now + l.ttl}
    reply.lease = 'held'
  else
    reply.lease = 'lost'
  end
  if held then redis.call('SET', KEYS[6], cjson.encode(held), 'PX', WEEK) end
end

-- Who waits, by arrival; who was not heard of for a while waits no more.
redis.call('ZADD', KEYS[5], now, q.proc)
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - 30000)
for _, each in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do
  local seen = redis.call('ZSCORE', KEYS[5], each)
  if not seen or tonumber(seen) < now - 2.5 * q.nap then redis.call('ZREM', KEYS[4], each) end
end
local asks = q.asks or {}
if #asks > 0 then redis.call('ZADD', KEYS[4], 'NX', now, q.proc)
elseif q.asks then redis.call('ZREM', KEYS[4], q.proc) end
if q.leaving then redis.call('ZREM', KEYS[5], q.proc) end

-- A few milliseconds more than even distance: nothing that counts seconds can refuse that.
local per_second = math.min(q.per_second or math.huge, s.per_second or q.per_second or 2)
local spacing = per_second < NO_LIMIT and 1020 / per_second or 0
local before = redis.call('ZRANK', KEYS[4], q.proc) or 0
local function wait_of(purpose)
  -- Not even for later: what others remember is not told yet.
  if now < s.from then return s.from - now end
  if s.paused > now then return s.paused - now, s.why end
  if purpose == 'again' or purpose == 'probe' or purpose == 'token' then return 0 end
  local reserve = purpose == 'settle' and 0 or q.reserve
  local room = left() - reserve
  if room > before or (before == 0 and may_try()) then return 0 end
  if room > 0 then return 100 end
  local wait = until_room()
  local empty = left() <= 0 and flying() == 0 and own() < ceiling
  if q.probes and s.asking and empty and wait >= LONG and now >= s.next_probe then
    s.next_probe = now + PROBES
    reply.probe = true
  end
  return math.max(1, wait), 'hour'
end
if reply.lease == nil or reply.lease == 'held' then
  for _, purpose in ipairs(asks) do
    local wait, why = wait_of(purpose)
    if wait == 0 then
      local slot = now
      local late = purpose == 'again' and q.missed and now - q.missed
      if late and late > 0 and late < spacing and s.next - q.missed <= 1021 then
        -- Whoever comes a second after it has no slot yet, and so can come as much later.
        s.next = s.next + late
      elseif spacing > 0 then
        slot = math.max(now + q.lead, s.next)
        s.next = slot + spacing
      end
      if purpose ~= 'again' then
        s.on_trial = left() <= 0 and may_try() and s.trial_by or nil
        redis.call('ZADD', KEYS[3], slot + q.flight, q.id)
        if limit() < COUNTLESS then
          redis.call('ZADD', KEYS[2], slot, q.id)
          s.counted = s.counted + 1
        end
      end
      redis.call('ZREM', KEYS[4], q.proc)
      reply.grant, reply.slot, reply.wait, reply.why = purpose, slot - now, nil, nil
      break
    elseif not reply.wait or wait < reply.wait then
      reply.wait, reply.why = wait, why
    end
  end
end

redis.call('SET', KEYS[1], cjson.encode(s), 'PX', WEEK)
redis.call('PEXPIRE', KEYS[2], HOUR + LONG)
redis.call('PEXPIRE', KEYS[3], HOUR)
redis.call('PEXPIRE', KEYS[4], LONG)
redis.call('PEXPIRE', KEYS[5], LONG)
reply.quiet = math.max(reply.quiet or 0, s.from - now)
reply.paused = math.max(0, s.paused - now)
reply.per_second, reply.per_hour = per_second, limit()
reply.left = math.max(0, left())
reply.sharers = redis.call('ZCARD', KEYS[5])
s.since = s.counted < own() and (newest(s.counted) or now) or nil
reply.memory = s
return cjson.encode(reply)
`;
