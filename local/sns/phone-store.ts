import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The oldest messages go when there are more. */
const MESSAGES_KEPT_MAX = 10_000;
/** How many messages come between two looks at whether the oldest must go. */
const MESSAGES_BETWEEN_LOOKS = 100;

/** What came to a phone: by SMS, or by way of Apple or Google. */
export interface PhoneMessage {
  readonly id: string;
  readonly channel: 'sms' | 'push';
  /** The number, or the device's token. */
  readonly to: string;
  /** Of an SMS the sender that is shown; of a push its platform, such as `APNS`. */
  readonly from: string;
  /** Empty in an SMS. */
  readonly title: string;
  readonly text: string;
  /** RFC 3339, UTC. */
  readonly sentAt: string;
}

/** A device, as a platform application knows it. */
export interface PlatformEndpoint {
  readonly arn: string;
  readonly applicationArn: string;
  readonly token: string;
  readonly isEnabled: boolean;
  readonly userData: string;
}

export type PhoneStore = ReturnType<typeof openPhoneStore>;

/** All that SNS knows of phones, in `<stateDir>/phones.sqlite`: what it acknowledged survives a kill -9. */
export function openPhoneStore(stateDir: string) {
  mkdirSync(stateDir, { recursive: true });
  const database = new DatabaseSync(join(stateDir, 'phones.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS messages (sequence INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT, message TEXT);
    CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (recipient, sequence);
    CREATE TABLE IF NOT EXISTS endpoints (
      arn TEXT PRIMARY KEY, applicationArn TEXT, token TEXT, isEnabled INTEGER, userData TEXT,
      UNIQUE (applicationArn, token));`);
  const addMessage = database.prepare('INSERT INTO messages (recipient, message) VALUES (?, ?)');
  const dropOldMessages = database.prepare(
    `DELETE FROM messages WHERE sequence <= (SELECT max(sequence) FROM messages) - ${MESSAGES_KEPT_MAX}`,
  );
  const allMessages = database.prepare('SELECT message FROM messages ORDER BY sequence DESC LIMIT ?');
  const messagesTo = database.prepare(
    'SELECT message FROM messages WHERE recipient = ? ORDER BY sequence DESC LIMIT ?',
  );
  const putEndpoint = database.prepare('INSERT OR REPLACE INTO endpoints VALUES (?, ?, ?, ?, ?)');
  const endpointByArn = database.prepare('SELECT * FROM endpoints WHERE arn = ?');
  const endpointByToken = database.prepare('SELECT * FROM endpoints WHERE applicationArn = ? AND token = ?');
  const allEndpoints = database.prepare('SELECT * FROM endpoints ORDER BY rowid');
  const dropEndpoint = database.prepare('DELETE FROM endpoints WHERE arn = ?');

  return {
    /** Resolves to the message's id. */
    add(message: Omit<PhoneMessage, 'id'>): string {
      const id = randomUUID();
      const { lastInsertRowid } = addMessage.run(message.to, JSON.stringify({ id, ...message }));
      if (Number(lastInsertRowid) % MESSAGES_BETWEEN_LOOKS === 0) dropOldMessages.run();
      return id;
    },
    /** Newest first; `to` is a number or a token. */
    list({ to, limit = MESSAGES_KEPT_MAX }: { to?: string | undefined; limit?: number } = {}): PhoneMessage[] {
      const rows = to === undefined ? allMessages.all(limit) : messagesTo.all(to, limit);
      return rows.map((row) => JSON.parse(String(row['message'])) as PhoneMessage);
    },
    /** Forgets what came to phones; the devices stay registered. */
    clear(): void {
      database.exec('DELETE FROM messages');
    },
    put({ arn, applicationArn, token, isEnabled, userData }: PlatformEndpoint): void {
      putEndpoint.run(arn, applicationArn, token, isEnabled ? 1 : 0, userData);
    },
    find(arn: string): PlatformEndpoint | undefined {
      const row = endpointByArn.get(arn);
      return row && endpointFrom(row);
    },
    findByToken(applicationArn: string, token: string): PlatformEndpoint | undefined {
      const row = endpointByToken.get(applicationArn, token);
      return row && endpointFrom(row);
    },
    endpoints: (): PlatformEndpoint[] => allEndpoints.all().map(endpointFrom),
    drop(arn: string): void {
      dropEndpoint.run(arn);
    },
    close(): void {
      if (database.isOpen) database.close();
    },
  };
}

function endpointFrom(row: Readonly<Record<string, unknown>>): PlatformEndpoint {
  const text = (name: string) => String(row[name]);
  return {
    arn: text('arn'),
    applicationArn: text('applicationArn'),
    token: text('token'),
    isEnabled: row['isEnabled'] === 1,
    userData: text('userData'),
  };
}
