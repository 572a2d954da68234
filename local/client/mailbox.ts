/** A mail as `GET <mailbox>/messages` gives it. */
export interface Mail {
  readonly id: string;
  readonly to: readonly string[] | string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sentAt: string;
}

const TRIES_MAX = 600;
const PAUSE_MILLISECONDS = 100;

/** Waits for the newest mail to an address that is the one; mails arrive a moment after their cause. */
export async function waitForMail(mailbox: string, to: string, isTheOne: (mail: Mail) => boolean): Promise<Mail> {
  return waitFor(`${mailbox}/messages?to=${encodeURIComponent(to)}`, `mail came to ${to}`, isTheOne);
}

async function waitFor<T>(address: string, what: string, isTheOne: (one: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const found = ((await (await fetch(address)).json()) as T[]).find(isTheOne);
    if (found) return found;
    await new Promise((done) => setTimeout(done, PAUSE_MILLISECONDS));
  }
  throw new Error(`No such ${what} within ${(TRIES_MAX * PAUSE_MILLISECONDS) / 1000} seconds`);
}

/** An SMS or a push as `GET <mailbox>/phones` gives it. */
export interface PhoneMessage {
  readonly channel: 'sms' | 'push';
  /** The number, or the device's token. */
  readonly to: string;
  readonly title: string;
  readonly text: string;
  readonly sentAt: string;
}

/** Waits for the newest SMS to a number, or push to a device's token, that is the one. */
export async function waitForPhoneMessage(
  mailbox: string,
  to: string,
  isTheOne: (message: PhoneMessage) => boolean = () => true,
): Promise<PhoneMessage> {
  return waitFor(`${mailbox}/phones?to=${encodeURIComponent(to)}`, `message came to ${to}`, isTheOne);
}

/** The service's own time: its clock may have been moved. */
export async function serviceTime(mailbox: string): Promise<Date> {
  const { now } = (await (await fetch(`${mailbox}/clock`)).json()) as { now: string };
  return new Date(now);
}

/** The token of the link in a letter. */
export function linkTokenIn(mail: Mail): string {
  const token = /\/l\/([A-Za-z0-9_-]{22,64})/.exec(mail.text)?.[1];
  if (!token) throw new Error('The mail has no link');
  return token;
}
