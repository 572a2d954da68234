import {
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  GetEndpointAttributesCommand,
  SetEndpointAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { publish, type SnsOutcome } from './sns.ts';

/** It passes Apple or Google, so it says only that something waits (KP-09). */
export interface Push {
  /** Of the endpoint that SNS made for the device. */
  readonly endpointArn: string;
  readonly title: string;
  readonly body: string;
}

/** The one outbound door for push (SNS Publish to a platform endpoint). */
export type SendPush = (push: Push) => Promise<SnsOutcome>;

/** The same words for every notice need only be on the screen once: a later one takes the place of the one before. */
const COLLAPSE_ID = 'vern';
/** That something waited is no news any more half a day later. */
const TTL_SECONDS = 12 * 60 * 60;

const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });

export const pushSender =
  (client: Pick<SNSClient, 'send'>): SendPush =>
  ({ endpointArn, title, body }) => {
    const apple = JSON.stringify({ aps: { alert: { title, body }, sound: 'default' } });
    const message = { notification: { title, body }, android: { collapse_key: COLLAPSE_ID } };
    return publish(client, {
      TargetArn: endpointArn,
      MessageStructure: 'json',
      // SNS takes the part that the endpoint's platform reads.
      Message: JSON.stringify({
        default: body,
        APNS: apple,
        APNS_SANDBOX: apple,
        GCM: JSON.stringify({ fcmV1Message: { message } }),
      }),
      MessageAttributes: {
        'AWS.SNS.MOBILE.APNS.COLLAPSE_ID': attribute(COLLAPSE_ID),
        'AWS.SNS.MOBILE.APNS.PUSH_TYPE': attribute('alert'),
        'AWS.SNS.MOBILE.APNS.TTL': attribute(String(TTL_SECONDS)),
        'AWS.SNS.MOBILE.APNS_SANDBOX.TTL': attribute(String(TTL_SECONDS)),
        'AWS.SNS.MOBILE.FCM.TTL': attribute(String(TTL_SECONDS)),
      },
    });
  };

export const pushPlatforms = ['apple', 'google'] as const;
export type PushPlatform = (typeof pushPlatforms)[number];

/** ARNs of SNS's platform applications; a stage without an app of a platform has none. */
export type PushApplications = Readonly<Partial<Record<PushPlatform, string>>>;

export interface PushEndpoints {
  /**
   * The ARN of the endpoint for a device's token, switched on; the same for the same token. Undefined when the platform
   * has no application here, or the token is none of its tokens.
   */
  register(platform: PushPlatform, token: string): Promise<string | undefined>;
  /** SNS forgets the device and its token. Removing what is not there is no error. */
  remove(endpointArn: string): Promise<void>;
  exists(endpointArn: string): Promise<boolean>;
}

export const pushEndpoints = (client: Pick<SNSClient, 'send'>, applications: PushApplications): PushEndpoints => ({
  async register(platform, token) {
    const application = applications[platform];
    if (application === undefined) return undefined;
    const made = new CreatePlatformEndpointCommand({ PlatformApplicationArn: application, Token: token });
    const { EndpointArn } = await client.send(made).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'InvalidParameterException') throw error;
      return { EndpointArn: existingIn(error.message) };
    });
    if (EndpointArn === undefined) return undefined;
    // One that was there before may have been switched off by SNS, when the app was away for a while.
    await client.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Token: token, Enabled: 'true' } }));
    return EndpointArn;
  },

  async remove(endpointArn) {
    await client.send(new DeleteEndpointCommand({ EndpointArn: endpointArn }));
  },

  async exists(endpointArn) {
    try {
      await client.send(new GetEndpointAttributesCommand({ EndpointArn: endpointArn }));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFoundException') return false;
      throw error;
    }
  },
});

/** An endpoint that somebody has changed by hand is not answered with, but named in the refusal (developer guide, "Mobile tokens"). */
const existingIn = (message: string) => /Endpoint (arn:\S+) already exists with the same Token/i.exec(message)?.[1];

/** What the stack gives as `PUSH_APPLICATIONS`: `{"apple": arn, "google": arn}`, either of which may be missing. */
export const pushApplicationsFrom = (json: string): PushApplications => {
  const { apple, google } = JSON.parse(json) as Record<string, unknown>;
  return {
    ...(typeof apple === 'string' && { apple }),
    ...(typeof google === 'string' && { google }),
  };
};
