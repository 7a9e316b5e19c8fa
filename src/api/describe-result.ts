import type {ApiResult} from './classify-response.ts';

/** What the API did, for the message of a request that failed: "the API did not answer (timeout)". */
export function describeResult(result: ApiResult): string {
  switch (result.kind) {
    case 'unsent':
      return `cannot be reached (${result.code})`;
    case 'not_connected':
      return `cannot be reached: ${result.error.message}`;
    case 'no_response':
      return `did not answer (${result.code})`;
    case 'success':
      return `answered ${result.response.status} ${result.response.isComplete ? 'without the JSON that was asked for' : 'with a body that cannot be read'}`;
    default:
      return `answered ${result.response.status}`;
  }
}
