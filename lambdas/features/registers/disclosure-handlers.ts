import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { DisclosureId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Page } from '../../platform/records.ts';
import {
  type Disclosure,
  type DisclosureNotice,
  mayBeKnown,
  operatorsRegister,
  type Register,
  registerOf,
} from './disclosure.ts';
import type { disclosureRoutes } from './disclosure-routes.ts';

export interface StoredDisclosure {
  readonly value: Disclosure;
  readonly version: number;
}

export interface DisclosureStore {
  /** In which the last day of secrecy ends. */
  timeZone(register: Register, call: Call): Promise<string>;
  /** False also where a block keeps the caller from one of them, as for a person who is not there. */
  areThere(register: Register, subjects: Disclosure['subjects'], call: Call): Promise<boolean>;
  /** Without those about people whom a block keeps from the caller. */
  find(register: Register, id: DisclosureId, call: Call): Promise<StoredDisclosure | undefined>;
  list(
    register: Register,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<Page<StoredDisclosure>>;
  /** With the entries of those who may know, or the row by which the clock finds it when they may. */
  record<A>(register: Register, disclosure: Disclosure, day: Day, call: Call, answer: A): Promise<A>;
  changeNotice(
    register: Register,
    before: StoredDisclosure,
    notice: DisclosureNotice,
    day: Day,
    call: Call,
  ): Promise<void>;
}

/** The day that it is where the controller is. */
export interface Day {
  readonly today: string;
  readonly timeZone: string;
}

export const disclosureHandlers = (store: DisclosureStore): HandlersFor<typeof disclosureRoutes, Call> => {
  type Body =
    | InputOf<(typeof disclosureRoutes)['recordDisclosure']>['body']
    | InputOf<(typeof disclosureRoutes)['recordOperatorDisclosure']>['body'];

  async function dayOf(register: Register, call: Call): Promise<Day> {
    const timeZone = await store.timeZone(register, call);
    return { timeZone, today: dayIn(timeZone, call.now) };
  }

  async function record(register: Register, body: Body, call: Call) {
    const recordedAt = call.now.toISOString();
    if (body.disclosedAt > recordedAt) throw new Problem('wrong-state', 'It has not been handed out yet.');
    const day = await dayOf(register, call);
    const id = call.newId('dis');
    const disclosure: Disclosure = {
      ...body,
      subjects: [...new Set<Disclosure['subjects'][number]>(body.subjects)],
      id,
      recordedAt,
      recordedBy: call.role!.personId,
    };
    if (!(await store.areThere(register, disclosure.subjects, call)))
      throw new Problem(register.controller === 'operator' ? 'account-not-found' : 'person-not-found');
    return store.record(register, disclosure, day, call, viewOf({ value: disclosure, version: 1 }, day));
  }

  async function list(register: Register, query: { limit: number; cursor?: string | undefined }, call: Call) {
    const name: List = { name: 'disclosures', filter: { controller: register.controller } };
    const after = query.cursor === undefined ? undefined : decodeCursor(name, query.cursor, DisclosureId);
    const range = { limit: query.limit, ...(after !== undefined && { after }) };
    const [day, { items, next }] = await Promise.all([dayOf(register, call), store.list(register, range, call)]);
    return {
      items: items.map((one) => viewOf(one, day)),
      ...(next !== undefined && { next: encodeCursor(name, next) }),
    };
  }

  async function changeNotice(
    register: Register,
    id: DisclosureId,
    notice: DisclosureNotice,
    ifMatch: number,
    call: Call,
  ) {
    const before = await store.find(register, id, call);
    if (!before) throw new Problem('disclosure-not-found');
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const day = await dayOf(register, call);
    if (mayBeKnown(before.value.notice, day.today) && notice.state === 'withheld')
      throw new Problem('wrong-state', 'Those concerned may see it already.');
    await store.changeNotice(register, before, notice, day, call);
    return viewOf({ value: { ...before.value, notice }, version: ifMatch + 1 }, day);
  }

  // The ids in it are of the register's own kind: the bodies' schemas say so.
  return {
    recordDisclosure: ({ params, body }, call) => record(registerOf(params.organisationId), body, call),
    listDisclosures: ({ params, query }, call) => list(registerOf(params.organisationId), query, call),
    changeDisclosureNotice: ({ params, body, ifMatch }, call) =>
      changeNotice(registerOf(params.organisationId), params.disclosureId, body, ifMatch, call),
    recordOperatorDisclosure: ({ body }, call) => record(operatorsRegister, body, call),
    listOperatorDisclosures: ({ query }, call) => list(operatorsRegister, query, call),
    changeOperatorDisclosureNotice: ({ params, body, ifMatch }, call) =>
      changeNotice(operatorsRegister, params.disclosureId, body, ifMatch, call),
  } as HandlersFor<typeof disclosureRoutes, Call>;
};

const viewOf = ({ value, version }: StoredDisclosure, { today }: Day) => ({
  ...value,
  isKnownToSubjects: mayBeKnown(value.notice, today),
  version,
});
