/**
 * What bundles have in place of the SDK's event streams (S3 Select, transcription): 15 KB in every function, for
 * operations that nobody here calls. The clients resolve their configuration as before; a stream itself fails loudly.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('Bundles leave event streams out: see lib/constructs/bundles.ts');
  }
}

/** @public */
export const eventStreamSerdeProvider = () => undefined;
/** @public */
export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;
