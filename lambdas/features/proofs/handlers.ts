import type { Call } from '../../http/call.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Signer } from '../../platform/signing.ts';
import type { proofRoutes } from './routes.ts';

/** The key never changes, so a container asks KMS once; a failed try is not remembered. */
export function proofHandlers(signer: Pick<Signer, 'publicKey'>): HandlersFor<typeof proofRoutes, Call> {
  let known: Awaited<ReturnType<Signer['publicKey']>> | undefined;
  return {
    async listProofKeys() {
      known ??= await signer.publicKey();
      return { keys: [{ ...known, algorithm: 'ECDSA_SHA_256' }] };
    },
  };
}
