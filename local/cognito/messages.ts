import * as z from 'zod';
import { CognitoFailure } from './failure.ts';
import type { UserPool } from './pool.ts';
import type { User } from './records.ts';
import { callTrigger, commonParameters, userAttributesOf } from './triggers.ts';

const CODE = '{####}';
const USERNAME = '{username}';
/** Bounds of emailMessage and emailSubject (API reference: EmailVerificationMessage, ...Subject). */
const MESSAGE_CHARACTERS_MAX = 20_000;
const SUBJECT_CHARACTERS_MAX = 140;

export type ClientMetadata = Readonly<Record<string, string>>;

type MessageSource = 'AdminCreateUser' | 'ForgotPassword' | 'UpdateUserAttribute' | 'VerifyUserAttribute';

/** One mail with a code or temporary password in it. */
interface CodeMail {
  readonly source: MessageSource;
  readonly user: User;
  readonly to: string;
  readonly code: string;
  /** Absent when an administrator's call causes the mail. */
  readonly clientId?: string;
  readonly clientMetadata?: ClientMetadata | undefined;
}

/** `CodeDeliveryDetails` of the API. */
export interface CodeDeliveryDetails {
  readonly AttributeName: 'email';
  readonly DeliveryMedium: 'EMAIL';
  readonly Destination: string;
}

const TriggerResult = z.object({
  response: z.object({
    emailMessage: z.string().max(MESSAGE_CHARACTERS_MAX).nullish(),
    emailSubject: z.string().max(SUBJECT_CHARACTERS_MAX).nullish(),
  }),
});

/**
 * Words the mail (CustomMessage trigger first, the pool's own template otherwise), puts the code in and
 * sends it. Throws UserLambdaValidationException, InvalidLambdaResponseException or
 * CodeDeliveryFailureException; what was committed before stays, as at AWS.
 */
export async function sendCode(pool: UserPool, mail: CodeMail): Promise<CodeDeliveryDetails> {
  const worded = await wordedMail(pool, mail);
  const html = worded.html.replaceAll(CODE, () => mail.code).replaceAll(USERNAME, () => escapeHtml(mail.to));
  const subject = worded.subject.replaceAll(USERNAME, () => mail.to);
  try {
    await pool.sendMail?.({ to: mail.to, subject, html });
  } catch {
    throw new CognitoFailure('CodeDeliveryFailureException', 'Unable to send email.');
  }
  return deliveryTo(mail.to);
}

export function deliveryTo(email: string): CodeDeliveryDetails {
  return { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: masked(email) };
}

async function wordedMail(pool: UserPool, mail: CodeMail): Promise<{ subject: string; html: string }> {
  const isInvitation = mail.source === 'AdminCreateUser';
  const template = isInvitation ? pool.declaration.invitation : pool.declaration.verification;
  const event = await callTrigger(pool, 'CustomMessage', triggerEvent(pool, mail));
  if (event === undefined) return template;
  const { emailMessage, emailSubject } = messageIn(event);
  const needed = isInvitation ? [CODE, USERNAME] : [CODE];
  // A message without its placeholders would leave the receiver without the code: AWS then uses its own.
  const isUsable = emailMessage && needed.every((placeholder) => emailMessage.includes(placeholder));
  return { subject: emailSubject || template.subject, html: isUsable ? emailMessage : template.html };
}

function messageIn(event: unknown): z.output<typeof TriggerResult>['response'] {
  const parsed = TriggerResult.safeParse(event);
  if (parsed.success) return parsed.data.response;
  throw new CognitoFailure('InvalidLambdaResponseException', 'Unrecognizable lambda output');
}

function triggerEvent(pool: UserPool, { user, source, clientId, clientMetadata }: CodeMail): object {
  return {
    ...commonParameters(pool, user.sub, `CustomMessage_${source}`, clientId),
    request: {
      userAttributes: userAttributesOf(user),
      codeParameter: CODE,
      linkParameter: '{##Click Here##}',
      usernameParameter: source === 'AdminCreateUser' ? USERNAME : null,
      ...(clientMetadata && { clientMetadata }),
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  };
}

/** `p***@e***`, as AWS shows where a code went. */
function masked(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  return `${local.slice(0, 1)}***@${domain.slice(0, 1)}***`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
