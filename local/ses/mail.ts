/** A mail that SES took, as the mailbox shows it. */
export interface Mail {
  /** SES's message id, without brackets or domain. */
  readonly id: string;
  /** Bare addresses of everyone it was sent to (To, Cc and Bcc alike). */
  readonly to: readonly string[];
  /** The From header, decoded: "Vern <vern@example.org>". */
  readonly from: string;
  readonly subject: string;
  /** Lower-case names; encoded words decoded; the values of a repeated header are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the mail has no such part. */
  readonly text: string;
  readonly html: string;
  /** RFC 3339, UTC. */
  readonly sentAt: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSetName: string | null;
  /** Who of `to` never got it, and why. */
  readonly undelivered: readonly { readonly address: string; readonly reason: string }[];
}

export interface Attachment {
  readonly name: string;
  readonly mimeType: string;
  readonly content: Buffer;
}
