import {describe, expect, it} from 'vitest';
import {ConfigurationError} from '../src/errors.ts';
import {proxyFor, type Proxies} from '../src/proxy.ts';

const all: Proxies = {https: 'http://one:3128', http: 'https://other', none: undefined};
const through = (url: string, more: Partial<Proxies> = {}) => proxyFor(new URL(url), {...all, ...more})?.href;

it('the protocol of an address decides which proxy it is', () => {
  expect(through('https://api.intra.42.fr/v2')).toBe('http://one:3128/');
  expect(through('http://hooks.example.org')).toBe('https://other/');
  expect(through('https://api.intra.42.fr', {https: undefined})).toBeUndefined();
  expect(through('https://api.intra.42.fr', {https: 'proxy.campus:8080'})).toBe('http://proxy.campus:8080/');
  expect(through('https://api.intra.42.fr', {https: 'http://me:p%40ss@one'})).toBe('http://me:p%40ss@one/');
});

it.each(['https://localhost:4242', 'http://127.3.2.1', 'https://[::1]:8443'])('%s needs none', (url) => {
  expect(through(url)).toBeUndefined();
});

describe('NO_PROXY', () => {
  it.each([
    ['*', true],
    ['example.org, intra.42.fr', true],
    ['.intra.42.fr', true],
    ['*.42.FR', true],
    ['api.intra.42.fr:443', true],
    ['api.intra.42.fr:8443', false],
    ['ntra.42.fr', false],
    ['api.intra.42.fr.example.org', false],
    ['', false],
    [' , ', false],
  ])('"%s" names api.intra.42.fr: %s', (none, isNamed) => {
    expect(through('https://api.intra.42.fr', {none})).toBe(isNamed ? undefined : 'http://one:3128/');
  });
});

it.each([
  'socks5://me:s3cret@one:1080',
  'http://',
  'http://one/path',
  'http://me:s3cret@one:port',
  'http://me:s3cret100%@one:3128',
])('%s is refused, and not shown: it may hold a password', (https) => {
  const error = (() => {
    try {
      return through('https://api.intra.42.fr', {https});
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({
    message: expect.stringContaining('HTTPS_PROXY'),
    hint: expect.stringContaining('api.intra.42.fr'),
  });
  expect(JSON.stringify(error) + String(error)).not.toContain('s3cret');
});
