import { dayIn } from '../../lambdas/platform/calendar.ts';
import { chance } from './chance.ts';
import { readCommandLine, type SeedWanted, usage } from './command-line.ts';
import { ZONE } from './days.ts';
import { anAccountFor, aSeededOrganisation, PASSWORD } from './organisation.ts';
import { documentWork, threadWork } from './papers.ts';
import { groupWork, peopleWork } from './people.ts';
import { progress } from './progress.ts';
import { runningServiceOf } from './running-service.ts';
import { aTown } from './town.ts';
import { type Work, writeAll } from './writer.ts';
import { attendanceWork, closuresOf, closureWork, eventWork, logWork } from './year.ts';

/** What was made, and as whom to look at it. */
export interface Seeded {
  readonly organisationId: string;
  readonly rows: number;
  readonly seconds: number;
  readonly parent: { readonly email: string; readonly password: string };
  readonly staff: { readonly email: string; readonly password: string; readonly totpSecret?: string };
  readonly groupId: string;
}

/** A kindergarten with a year behind it, written into a running service through the product's own records. */
export async function seed(
  { families, seed: number, stateDir }: SeedWanted,
  say: (line: string) => void,
): Promise<Seeded> {
  const begun = Date.now();
  const service = await runningServiceOf(stateDir);
  try {
    const organisation = await aSeededOrganisation(service);
    const { organisationId, name, run } = organisation;
    say(`${name} (${organisationId}), organisation ${run} of this service`);
    const luck = chance(number);
    const setting = { organisationId, today: dayIn(ZONE, new Date()) };
    const town = aTown({ ...setting, families, run }, luck);
    const closures = closuresOf(setting, luck);
    const first = [groupWork(setting, town), ...peopleWork(setting, town)];
    const rest: Work[] = [
      closureWork(setting, closures),
      ...eventWork(setting, town.groups, luck),
      await documentWork(setting, town, service.vault, luck),
      ...threadWork(setting, town, luck),
      ...logWork(setting, town, luck),
      ...attendanceWork(setting, town, closures, luck),
    ];
    const shown = progress(rowsOf([...first, ...rest]), say);
    // People first: what is about them is sealed under their keys.
    await writeAll(first, service.records, shown.add);
    const parent = town.families[0]!.guardians[0]!;
    const member = town.staff[0]!;
    const groupId = member.placements[0]!.groupId;
    const [, asParent, asStaff] = await Promise.all([
      writeAll(rest, service.records, shown.add),
      anAccountFor({ id: parent.id, email: parent.email! }, organisation, service),
      anAccountFor({ id: member.id, email: member.email!, groupId }, organisation, service),
    ]);
    return {
      organisationId,
      rows: shown.so.rows,
      seconds: (Date.now() - begun) / 1000,
      parent: { email: asParent.credentials.email, password: PASSWORD },
      staff: { ...asStaff.credentials, password: PASSWORD },
      groupId,
    };
  } finally {
    service.close();
  }
}

const rowsOf = (work: readonly Work[]) =>
  work.reduce((sum, { pieces }) => sum + pieces.reduce((rows, piece) => rows + piece.rows, 0), 0);

async function main(): Promise<void> {
  let wanted: SeedWanted;
  try {
    wanted = readCommandLine(process.argv.slice(2));
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    process.exit(2);
  }
  const { rows, seconds, parent, staff } = await seed(wanted, (line) => console.log(line));
  console.log(`done      ${rows} rows in ${Math.round(seconds)} s`);
  console.log(`parent    ${parent.email} / ${parent.password}`);
  console.log(`staff     ${staff.email} / ${staff.password} / TOTP secret ${staff.totpSecret}`);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  });
}
