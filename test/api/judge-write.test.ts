import {describe, expect, it} from 'vitest';
import {classifyResponse} from '../../src/api/classify-response.ts';
import {type Attempt, judgeWrite, type Verdict} from '../../src/api/judge-write.ts';
import type {HttpResult} from '../../src/http/http-result.ts';
import {cut, empty, html, json, noResponse, respond} from './responses.ts';

const first = {isRepeated: false, isRemoval: false};
const post: Attempt = {method: 'POST', isIdempotent: false, ...first};
const put: Attempt = {method: 'PUT', isIdempotent: true, ...first};
const putThatAdds: Attempt = {method: 'PUT', isIdempotent: false, ...first};
const remove: Attempt = {method: 'DELETE', isIdempotent: true, ...first, isRemoval: true};

const judge = (result: HttpResult, attempt: Attempt) =>
  judgeWrite(classifyResponse(result, {...attempt, path: ['closes', 7]}), attempt);

/** A verdict in a few words: its kind, and what distinguishes it from others of its kind. */
function brief(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'applied':
      return verdict.id === undefined ? 'applied' : `applied ${verdict.id}`;
    case 'rejected':
    case 'unsent':
      return `${verdict.kind} ${verdict.code}`;
    case 'doubt':
      return [
        'doubt',
        verdict.why,
        verdict.isOutage && 'outage',
        verdict.isRefused && 'refused',
        verdict.stop && `then stop ${verdict.stop.exitCode}`,
      ]
        .concat(verdict.refusal && `else ${verdict.refusal.code}`)
        .filter(Boolean)
        .join(' ');
    case 'stop':
      return `stop ${verdict.error.exitCode}`;
    default:
      return verdict.kind;
  }
}

const created = {id: 4711, user_id: 3};
const jsonType = {'content-type': 'application/json'};
const nested = (levels: number) => `{"errors":{"kind":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
const taken = {errors: {user_id: ['has already been taken']}};

// The result, what it means for a POST, and what for a PUT of absolute values (the same where it is left out).
const table: [what: string, result: HttpResult, post: string, put?: string][] = [
  ['nothing listens', noResponse(false, 'ECONNREFUSED'), 'unsent ECONNREFUSED'],
  ['the name is unknown', noResponse(false, 'ENOTFOUND'), 'unsent ENOTFOUND'],
  ['no connection in time', noResponse(false, 'UND_ERR_CONNECT_TIMEOUT'), 'unsent UND_ERR_CONNECT_TIMEOUT'],
  ['a reset before anything was sent', noResponse(false, 'ECONNRESET'), 'unsent ECONNRESET'],
  ['given up while waiting for a connection', noResponse(false, 'timeout'), 'unsent timeout'],
  ['aborted before it was sent', noResponse(false, 'aborted'), 'unsent aborted'],
  ['a self-signed certificate', noResponse(false, 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'stop 77'],
  ['an expired certificate', noResponse(false, 'CERT_HAS_EXPIRED'), 'stop 77'],
  ['a certificate of another host', noResponse(false, 'ERR_TLS_CERT_ALTNAME_INVALID'), 'stop 77'],
  ['an unknown issuer', noResponse(false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'stop 77'],
  ['a broken handshake', noResponse(false, 'ERR_SSL_WRONG_VERSION_NUMBER'), 'stop 77'],
  ['sent, and no answer in time', noResponse(true, 'timeout'), 'doubt timeout outage'],
  ['sent, then a reset', noResponse(true, 'ECONNRESET'), 'doubt connection_lost outage'],
  ['sent, then closed', noResponse(true, 'UND_ERR_SOCKET'), 'doubt connection_lost outage'],
  ['sent, then aborted by us', noResponse(true, 'aborted'), 'doubt no_answer'],
  ['sent, then a code that is unknown', noResponse(true, 'CERT_HAS_EXPIRED'), 'doubt connection_lost outage'],

  ['201 with the record', json(201, created), 'applied 4711', 'applied'],
  ['200 with a record', json(200, created), 'applied 4711', 'applied'],
  ['204', empty(204), 'doubt unexpected_body', 'applied'],
  ['201, its body cut off', cut(json(201, created)), 'applied'],
  ['201 with broken JSON', respond(201, '{"id":4', {'content-type': 'application/json'}), 'applied'],
  ['201 without a body', empty(201), 'applied'],
  ['201 with a page', html(201), 'doubt unexpected_body'],
  ['200 with a page', html(200), 'doubt unexpected_body'],
  ['201 with a list', json(201, [created]), 'doubt unexpected_body'],
  ['201 with a record without id', json(201, {ok: true}), 'doubt unexpected_body'],
  ['201 that nests without end', respond(201, nested(100_000), jsonType), 'applied'],
  ['201 with an id that is none', json(201, {id: '4711'}), 'doubt unexpected_body'],
  ['200 with {}', json(200, {}), 'doubt unexpected_body', 'applied'],
  ['200 with null', json(200, null), 'doubt unexpected_body', 'applied'],
  ['200 with a message', json(200, {status: 'maintenance'}), 'doubt unexpected_body'],
  ['200 with an error', json(200, {error: 'Forbidden'}), 'doubt unexpected_body'],
  ['202', json(202, created), 'doubt http_202'],
  ['206', json(206, created), 'doubt http_206'],

  ['301', empty(301, {location: 'https://api.example.test/v2/patronages'}), 'stop 78'],
  ['307 to another host', empty(307, {location: 'https://example.test/'}), 'stop 78'],
  ['308', empty(308), 'stop 78'],
  ['302', empty(302, {location: '/login'}), 'doubt http_302 then stop 78'],
  ['303', empty(303), 'doubt http_303 then stop 78'],
  ['304', empty(304), 'doubt http_304 then stop 78'],

  ['400 of the API', json(400, {error: 'Bad Request'}), 'rejected http_400'],
  ['400 of something else', html(400), 'doubt http_400'],
  ['401', json(401, {error: 'The access token expired'}), 'unauthorized'],
  ['401 without a body', empty(401), 'unauthorized'],
  ['403 of the API', json(403, {error: 'Forbidden', message: 'You need a role'}), 'rejected forbidden'],
  ['403 that names a scope', json(403, {error: 'Insufficient scope'}), 'stop 77'],
  [
    '403 whose header names a scope',
    json(403, {}, {'www-authenticate': 'Bearer error="insufficient_scope"'}),
    'stop 77',
  ],
  ['403 page of a firewall', html(403), 'blocked'],
  ['403 without a body', empty(403), 'blocked'],
  ['404 with {}', json(404, {}), 'rejected not_found'],
  ['404 page', html(404), 'rejected not_found'],
  ['405', json(405, {}), 'stop 78'],
  ['406 of the API', json(406, {error: 'no'}), 'rejected http_406'],
  ['408', empty(408), 'doubt http_408'],
  ['409 of the API', json(409, {error: 'Conflict'}), 'doubt conflict refused else conflict'],
  ['409 page', html(409), 'doubt http_409'],
  ['410 of the API', json(410, {}), 'rejected http_410'],
  ['411 of the API', json(411, {}), 'rejected http_411'],
  ['413 of the API', json(413, {}), 'rejected http_413'],
  ['413 of a proxy', html(413), 'doubt http_413'],
  ['414 of the API', json(414, {}), 'rejected http_414'],
  ['415', json(415, {}), 'stop 78'],
  ['417 of the API', json(417, {}), 'rejected http_417'],
  ['418', json(418, {}), 'doubt http_418'],
  ['421', empty(421), 'misdirected'],
  ['422 with errors', json(422, {errors: {kind: ['is not included in the list']}}), 'rejected rejected'],
  ['422 "taken" for a first attempt', json(422, taken), 'doubt taken refused else taken', 'rejected taken'],
  ['422 page', html(422), 'doubt http_422'],
  ['422 without a body', empty(422), 'doubt http_422'],
  ['422 that nests without end', respond(422, nested(100_000), jsonType), 'doubt http_422'],
  ['422 whose body was cut off', cut(json(422, taken)), 'doubt http_422'],
  ['425', empty(425), 'misdirected'],
  ['429', respond(429, '429 Too Many Requests', {'content-type': 'text/plain'}), 'rate_limited'],
  ['431 of the API', json(431, {}), 'rejected http_431'],
  ['451', json(451, {}), 'doubt http_451'],

  ['500 of the API', json(500, {error: 'oops'}), 'doubt http_500 outage'],
  ['501', html(501), 'doubt http_501 outage'],
  ['502', html(502), 'doubt http_502 outage'],
  ['503', html(503, {'retry-after': '7'}), 'doubt http_503 outage'],
  ['504', html(504), 'doubt http_504 outage'],
  ['520', html(520), 'doubt http_520 outage'],
  ['599', empty(599), 'doubt http_599 outage'],
];

describe('what a result proves', () => {
  it.each(table)('%s', (_what, result, forPost, forPut = forPost) => {
    expect([brief(judge(result, post)), brief(judge(result, put))]).toEqual([forPost, forPut]);
  });

  it('never proves that a request was applied which no 2xx answers', () => {
    const applied = table.filter(([, result]) => judge(result, put).kind === 'applied');
    expect(applied.length).toBeGreaterThan(8);
    for (const [, result] of applied) {
      expect(result.kind === 'response' && result.status >= 200 && result.status < 300).toBe(true);
    }
  });

  it('leaves every status that the table does not name in doubt', () => {
    const named = new Set(table.flatMap(([, result]) => (result.kind === 'response' ? [result.status] : [])));
    for (let status = 300; status < 600; status++) {
      if (named.has(status)) continue;
      expect(judge(json(status, {}), post).kind, String(status)).toBe('doubt');
    }
  });
});

describe('a request whose earlier attempt may have been applied', () => {
  it.each([
    ['POST', {...post, isRepeated: true}, 'doubt taken else taken'],
    ['PUT that adds records', {...putThatAdds, isRepeated: true}, 'doubt taken else taken'],
    ['PUT of absolute values', {...put, isRepeated: true}, 'rejected taken'],
  ])('may be the taker itself: %s', (_what, attempted, expected) => {
    expect(brief(judge(json(422, taken), attempted))).toBe(expected);
    expect(brief(judge(json(422, {errors: {kind: ['is wrong']}}), attempted))).toBe('rejected rejected');
  });
});

describe('a removal', () => {
  it('is in doubt where the API knows nothing to remove, until a reading shows that it is gone', () => {
    expect(judge(json(404, {}), remove)).toMatchObject({kind: 'doubt', isRefused: true});
    expect(judge(empty(204), remove).kind).toBe('applied');
    expect(judge(json(200, {status: 'maintenance'}), remove).kind).toBe('doubt');
    expect(judge(html(502), remove).kind).toBe('doubt');
  });
});

describe('errors that end a run', () => {
  it('say where a redirect points to, by its host alone', () => {
    const verdict = judge(empty(301, {location: 'https://user:pw@login.example.test/secret?token=1'}), post);
    expect(verdict.kind === 'stop' && verdict.error.hint).toContain('https://login.example.test');
    expect(JSON.stringify(verdict)).not.toMatch(/secret|token=1|pw@/);
  });

  it('name the scope', () => {
    const verdict = judge(json(403, {error: 'Insufficient scope (tig)'}), post);
    expect(verdict.kind === 'stop' && verdict.error.message).toContain('tig');
  });
});

it('a 404 without words is explained', () => {
  const verdict = judge(json(404, {}), post);
  expect(verdict.kind === 'rejected' && verdict.message).toMatch(/unknown.*or not visible/);
});

describe('a job whose responses hold no record', () => {
  const move: Attempt = {...post, response: {isEmpty: true}};

  it.each([
    [json(200, {}), 'applied'],
    [json(201, {id: 9}), 'applied'],
    [empty(200), 'applied'],
    [empty(204), 'applied'],
    [html(200), 'doubt unexpected_body'],
    [json(202, {}), 'doubt http_202'],
  ])('%# is applied by any success that is no page', (result, expected) => {
    expect(brief(judge(result, move))).toBe(expected);
    expect(brief(judge(result, {...move, method: 'DELETE'}))).toBe(expected);
  });
});

it('a record is found in the key in which its response wraps it, and in no other', () => {
  const wrapped = {unit: {id: 64}};
  expect(brief(judge(json(201, wrapped), {...post, root: 'unit'}))).toBe('applied 64');
  expect(brief(judge(json(201, {id: 5}), {...post, root: 'unit'}))).toBe('applied 5');
  expect(brief(judge(json(201, wrapped), {...post, root: 'other'}))).toBe('doubt unexpected_body');
});
