import MailComposer from 'nodemailer/lib/mail-composer';
import { type Letter, letterHtml, letterText } from './letter.ts';

interface Envelope {
  /** The stage's verified sender address. */
  readonly senderAddress: string;
  readonly senderName: string;
  readonly recipientAddress: string;
}

/** Thrown when an address or a name could end a header and begin another one. */
class UnsafeHeader extends Error {
  override readonly name = 'UnsafeHeader';
}

/**
 * The letter as RFC 5322 octets: multipart/alternative, text first. SES adds Message-ID, Date and the signature.
 * Throws {@link UnsafeHeader}; names in any script survive (RFC 2047).
 */
export async function mimeOf(letter: Letter, envelope: Envelope): Promise<Uint8Array> {
  const declineUrl = letter.decline?.url;
  const composed = new MailComposer({
    from: { name: headerSafe(envelope.senderName), address: addressSafe(envelope.senderAddress) },
    to: { name: '', address: addressSafe(envelope.recipientAddress) },
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
  // An override in a display name could make it read as another's.
  return text.replace(BIDI_CONTROLS, '');
}

function addressSafe(address: string): string {
  if (HEADER_BREAKING.test(address) || !/^[^\s<>,;:"()[\]\\@]+@[^\s<>,;:"()[\]\\@]+$/.test(address)) {
    throw new UnsafeHeader('An address is not a plain one');
  }
  return address;
}
