import manifest from '../package.json' with {type: 'json'};

/** The version in package.json, which the build puts into the bundle. */
export const version: string = manifest.version;

/** `20.19`, of `>=20.19`. */
export const minNode: string = manifest.engines.node.slice(2);

export function isSupported(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [minMajor = 0, minMinor = 0] = minNode.split('.').map(Number);
  return major > minMajor || (major === minMajor && minor >= minMinor);
}

/** Of every JSON document that is made for other programs; `schemas/` describes them. It grows when one of them breaks its readers. */
export const formatVersion = 1;
