import { readFileSync } from 'node:fs';
import { occurrencesOf, type Recurring } from '../../../lambdas/features/calendar/occurrences.ts';

/** For another process in another zone: what the series on its input come to, and which zone it is in. */
const series = JSON.parse(readFileSync(0, 'utf8')) as readonly Recurring[];
const found = series.map((event) => occurrencesOf(event, event.when.from.slice(0, 10), '2027-11-30'));
console.log(JSON.stringify({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, found }));
