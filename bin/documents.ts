import { writeFileSync } from 'node:fs';
import { type Profile, profiles, roleNames, roles, rolesOfProfile } from '../lambdas/access/roles.ts';
import { rules } from '../lambdas/access/rules.ts';
import { categories } from '../lambdas/features/agreements/categories.ts';
import { apiFunctions, workers } from '../lambdas/functions/catalogue.ts';
import { ruleText } from '../lambdas/http/openapi.ts';
import type { Route } from '../lambdas/http/route.ts';
import { buckets } from '../lambdas/platform/buckets.ts';
import { capabilities } from '../lambdas/platform/capabilities.ts';
import { type EntityDeclaration, keptThroughErasure, retentionClasses } from '../lambdas/platform/entity.ts';
import { tables } from '../lambdas/platform/tables.ts';
import { needsByFunction } from '../lib/catalogue.ts';

/**
 * Documents that follow from the declarations: who may do what, and what is held about people. `node bin/documents.ts`
 * writes them to docs/; a test says when they are stale.
 */
export const documents: Readonly<Record<string, () => string>> = {
  'permissions.md': permissions,
  'data-inventory.md': dataInventory,
};

const GENERATED = 'Written by `npm run generate` from the declarations; do not edit.';
const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = (text: string) => `\`${text}\``;

function permissions(): string {
  const routes = Object.entries(apiFunctions).flatMap(([fn, { routes: declared }]) =>
    Object.entries<Route>(declared).map(([id, route]) => ({ fn, id, route })),
  );
  return `${[
    '# Who may do what',
    GENERATED,
    '## Roles',
    'A guarded role opens with a second factor, for 30 minutes, after an undertaking of confidentiality.',
    table(
      ['role', 'guarded', 'scopes', 'in the profiles'],
      roleNames.map((name) => [
        code(name),
        roles[name].guarded ? 'yes' : '',
        roles[name].scopes.join(', '),
        name.startsWith('platform-')
          ? 'the operator itself'
          : profiles.filter((profile) => rolesOfProfile[profile][name]).join(', '),
      ]),
    ),
    '## Actions',
    'A block between two persons, and an organisation that is closed, override every rule.',
    table(
      ['action', 'who'],
      Object.entries(rules).map(([action, list]) => [code(action), list.map(ruleText).join('; ')]),
    ),
    '## Routes',
    table(
      ['route', 'access', 'function'],
      routes.map(({ fn, route }) => [code(`${route.method} ${route.path}`), accessInWords(route), fn]),
    ),
    '## Functions',
    'What each deployed function may do at AWS, and no more.',
    table(
      ['function', 'capabilities'],
      [...needsByFunction({ apiFunctions, workers })].map(([name, needs]) => [name, needs.map(code).join(', ')]),
    ),
    '## Capabilities',
    table(
      ['capability', 'on', 'actions'],
      Object.entries(capabilities).map(([name, capability]) => {
        const { actions, ...on } = capability;
        return [
          code(name),
          Object.entries(on)
            .map(([kind, what]) => `${kind} ${what}`)
            .join(', '),
          actions.map(code).join(', '),
        ];
      }),
    ),
  ].join('\n\n')}\n`;
}

function accessInWords({ access }: Route): string {
  if (access.to === 'anyone') return 'anyone';
  if (access.to === 'device') return 'the device itself, by its signature';
  const proof = access.proof === 'fresh' ? ', fresh proof' : '';
  if (access.to === 'account') return `signed in${proof}`;
  return `${code(access.may)}${proof}${access.beforeAgreement ? ', also before the agreement' : ''}`;
}

function dataInventory(): string {
  const held = categories.flatMap(({ entities, what, profiles: under }) =>
    entities.map((entity) => ({ entity: entity as EntityDeclaration, what: what.en, under: under ?? profiles })),
  );
  return `${[
    '# Data inventory',
    GENERATED,
    'Every type of record about people: a type that does not declare this does not compile, and one that stands in no category of the statement fails a test. Payloads are sealed under the key of the person and the retention class.',
    '## Records',
    table(
      [
        'record',
        'what',
        'our role',
        'purpose',
        'legal basis',
        'Art. 9',
        'kept',
        'source',
        'exported',
        'on erasure',
        'profiles',
        'table',
      ],
      held.map(({ entity, what, under }) => [
        code(entity.name),
        what,
        entity.ourRole,
        entity.purpose,
        entity.legalBasis,
        entity.article9,
        code(entity.retentionClass),
        sourceInWords(entity),
        exportInWords(entity),
        erasureInWords(entity),
        namesOf(under),
        entity.table,
      ]),
    ),
    '## Retention classes',
    'One key per person and class: what is kept for the same term dies with the same key.',
    table(
      ['class', 'term'],
      Object.entries(retentionClasses).map(([name, term]) => [code(name), term]),
    ),
    '## Tables and buckets',
    'How an erasure reaches what lies there; one without an answer does not compile.',
    table(['store', 'holds', 'erased by'], storesInWords()),
  ].join('\n\n')}\n`;
}

const sourceInWords = ({ source }: EntityDeclaration) => (typeof source === 'string' ? source : source.register);
/** Art. 20, Art. 15, or why not. */
const exportInWords = ({ exported }: EntityDeclaration) =>
  typeof exported === 'string' ? exported : `no: ${exported.not}`;
function erasureInWords({ onErasure, retentionClass }: EntityDeclaration): string {
  if (typeof onErasure === 'object') return `keep until ${onErasure.keepUntil} (${onErasure.law})`;
  // The class decides for the entity: what proves that the law was kept outlives an erasure.
  return keptThroughErasure.includes(retentionClass)
    ? `keep until ${retentionClasses[retentionClass]} (GDPR Art. 17(3)(b), (e))`
    : onErasure;
}

/** What lies where, and how an erasure reaches it. */
const storesInWords = () =>
  [...Object.entries(tables), ...Object.entries(buckets)].map(([name, { holds, erasedBy }]) => [
    code(name),
    holds,
    erasedBy,
  ]);

const namesOf = (under: readonly Profile[]) => (under.length === profiles.length ? 'all' : under.join(', '));

if (import.meta.main) {
  for (const [name, write] of Object.entries(documents))
    writeFileSync(new URL(`../docs/${name}`, import.meta.url), write());
}
