import manifest from '../package.json' with {type: 'json'};

/** The version in package.json, which the build puts into the bundle. */
export const version: string = manifest.version;

/** Of every JSON document that is made for other programs; `schemas/` describes them. It grows when one of them breaks its readers. */
export const formatVersion = 1;
