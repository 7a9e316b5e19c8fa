import {createServer} from 'node:http';

/**
 * As much of the API as a run needs, as fast as node:http allows: no limits, no memory, nothing found. Every user
 * whose id ends in 00 is refused when REFUSE is set. `arm` asks for the time of the next request.
 */
const limits = {'x-secondly-ratelimit-limit': '1000000', 'x-hourly-ratelimit-limit': '999999999'};
const refusal = JSON.stringify({errors: {base: ['This user can not be enrolled']}});
let created = 0;
let armed = false;

function answer(response, status, body, more) {
  const headers = {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)};
  response.writeHead(status, {...headers, ...limits, ...more}).end(body);
}

const server = createServer((request, response) => {
  if (armed) {
    armed = false;
    process.send({firstRequest: performance.timeOrigin + performance.now()});
  }
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const {method, url} = request;
    if (url === '/oauth/token') {
      answer(
        response,
        200,
        '{"access_token":"bench","token_type":"bearer","expires_in":7200,"scope":"public"}',
      );
    } else if (method === 'GET') {
      answer(response, 200, '[]', {'x-total': '0', 'x-page': '1', 'x-per-page': '100'});
    } else if (url === '/graphql') {
      answer(response, 200, `{"data":{"enrol":{"id":${++created}}}}`);
    } else if (process.env.REFUSE && /"user_id":\d*00\b/.test(body)) {
      answer(response, 422, refusal);
    } else {
      answer(response, method === 'POST' ? 201 : 200, `{"id":${++created}}`);
    }
  });
});
process.on('message', () => {
  armed = true;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send({port: server.address().port}));
