import * as z from 'zod';
import { HTML, JSON_DOCUMENT } from '../../http/content.ts';
import { anyone, type Routes } from '../../http/route.ts';
import { Health, SignInConfiguration } from './contract.ts';

export const contractRoutes = {
  getHealth: {
    summary: 'Ask whether the service is up',
    tag: 'Contract',
    method: 'GET',
    path: '/v1/health',
    access: anyone,
    success: { status: 200, body: Health },
    problems: [],
    needs: [],
  },
  getSignInConfiguration: {
    summary: 'Read where to sign in',
    description:
      'What a client needs before it knows anybody: the user pool, and the version of the privacy statement.',
    tag: 'Contract',
    method: 'GET',
    path: '/v1/sign-in-configuration',
    access: anyone,
    success: { status: 200, body: SignInConfiguration },
    problems: [],
    needs: [],
  },
  getOpenApiDocument: {
    summary: 'Read this contract as OpenAPI 3.1',
    tag: 'Contract',
    method: 'GET',
    path: '/openapi.json',
    access: anyone,
    success: { status: 200, content: [JSON_DOCUMENT] },
    problems: [],
    needs: [],
  },
  getReference: {
    summary: 'Read this contract as pages',
    description: 'The way in: what holds everywhere, and all operations by their area.',
    tag: 'Contract',
    method: 'GET',
    path: '/docs',
    access: anyone,
    success: { status: 200, content: [HTML] },
    problems: [],
    needs: [],
  },
  getReferenceOfArea: {
    summary: 'Read one area of this contract',
    description: 'The operations of one area, or the schemas that stand in more than one place.',
    tag: 'Contract',
    method: 'GET',
    path: '/docs/{area}',
    access: anyone,
    params: z.strictObject({
      area: z
        .string()
        .max(40)
        .meta({ examples: ['attendance'] }),
    }),
    success: { status: 200, content: [HTML] },
    problems: ['no-such-route'],
    needs: [],
  },
  listProblems: {
    summary: 'Read about all problems',
    description: 'A page, or JSON where `Accept` asks for it.',
    tag: 'Contract',
    method: 'GET',
    path: '/problems',
    access: anyone,
    success: { status: 200, content: [HTML, JSON_DOCUMENT] },
    problems: [],
    needs: [],
  },
  getProblem: {
    summary: 'Read about one problem',
    description:
      'The `type` of every problem document is an address of this kind. A page, or JSON where `Accept` asks for it.',
    tag: 'Contract',
    method: 'GET',
    path: '/problems/{slug}',
    access: anyone,
    params: z.strictObject({
      slug: z
        .string()
        .max(80)
        .meta({ examples: ['person-not-found'] }),
    }),
    success: { status: 200, content: [HTML, JSON_DOCUMENT] },
    problems: ['no-such-route'],
    needs: [],
  },
} as const satisfies Routes;
