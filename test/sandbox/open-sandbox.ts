import {onTestFinished} from 'vitest';
import {startSandbox} from '../../src/sandbox/server.ts';
import type {Sandbox, SandboxOptions} from '../../src/sandbox/server.ts';

export interface OpenSandbox {
  sandbox: Sandbox;
  token: (scope?: string) => Promise<string>;
  /** A request with a bearer; `body` as JSON unless it is a form. */
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
}

/** A sandbox without rate limits and with few people unless the options say otherwise, closed when the test ends. */
export async function openSandbox(options: SandboxOptions = {}): Promise<OpenSandbox> {
  const sandbox = await startSandbox({users: 120, perSecond: Infinity, perHour: Infinity, ...options});
  onTestFinished(() => sandbox.close());
  const token = async (scope = 'public projects tig') => {
    const form = {
      grant_type: 'client_credentials',
      client_id: sandbox.uid,
      client_secret: sandbox.secret,
      scope,
    };
    const response = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const {access_token} = (await response.json()) as {access_token: string};
    return access_token;
  };
  let bearer: string | undefined;
  return {
    sandbox,
    token,
    send: async (method, path, body, headers = {}) => {
      bearer ??= await token();
      const isForm = body instanceof FormData || body instanceof URLSearchParams;
      return fetch(`${sandbox.url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          authorization: `Bearer ${bearer}`,
          ...(body === undefined || isForm ? {} : {'content-type': 'application/json'}),
          ...headers,
        },
        ...(body === undefined ? {} : {body: isForm ? body : JSON.stringify(body)}),
      });
    },
  };
}
