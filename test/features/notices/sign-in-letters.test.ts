import type { CustomMessageTriggerEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { handler } from '../../../lambdas/functions/custom-message.ts';

/** The event as Cognito's developer guide documents it (Custom message Lambda trigger). */
const event = (
  triggerSource: CustomMessageTriggerEvent['triggerSource'],
  request: Partial<CustomMessageTriggerEvent['request']> = {},
) =>
  ({
    version: '1',
    region: 'eu-west-1',
    userPoolId: 'eu-west-1_example',
    userName: '7d1f6f6e-0000-4000-8000-000000000000',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client' },
    triggerSource,
    request: {
      userAttributes: { email: 'kari@example.org', email_verified: 'true' },
      codeParameter: '{####}',
      linkParameter: '{##Click Here##}',
      usernameParameter: triggerSource === 'CustomMessage_AdminCreateUser' ? '{username}' : null,
      ...request,
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  }) as unknown as CustomMessageTriggerEvent;

const sources = [
  'CustomMessage_AdminCreateUser',
  'CustomMessage_ForgotPassword',
  'CustomMessage_SignUp',
  'CustomMessage_ResendCode',
  'CustomMessage_UpdateUserAttribute',
  'CustomMessage_VerifyUserAttribute',
  'CustomMessage_Authentication',
] as const;

describe("Cognito's letters", () => {
  it('hold both placeholders for a new account, without which Cognito sends its own text', async () => {
    const { response } = await handler(event('CustomMessage_AdminCreateUser'));
    expect(response.emailMessage?.split('{####}')).toHaveLength(2);
    expect(response.emailMessage?.split('{username}')).toHaveLength(2);
    expect(response.emailSubject).toBe('Kontoen din i Vern');
  });

  it.each(sources)('hold the code once, within Cognito’s bounds: %s', async (source) => {
    for (const language of ['nb', 'en']) {
      const { response } = await handler(event(source, { clientMetadata: { language } }));
      expect(response.emailMessage?.split('{####}')).toHaveLength(2);
      expect(response.emailMessage!.length).toBeLessThanOrEqual(20_000);
      // API reference, VerificationMessageTemplateType: the characters that Cognito takes in a message and a subject.
      expect(response.emailMessage).toMatch(/^[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+$/u);
      expect(response.emailSubject).toMatch(/^[\p{L}\p{M}\p{S}\p{N}\p{P}\s]{1,140}$/u);
      expect(response.emailMessage).toContain('datatilsynet.no');
    }
  });

  it.each([
    ['what the caller asked for', { clientMetadata: { language: 'en' } }, 'Code for a new password'],
    ['what the account says', { userAttributes: { locale: 'en-GB' } }, 'Code for a new password'],
    [
      'the caller before the account',
      { clientMetadata: { language: 'nb' }, userAttributes: { locale: 'en' } },
      'Kode for nytt passord',
    ],
    ['Norwegian when nobody said anything', {}, 'Kode for nytt passord'],
  ])('are written in %s', async (_, request, subject) => {
    const { response } = await handler(event('CustomMessage_ForgotPassword', request));
    expect(response.emailSubject).toBe(subject);
  });
});
