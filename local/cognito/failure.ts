/** The exceptions that this server raises, by the names of the cognito-idp API. */
type FailureType =
  | 'AliasExistsException'
  | 'CodeDeliveryFailureException'
  | 'CodeMismatchException'
  | 'EnableSoftwareTokenMFAException'
  | 'ExpiredCodeException'
  | 'ForbiddenException'
  | 'InternalErrorException'
  | 'InvalidLambdaResponseException'
  | 'InvalidParameterException'
  | 'InvalidPasswordException'
  | 'LimitExceededException'
  | 'MissingAuthenticationTokenException'
  | 'NotAuthorizedException'
  | 'PasswordResetRequiredException'
  | 'ResourceNotFoundException'
  | 'SerializationException'
  | 'UnknownOperationException'
  | 'UnsupportedOperationException'
  | 'UnsupportedTokenTypeException'
  | 'UnsupportedUserStateException'
  | 'UserLambdaValidationException'
  | 'UserNotFoundException'
  | 'UsernameExistsException';

/** An expected refusal: becomes `__type` and `message` of an AWS JSON 1.1 error. */
export class CognitoFailure extends Error {
  readonly type: FailureType;

  constructor(type: FailureType, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}

/** The one answer to a wrong name, a wrong password and a lock-out, so that none can be told from another. */
export const wrongNameOrPassword = (): CognitoFailure =>
  new CognitoFailure('NotAuthorizedException', 'Incorrect username or password.');

/** The one answer to a session that is unknown, used, expired, or another user's or client's. */
export const invalidSession = (): CognitoFailure =>
  new CognitoFailure('NotAuthorizedException', 'Invalid session for the user, session is expired.');
