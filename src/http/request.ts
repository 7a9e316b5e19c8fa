/**
 * What a job asks the API to do. Only types: building one needs no I/O.
 *
 * A path is a list of segments below `/v2`; the client checks and encodes each of them, so that no cell of a
 * CSV file can ever name another endpoint.
 */
export interface ApiRequest {
  method: 'POST' | 'PUT' | 'DELETE';
  path: readonly (string | number)[];
  body?: Tree;
}

/** The content of a request body. A file anywhere in it makes the request multipart form data. */
export type Tree = {[name: string]: TreeValue};
export type TreeValue = string | number | boolean | null | FileRef | Tree | TreeValue[];

/** A file to send, by the path that the user wrote (relative to the CSV file). */
export interface FileRef {
  readonly file: string;
}

export function isFileRef(value: unknown): value is FileRef {
  return typeof value === 'object' && value !== null && typeof (value as FileRef).file === 'string';
}
