import {RefusedError} from '../errors.ts';

export function certificateError(code: string): RefusedError {
  return new RefusedError(`the API's certificate is not valid (${code})`, {
    code: 'certificate',
    hint: 'check the clock of this machine and the network; the check is never turned off',
  });
}

/** Codes of the TLS layer for a certificate or handshake that must not be trusted. */
export function isCertificateError(code: string): boolean {
  return /^(ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER))/.test(
    code,
  );
}
