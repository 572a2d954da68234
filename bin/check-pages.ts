import { purposes } from '../lambdas/features/links/link.ts';
import { checkExhibits } from '../test/pages/check.ts';
import { exhibits } from '../test/pages/samples.ts';

/**
 * `npm run check:pages [-- folder [name]]`: shows every page and some letters of ours to Chromium and axe-core, at phone
 * width, in light and dark, in both languages; see `checkExhibits` for what is asked of them. Saves pictures in the
 * folder. With a name, those alone whose names hold it.
 */
const [folder, name = ''] = process.argv.slice(2);
const all = (await exhibits(purposes, ['nb', 'en'])).filter((one) => one.name.includes(name));
const faults = await checkExhibits(all, { folder, log: (line) => console.log(line) });
for (const fault of faults) console.error(fault);
console.log(`${all.length} pages and letters, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
