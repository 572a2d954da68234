import type { Owner } from '../../platform/entity.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import type { FormKind } from './form.ts';

/** All organisations' together: when the clock looks at what was sent by a form, or has to tell of an open event. */
export const DUE_PARTITION = 'FORMS-DUE';

export const dueKey = ({ controller, subject }: Owner, dueAt: string, id: string): PointerKey => ({
  table: 'core',
  pk: DUE_PARTITION,
  sk: `${dueAt}#${controller}#${subject}#${id}`,
});
export const dueRow = (
  owner: Owner,
  dueAt: string,
  about: { readonly kind: Exclude<FormKind, 'newsletter' | 'ticket'> | 'open-event'; readonly id: string },
): Pointer => ({ ...dueKey(owner, dueAt, about.id), attributes: { ...owner, ...about } });
