import { addressParser } from 'postal-mime';
import { invalidParameter } from './problem.ts';

const ADDRESS_LENGTH_MAX = 320;
// Ordinary dotted atoms; SES has no SMTPUTF8, so ASCII only, and names from other alphabets arrive as punycode.
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domain = /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/;

/** The bare addresses in an address header or parameter ("Ola <ola@example.org>, …"). @throws SesProblem */
export function addressesIn(text: string): string[] {
  const mailboxes = addressParser(text, { flatten: true });
  return mailboxes.map(({ address }) => bareAddress(address ?? ''));
}

/** An address header's entries as one reads them: "Ola Ås <ola@example.org>". */
export function readableAddressesIn(text: string): string[] {
  return addressParser(text, { flatten: true }).map(({ name, address }) =>
    name ? `${name} <${address}>` : (address ?? ''),
  );
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function bareAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) throw invalidParameter("Missing final '@domain'");
  if (!localPart.test(address.slice(0, at))) throw invalidParameter('Local address contains control or whitespace');
  if (!domain.test(address.slice(at + 1))) throw invalidParameter('Domain contains illegal character');
  if (address.length > ADDRESS_LENGTH_MAX) throw invalidParameter('Address length is more than 320 characters long');
  return address;
}
