import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolClient,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolEmail,
} from 'aws-cdk-lib/aws-cognito';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { MailStack } from '../mail-stack.ts';
import { REGION, type Stage } from '../stages.ts';

/**
 * What a token of SRP sign-in allows its bearer at Cognito and must not: change factors, addresses or sessions behind our
 * back, delete the user without an erasure, or sign up without an invitation. Through our API each is decided and recorded.
 */
const operationsOfOurs = [
  'DeleteUser',
  'DeleteUserAttributes',
  'GetUserAttributeVerificationCode',
  'GlobalSignOut',
  'SetUserMFAPreference',
  'SetUserSettings',
  'SignUp',
  'UpdateUserAttributes',
  'VerifyUserAttribute',
];

/** Requests by one address in five minutes: a school behind one address signs in, a guesser does not get far. */
const REQUESTS_PER_ADDRESS_MAX = 500;

export class SignIn extends Construct {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;
  /** Of service clients (`integrations`): no person signs in through it. */
  readonly integrations: UserPoolClient;

  constructor(scope: Construct, id: string, { stage, mail }: { stage: Stage; mail: MailStack }) {
    super(scope, id);
    this.userPool = new UserPool(this, 'UserPool', {
      userPoolName: `vern-${stage.name}`,
      featurePlan: FeaturePlan.LITE,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      // FW-06: any authenticator app, and never a code by SMS.
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: false,
        tempPasswordValidity: Duration.days(7),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      autoVerify: { email: true },
      keepOriginal: { email: true },
      email: UserPoolEmail.withSES({
        fromEmail: mail.senderAddress,
        fromName: 'Vern',
        sesRegion: REGION,
        sesVerifiedDomain: mail.domain,
      }),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.userPool).acknowledge(
      {
        id: 'AwsSolutions-COG1',
        reason: 'Twelve characters and more; length guards better than symbols (NIST SP 800-63B)',
      },
      {
        id: 'AwsSolutions-COG2',
        reason:
          'A second factor is the choice of users (FW-06) and a must for staff, whose roles open with TOTP only (KP-13)',
      },
      {
        id: 'AwsSolutions-COG8',
        reason:
          'The Plus plan logs activity with IP address and device for years; sign-ins are kept for 21 days (CE-14)',
      },
    );
    this.client = new UserPoolClient(this, 'Client', {
      userPool: this.userPool,
      userPoolClientName: `vern-${stage.name}`,
      generateSecret: false,
      authFlows: { userSrp: true },
      disableOAuth: true,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.days(30),
      readAttributes: new ClientAttributes().withStandardAttributes({
        email: true,
        emailVerified: true,
        locale: true,
      }),
      // An absent list would mean every attribute, the e-mail address among them; the language harms nobody.
      writeAttributes: new ClientAttributes().withStandardAttributes({ locale: true }),
    });
    this.integrations = this.#integrationsClient(stage);
    this.#firewall(stage);
  }

  /**
   * For the users of service clients (RFC 6749, section 4.4). Nobody can sign in through it from outside: the one flow that
   * it allows is an administrator's call under IAM, made by the function of our own token endpoint. No refresh: a client
   * asks again with its secret.
   */
  #integrationsClient(stage: Stage): UserPoolClient {
    const client = new UserPoolClient(this, 'Integrations', {
      userPool: this.userPool,
      userPoolClientName: `vern-${stage.name}-integrations`,
      generateSecret: false,
      authFlows: { adminUserPassword: true },
      disableOAuth: true,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      // Cognito knows no shorter term, and takes no refresh token where the flow is not allowed.
      refreshTokenValidity: Duration.hours(1),
      readAttributes: new ClientAttributes().withStandardAttributes({ locale: true }),
      writeAttributes: new ClientAttributes().withStandardAttributes({ locale: true }),
    });
    const resource = client.node.defaultChild;
    if (!CfnUserPoolClient.isCfnUserPoolClient(resource)) throw new Error('The app client is no resource');
    // CDK allows refreshing beside whatever else is allowed.
    resource.explicitAuthFlows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH'];
    return client;
  }

  #firewall(stage: Stage) {
    const visible = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      // Samples would show addresses to whoever opens the console (KP-02).
      sampledRequestsEnabled: false,
    });
    const webAcl = new CfnWebACL(this, 'Firewall', {
      name: `vern-${stage.name}-sign-in`,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible('sign-in'),
      rules: [
        {
          name: 'operations-of-ours',
          priority: 0,
          action: { block: {} },
          visibilityConfig: visible('operations-of-ours'),
          statement: {
            orStatement: {
              statements: operationsOfOurs.map((operation) => ({
                byteMatchStatement: {
                  fieldToMatch: { singleHeader: { Name: 'x-amzn-cognito-operation-name' } },
                  positionalConstraint: 'EXACTLY',
                  searchString: operation,
                  textTransformations: [{ priority: 0, type: 'NONE' }],
                },
              })),
            },
          },
        },
        {
          name: 'requests-per-address',
          priority: 1,
          action: { block: {} },
          visibilityConfig: visible('requests-per-address'),
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: REQUESTS_PER_ADDRESS_MAX,
              evaluationWindowSec: 300,
            },
          },
        },
      ],
    });
    new CfnWebACLAssociation(this, 'FirewallOnUserPool', {
      resourceArn: this.userPool.userPoolArn,
      webAclArn: webAcl.attrArn,
    });
  }
}
