import {brotliDecompressSync, gunzipSync, unzipSync} from 'node:zlib';

const decoders = {'x-gzip': gunzipSync, gzip: gunzipSync, deflate: unzipSync, br: brotliDecompressSync};

/**
 * A response's content without its `Content-Encoding`. None is asked for, but there are servers and proxies that
 * compress all the same.
 *
 * @returns undefined for an encoding that is unknown, content that is damaged, and more than `maxBytes`
 */
export function decodeContent(
  content: Buffer<ArrayBuffer>,
  encoding: string,
  maxBytes: number,
): Buffer<ArrayBuffer> | undefined {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity' || content.length === 0) return content;
  const decode = Object.hasOwn(decoders, name) ? decoders[name as keyof typeof decoders] : undefined;
  try {
    return decode?.(content, {maxOutputLength: maxBytes});
  } catch {
    return undefined;
  }
}
