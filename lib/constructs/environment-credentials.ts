import { credentialsFromEnvironment } from '../../lambdas/platform/credentials.ts';

/** What bundles have in place of the SDK's default chain, under the name by which every client imports that. */
export const defaultProvider = () => credentialsFromEnvironment;
