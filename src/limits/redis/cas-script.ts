/**
 * Compare-and-set of one key, for Redis: the text is set if the key still has what its SHA-1 was taken of. Otherwise,
 * and without a text, it is read.
 *
 *   KEYS  the key
 *   ARGV  SHA-1 of the text as it was read, the new text or '', for how long it is kept (ms)
 *   gives whether it was set, Redis' clock (seconds, microseconds), and the key's text
 *
 * Both ways write, so a replica, or a primary without enough replicas, refuses them: a reply comes from a Redis that may
 * be believed. SET comes first, since a Redis whose memory is full refuses it only there.
 */
export const casScript = `
local text = redis.call('GET', KEYS[1]) or ''
local isSet = 0
if ARGV[2] ~= '' and redis.sha1hex(text) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  isSet, text = 1, ''
else
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local time = redis.call('TIME')
return {isSet, time[1], time[2], text}
`;
