import {
  DeleteSuppressedDestinationCommand,
  GetSuppressedDestinationCommand,
  NotFoundException,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import { credentialsFromEnvironment } from './credentials.ts';

/** SES allows one call a second to its account-level suppression list. */
const MILLISECONDS_BETWEEN_CALLS = 1_100;

/** SES's own list of addresses that it no longer sends to. Case-exact: an address is in it as it was once written. */
export interface SuppressionList {
  holds(address: string): Promise<boolean>;
  /** Removing what is not there is no error. */
  remove(address: string): Promise<void>;
}

export const suppressionClient = () => new SESv2Client({ credentials: credentialsFromEnvironment });

export function suppressionList(
  client: Pick<SESv2Client, 'send'>,
  pause: (milliseconds: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): SuppressionList {
  let isFirst = true;
  /** One after the other, in their own time; the first needs to wait for nobody. */
  async function paced(): Promise<void> {
    if (!isFirst) await pause(MILLISECONDS_BETWEEN_CALLS);
    isFirst = false;
  }

  return {
    async holds(address) {
      await paced();
      try {
        await client.send(new GetSuppressedDestinationCommand({ EmailAddress: address }));
        return true;
      } catch (error) {
        if (error instanceof NotFoundException) return false;
        throw error;
      }
    },

    async remove(address) {
      await paced();
      try {
        await client.send(new DeleteSuppressedDestinationCommand({ EmailAddress: address }));
      } catch (error) {
        if (!(error instanceof NotFoundException)) throw error;
      }
    },
  };
}
