import { renderSVG } from 'uqr';

/** The key URI that authenticator apps read: TOTP, SHA-1, six digits, 30 seconds, as Cognito checks them (RFC 6238). */
export function totpUri(email: string, secret: string): string {
  return `otpauth://totp/${encodeURIComponent(`Vern:${email}`)}?secret=${secret}&issuer=Vern`;
}

/** The URI as a QR code: an SVG without script or outside references. */
export const qrSvg = (uri: string): string => renderSVG(uri, { border: 4 });
