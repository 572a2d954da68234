import * as z from 'zod';
import { anyone, type Routes } from '../../http/route.ts';

const ProofKey = z
  .strictObject({
    keyId: z.string().meta({ description: 'As certificates and manifests name it.' }),
    algorithm: z.literal('ECDSA_SHA_256').meta({ description: 'ECDSA over P-256 with SHA-256; signatures are DER.' }),
    spki: z.base64().meta({ description: 'SubjectPublicKeyInfo (RFC 5280), DER in base64.' }),
  })
  .meta({ id: 'ProofKey' });

export const proofRoutes = {
  listProofKeys: {
    summary: 'Read the public keys that proofs are checked with',
    description:
      'Certificates of erasure and manifests of exports are signed. Whoever has one can check it with these keys, now ' +
      'and later, without us.',
    tag: 'Contract',
    method: 'GET',
    path: '/v1/proofs/keys',
    access: anyone,
    success: { status: 200, body: z.strictObject({ keys: z.array(ProofKey).min(1) }) },
    problems: [],
    needs: ['proofs:read'],
  },
} as const satisfies Routes;
