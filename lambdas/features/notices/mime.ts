import MailComposer from 'nodemailer/lib/mail-composer';
import { type Letter, letterHtml, letterText } from './letter.ts';

interface Envelope {
  /** The stage's verified sender address. */
  readonly senderAddress: string;
  readonly senderName: string;
  readonly recipientAddress: string;
  /** Where the letter is one of a list's: the list's name under the sender's domain. */
  readonly listName?: string | undefined;
  /** Where an answer is read; of most letters nowhere, and the letter says so. */
  readonly answersTo?: string | undefined;
}

/** Thrown when an address or a name could end a header and begin another one. */
class UnsafeHeader extends Error {
  override readonly name = 'UnsafeHeader';
}

/**
 * The letter as RFC 5322 octets: multipart/alternative, text first, ASCII alone: names in any script survive as encoded
 * words (RFC 2047), bodies as quoted-printable, so no server on the way needs SMTPUTF8 or 8BITMIME (RFC 6532, 6152). SES
 * sets Message-ID, Date, Feedback-ID and the signature. Without `answersTo` no Reply-To: nothing is read at the sender's
 * address, and the letter says so. Throws {@link UnsafeHeader}.
 */
export async function mimeOf(letter: Letter, envelope: Envelope): Promise<Uint8Array> {
  const declineUrl = letter.decline?.url;
  const { listName, answersTo } = envelope;
  const composed = new MailComposer({
    from: { name: headerSafe(envelope.senderName), address: addressSafe(envelope.senderAddress) },
    to: { name: '', address: addressSafe(envelope.recipientAddress) },
    ...(answersTo !== undefined && { replyTo: { name: '', address: addressSafe(answersTo) } }),
    subject: headerSafe(letter.subject),
    text: letterText(letter),
    html: letterHtml(letter),
    headers: {
      'Content-Language': letter.language,
      // RFC 3834 section 5: no holiday replies, please.
      'Auto-Submitted': 'auto-generated',
      // RFC 8058: mail programs show their own button and press it by POST.
      ...(declineUrl && {
        'List-Unsubscribe': `<${declineUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
      // RFC 2919, section 3: a name under a domain that is ours.
      ...(listName !== undefined && { 'List-Id': `<${listLabelSafe(listName)}.${domainOf(envelope.senderAddress)}>` }),
    },
    // RFC 5322, section 2.3: CR and LF only together.
    newline: 'windows',
    // Nothing in a letter is fetched or read from disk, whatever it says.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composed.compile().build();
}

const BIDI_CONTROLS = /\p{Bidi_Control}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not pass
const HEADER_BREAKING = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

function headerSafe(text: string): string {
  if (HEADER_BREAKING.test(text)) throw new UnsafeHeader('A header holds a control character');
  // An override in a display name could make it read as another's; so could what a mail program takes for an encoded word.
  return text.replace(BIDI_CONTROLS, '').replaceAll('=?', '= ?');
}

/** ASCII alone: an address in another script would need SMTPUTF8 on the whole way. */
function addressSafe(address: string): string {
  if (!/^[!#-'*+\-./0-9=?A-Z^-~]+@[A-Za-z0-9.-]+$/.test(address))
    throw new UnsafeHeader('An address is not a plain one');
  return address;
}

/** A dot-atom (RFC 5322, section 3.2.3) of what our own names are made of. */
function listLabelSafe(name: string): string {
  if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name)) throw new UnsafeHeader('A list has no plain name');
  return name;
}

const domainOf = (address: string) => addressSafe(address).split('@')[1];
