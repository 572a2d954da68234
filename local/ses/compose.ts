import MailComposer from 'nodemailer/lib/mail-composer';

/** A mail by its parts, as SendEmail takes it. Addresses as in headers: "Ola Ås <ola@example.org>". */
export interface MailParts {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly replyTo?: readonly string[];
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

/** The MIME message. */
export function composed({ from, to, cc = [], replyTo = [], subject, text, html }: MailParts): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to: [...to],
    cc: [...cc],
    replyTo: [...replyTo],
    subject,
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    newline: '\r\n',
  });
  return composer.compile().build();
}
