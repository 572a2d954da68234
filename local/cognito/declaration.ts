import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type FirewallRule, firewallFromTemplate } from './firewall.ts';
import type { TriggerName } from './triggers.ts';

const DAY_SECONDS = 86_400;
const UNIT_SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: DAY_SECONDS };
/** The OpenID attributes that every pool has without declaring them (docs: "Standard attributes"). */
const STANDARD_ATTRIBUTES =
  'address birthdate email family_name gender given_name locale middle_name name nickname phone_number picture preferred_username profile updated_at website zoneinfo'.split(
    ' ',
  );
/** Cognito sets these; a client's WriteAttributes cannot hold them. */
const VERIFICATION_ATTRIBUTES = ['email_verified', 'phone_number_verified'];

/** A resource of the synthesised template whose intrinsic functions are already resolved to plain values. */
interface TemplateResource {
  readonly logicalId: string;
  readonly properties: unknown;
}

interface AttributeRule {
  readonly isRequired: boolean;
  readonly isMutable: boolean;
  readonly lengthMin: number;
  readonly lengthMax: number;
}

export interface PasswordPolicy {
  readonly lengthMin: number;
  readonly needsLowercase: boolean;
  readonly needsUppercase: boolean;
  readonly needsDigit: boolean;
  readonly needsSymbol: boolean;
  readonly temporaryValidityDays: number;
}

interface MessageTemplate {
  readonly subject: string;
  readonly html: string;
}

export interface UserPoolClientDeclaration {
  readonly id: string;
  readonly name: string;
  /** As in ExplicitAuthFlows, e.g. `ALLOW_USER_SRP_AUTH`. */
  readonly flows: readonly string[];
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly hidesUserExistence: boolean;
  readonly revokesTokens: boolean;
  readonly writable: readonly string[];
  readonly readable: readonly string[];
}

export interface UserPoolDeclaration {
  readonly id: string;
  readonly name: string;
  readonly mfa: 'OFF' | 'OPTIONAL' | 'ON';
  readonly passwordPolicy: PasswordPolicy;
  readonly isUsernameCaseSensitive: boolean;
  readonly autoVerifiesEmail: boolean;
  /** AttributesRequireVerificationBeforeUpdate: the old address stays until the new one is proven. */
  readonly verifiesEmailBeforeUpdate: boolean;
  readonly isRecoveryByAdministratorOnly: boolean;
  readonly attributes: ReadonlyMap<string, AttributeRule>;
  /** Function names or ARNs by trigger, as LambdaConfig has them. */
  readonly triggers: Readonly<Partial<Record<TriggerName, string | undefined>>>;
  readonly invitation: MessageTemplate;
  readonly verification: MessageTemplate;
  readonly clients: readonly UserPoolClientDeclaration[];
  /** AWS WAF's rules before the pool, in their order. */
  readonly firewall: readonly FirewallRule[];
}

const Length = z.coerce.number().optional();
const EmailTemplate = z.object({ EmailSubject: z.string().optional(), EmailMessage: z.string().optional() });
const PoolProperties = z.object({
  UserPoolName: z.string().optional(),
  MfaConfiguration: z.enum(['OFF', 'OPTIONAL', 'ON']).default('OFF'),
  EnabledMfas: z.array(z.literal('SOFTWARE_TOKEN_MFA')).default([]),
  UsernameAttributes: z.tuple([z.literal('email')]),
  AliasAttributes: z.array(z.never()).default([]),
  UsernameConfiguration: z.object({ CaseSensitive: z.boolean().default(true) }).default({ CaseSensitive: true }),
  AutoVerifiedAttributes: z.array(z.string()).default([]),
  UserAttributeUpdateSettings: z
    .object({ AttributesRequireVerificationBeforeUpdate: z.array(z.string()).default([]) })
    .default({ AttributesRequireVerificationBeforeUpdate: [] }),
  AccountRecoverySetting: z
    .object({ RecoveryMechanisms: z.array(z.object({ Name: z.string() })).default([]) })
    .default({ RecoveryMechanisms: [] }),
  AdminCreateUserConfig: z.object({
    AllowAdminCreateUserOnly: z.literal(true),
    InviteMessageTemplate: EmailTemplate.optional(),
  }),
  EmailVerificationSubject: z.string().optional(),
  EmailVerificationMessage: z.string().optional(),
  VerificationMessageTemplate: EmailTemplate.optional(),
  Policies: z
    .object({
      PasswordPolicy: z
        .object({
          MinimumLength: z.number().default(8),
          RequireLowercase: z.boolean().default(false),
          RequireUppercase: z.boolean().default(false),
          RequireNumbers: z.boolean().default(false),
          RequireSymbols: z.boolean().default(false),
          TemporaryPasswordValidityDays: z.number().default(7),
        })
        .optional(),
    })
    .optional(),
  Schema: z
    .array(
      z.object({
        Name: z.string(),
        AttributeDataType: z.string().optional(),
        Required: z.boolean().default(false),
        Mutable: z.boolean().default(true),
        StringAttributeConstraints: z.object({ MinLength: Length, MaxLength: Length }).optional(),
      }),
    )
    .default([]),
  // Strict: a trigger that would not run here must not be declared unnoticed.
  LambdaConfig: z
    .strictObject({
      CustomMessage: z.string().optional(),
      PreAuthentication: z.string().optional(),
      PostAuthentication: z.string().optional(),
    })
    .default({}),
});

const Unit = z.enum(['seconds', 'minutes', 'hours', 'days']).optional();
const ClientProperties = z.object({
  ClientName: z.string().optional(),
  GenerateSecret: z.literal(false).default(false),
  ExplicitAuthFlows: z
    .array(z.string())
    .default(['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH']),
  AccessTokenValidity: z.number().default(1),
  IdTokenValidity: z.number().default(1),
  RefreshTokenValidity: z.number().default(30),
  TokenValidityUnits: z.object({ AccessToken: Unit, IdToken: Unit, RefreshToken: Unit }).default({}),
  PreventUserExistenceErrors: z.enum(['ENABLED', 'LEGACY']).default('LEGACY'),
  EnableTokenRevocation: z.boolean().default(true),
  ReadAttributes: z.array(z.string()).optional(),
  WriteAttributes: z.array(z.string()).optional(),
});

/** A stable id that looks like AWS's, e.g. `eu-west-1_Ab3dE6gH9`. */
export function userPoolId(region: string, logicalId: string): string {
  return `${region}_${letters(logicalId, 9, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}`;
}

/** A stable id that looks like AWS's: 26 lower-case letters and digits. */
export function userPoolClientId(logicalId: string): string {
  return letters(logicalId, 26, 'abcdefghijklmnopqrstuvwxyz0123456789');
}

/**
 * Reads an AWS::Cognito::UserPool, its AWS::Cognito::UserPoolClient resources and the AWS::WAFv2::WebACL before it, properties
 * resolved.
 * Throws on what this server does not do (self sign-up, aliases, SMS, client secrets, other triggers),
 * so that nothing declared is silently missing here.
 */
export function userPoolFromTemplate(
  region: string,
  pool: TemplateResource,
  clients: readonly TemplateResource[],
  webAcl?: TemplateResource,
): UserPoolDeclaration {
  const properties = parse(PoolProperties, pool);
  const attributes = attributeRules(properties.Schema);
  const policy = properties.Policies?.PasswordPolicy;
  const verification = properties.VerificationMessageTemplate;
  const invite = properties.AdminCreateUserConfig.InviteMessageTemplate;
  return {
    id: userPoolId(region, pool.logicalId),
    name: properties.UserPoolName ?? pool.logicalId,
    mfa: properties.MfaConfiguration,
    passwordPolicy: {
      lengthMin: policy?.MinimumLength ?? 8,
      needsLowercase: policy?.RequireLowercase ?? true,
      needsUppercase: policy?.RequireUppercase ?? true,
      needsDigit: policy?.RequireNumbers ?? true,
      needsSymbol: policy?.RequireSymbols ?? true,
      temporaryValidityDays: policy?.TemporaryPasswordValidityDays ?? 7,
    },
    isUsernameCaseSensitive: properties.UsernameConfiguration.CaseSensitive,
    autoVerifiesEmail: properties.AutoVerifiedAttributes.includes('email'),
    verifiesEmailBeforeUpdate:
      properties.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate.includes('email'),
    isRecoveryByAdministratorOnly: properties.AccountRecoverySetting.RecoveryMechanisms.some(
      ({ Name }) => Name === 'admin_only',
    ),
    attributes,
    triggers: properties.LambdaConfig,
    invitation: {
      subject: invite?.EmailSubject ?? 'Your temporary password',
      html: invite?.EmailMessage ?? 'Your username is {username} and temporary password is {####}.',
    },
    verification: {
      subject: verification?.EmailSubject ?? properties.EmailVerificationSubject ?? 'Your verification code',
      html: verification?.EmailMessage ?? properties.EmailVerificationMessage ?? 'Your verification code is {####}.',
    },
    clients: clients.map((client) => userPoolClient(client, [...attributes.keys()])),
    firewall: webAcl ? firewallFromTemplate(webAcl) : [],
  };
}

function userPoolClient(client: TemplateResource, attributes: readonly string[]): UserPoolClientDeclaration {
  const properties = parse(ClientProperties, client);
  const units = properties.TokenValidityUnits;
  return {
    id: userPoolClientId(client.logicalId),
    name: properties.ClientName ?? client.logicalId,
    flows: properties.ExplicitAuthFlows,
    accessTokenSeconds: properties.AccessTokenValidity * UNIT_SECONDS[units.AccessToken ?? 'hours'],
    idTokenSeconds: properties.IdTokenValidity * UNIT_SECONDS[units.IdToken ?? 'hours'],
    refreshTokenSeconds: properties.RefreshTokenValidity * UNIT_SECONDS[units.RefreshToken ?? 'days'],
    hidesUserExistence: properties.PreventUserExistenceErrors === 'ENABLED',
    revokesTokens: properties.EnableTokenRevocation,
    writable: properties.WriteAttributes ?? attributes,
    readable: properties.ReadAttributes ?? [...attributes, ...VERIFICATION_ATTRIBUTES],
  };
}

function attributeRules(schema: z.output<typeof PoolProperties>['Schema']): ReadonlyMap<string, AttributeRule> {
  const rules = new Map<string, AttributeRule>();
  for (const name of STANDARD_ATTRIBUTES) {
    rules.set(name, { isRequired: false, isMutable: true, lengthMin: 0, lengthMax: 2048 });
  }
  for (const declared of schema) {
    const isStandard = STANDARD_ATTRIBUTES.includes(declared.Name);
    rules.set(isStandard ? declared.Name : `custom:${declared.Name.replace(/^custom:/, '')}`, {
      isRequired: declared.Required,
      isMutable: declared.Mutable,
      lengthMin: declared.StringAttributeConstraints?.MinLength ?? 0,
      lengthMax: declared.StringAttributeConstraints?.MaxLength ?? 2048,
    });
  }
  return rules;
}

function parse<T>(schema: z.ZodType<T>, resource: TemplateResource): T {
  const parsed = schema.safeParse(resource.properties);
  if (parsed.success) return parsed.data;
  throw new Error(`The embedded Cognito cannot run ${resource.logicalId}:\n${z.prettifyError(parsed.error)}`);
}

function letters(seed: string, length: number, alphabet: string): string {
  const digest = createHash('sha256').update(seed).digest();
  return [...digest.subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
