import {generateKeyPairSync, type KeyObject, sign} from 'node:crypto';

/** A key and a certificate for `localhost` that nobody but its own key has signed, valid until 2040. */
export function selfSigned(): {key: string; cert: string} {
  const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
  const certificate = certificateOf(publicKey, privateKey);
  const base64 = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({type: 'pkcs8', format: 'pem'}) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

// The few forms of DER that an X.509 certificate of version 1 needs (RFC 5280 4.1).
const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
const commonName = Buffer.from('0603550403', 'hex');

function certificateOf(publicKey: KeyObject, privateKey: KeyObject): Buffer {
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from('localhost')))));
  const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('400101000000Z')));
  const spki = publicKey.export({type: 'spki', format: 'der'});
  const serial = der(0x02, Buffer.from([1]));
  const content = sequence(serial, ecdsaWithSha256, name, validity, name, spki);
  const signature = sign('sha256', content, privateKey);
  return sequence(content, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const {length} = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
