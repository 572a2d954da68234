import type { CustomMessageTriggerEvent } from 'aws-lambda';
import { letterHtml } from '../features/notices/letter.ts';
import { type SignInLetter, signInLetter } from '../features/notices/sign-in-letters.ts';
import type { Language } from '../http/call.ts';

/** Cognito's trigger sources and what is written for each. Phones get no messages: nobody signs in with one. */
const letterOf: Readonly<Record<CustomMessageTriggerEvent['triggerSource'], SignInLetter>> = {
  CustomMessage_AdminCreateUser: 'temporary-password',
  CustomMessage_ForgotPassword: 'forgotten-password',
  CustomMessage_SignUp: 'verify-email',
  CustomMessage_ResendCode: 'verify-email',
  CustomMessage_UpdateUserAttribute: 'verify-email',
  CustomMessage_VerifyUserAttribute: 'verify-email',
  CustomMessage_Authentication: 'sign-in-code',
};

/**
 * Cognito's CustomMessage trigger (5 seconds at most): gives the letter around the placeholders that Cognito fills in
 * after us. For AdminCreateUser it demands both placeholders, else it sends its own text.
 */
export async function handler(event: CustomMessageTriggerEvent): Promise<CustomMessageTriggerEvent> {
  const { codeParameter, usernameParameter } = event.request;
  const letter = signInLetter(letterOf[event.triggerSource], languageOf(event), {
    code: codeParameter,
    userName: usernameParameter ?? '',
  });
  event.response.emailSubject = letter.subject;
  event.response.emailMessage = letterHtml(letter);
  return event;
}

/** What the caller of the API asked for; else what the account says; Norwegian where nobody said anything. */
function languageOf({ request }: CustomMessageTriggerEvent): Language {
  const asked = request.clientMetadata?.['language'] ?? request.userAttributes['locale'] ?? 'nb';
  return asked.toLowerCase().startsWith('en') ? 'en' : 'nb';
}
