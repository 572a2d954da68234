import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';

/** Signs what must be provable outside: certificates of erasure, manifests of exports. ECDSA over P-256 with SHA-256. */
export interface Signer {
  /** KMS Sign. `signature`: DER (RFC 3279, section 2.2.3) in base64url. */
  sign(bytes: Uint8Array): Promise<{ readonly keyId: string; readonly signature: string }>;
  /** `spki`: SubjectPublicKeyInfo (RFC 5280, section 4.1) in base64; what anyone checks a signature with. */
  publicKey(): Promise<{ readonly keyId: string; readonly spki: string }>;
}

const ALGORITHM = 'ECDSA_SHA_256';

export function kmsSigner(client: Pick<KMSClient, 'send'>, signingKeyId: string): Signer {
  return {
    async sign(bytes) {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
      const { Signature, KeyId } = await client.send(
        new SignCommand({
          KeyId: signingKeyId,
          Message: digest,
          MessageType: 'DIGEST',
          SigningAlgorithm: ALGORITHM,
        }),
      );
      if (!Signature) throw new Error('KMS gave no signature');
      return { keyId: keyIdOf(KeyId, signingKeyId), signature: Buffer.from(Signature).toString('base64url') };
    },

    async publicKey() {
      const { PublicKey, KeyId } = await client.send(new GetPublicKeyCommand({ KeyId: signingKeyId }));
      if (!PublicKey) throw new Error('KMS gave no public key');
      return { keyId: keyIdOf(KeyId, signingKeyId), spki: Buffer.from(PublicKey).toString('base64') };
    },
  };
}

/** The id alone: KMS answers with the ARN, which names the AWS account. */
const keyIdOf = (arn: string | undefined, asked: string) => (arn ?? asked).split('/').at(-1) ?? asked;
