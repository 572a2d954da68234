import type { OrganisationId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';

/** The operator's own records that are about no account and no customer. No organisation has this id: it holds no time and no chance. */
const OPERATOR_ITSELF = `org_${'0'.repeat(26)}` as OrganisationId;

export const operatorItself: Owner = { controller: 'operator', subject: OPERATOR_ITSELF };
