import {describe, expect, it} from 'vitest';
import {canonicalHost, isSameApi} from '../../src/api/canonical-url.ts';

describe('a host', () => {
  it.each([
    ['https://api.intra.42.fr', 'api.intra.42.fr'],
    ['https://API.Intra.42.fr.', 'api.intra.42.fr'],
    ['https://api.intra.42.fr:443/', 'api.intra.42.fr'],
    ['https://api.intra.42.fr.:8443/x', 'api.intra.42.fr:8443'],
    ['http://localhost:4242', '127.0.0.1:4242'],
    ['http://LOCALHOST.:4242', '127.0.0.1:4242'],
    ['http://[::1]:4242', '127.0.0.1:4242'],
    ['http://[0:0:0:0:0:0:0:1]:4242', '127.0.0.1:4242'],
    ['http://127.1:4242', '127.0.0.1:4242'],
    ['http://2130706433:4242', '127.0.0.1:4242'],
    ['http://127.0.0.2:4242', '127.0.0.2:4242'],
    ['https://localhost.example.org', 'localhost.example.org'],
  ])('%s is %s', (url, host) => {
    expect(canonicalHost(new URL(url))).toBe(host);
  });
});

describe('two base URLs', () => {
  it.each([
    ['http://127.0.0.1:4242', 'http://localhost:4242', true],
    ['https://api.intra.42.fr', 'https://api.intra.42.fr./', true],
    ['https://api.intra.42.fr/proxy', 'https://api.intra.42.fr/proxy/', true],
    ['https://api.intra.42.fr/proxy', 'https://api.intra.42.fr', false],
    ['http://127.0.0.1:4242', 'http://127.0.0.1:4243', false],
    ['http://127.0.0.1:4242', 'https://127.0.0.1:4242', false],
    ['not a URL', 'not a URL', true],
  ])('%s and %s: the same API is %s', (one, other, same) => {
    expect(isSameApi(one, other)).toBe(same);
  });
});
