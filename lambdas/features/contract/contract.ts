import * as z from 'zod';
import { profiles } from '../../access/roles.ts';

export const Health = z
  .strictObject({
    status: z.literal('ok'),
    version: z.string().meta({ description: 'The version of the contract that is running.' }),
    time: z.iso.datetime().meta({ description: "The service's clock." }),
  })
  .meta({ id: 'Health' });

export const SignInConfiguration = z
  .strictObject({
    userPoolId: z.string().meta({ examples: ['eu-west-1_Ab3dEf6hI'] }),
    clientId: z.string(),
    region: z.string().meta({ examples: ['eu-west-1'] }),
    endpoint: z
      .url()
      .optional()
      .meta({ description: "Where the user pool answers, when that is not AWS's own address for the region." }),
    statementVersions: z
      .record(z.enum(profiles), z.string())
      .meta({ description: 'The privacy statement in force, per profile: what a registration has to name.' }),
  })
  .meta({ id: 'SignInConfiguration' });

export type SignInConfiguration = z.output<typeof SignInConfiguration>;

export const ProblemExplanation = z
  .strictObject({
    type: z.url(),
    slug: z.string(),
    status: z.int(),
    title: z.string(),
    remedy: z.string().meta({ description: 'What the caller can do about it.' }),
  })
  .meta({ id: 'ProblemExplanation' });

export type ProblemExplanation = z.output<typeof ProblemExplanation>;
