import * as z from 'zod';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { readingRecords } from '../../platform/capabilities.ts';

const BACKUPS_MAX = 100;

const Backup = z
  .strictObject({
    day: z.iso.date(),
    completedAt: z.iso.datetime(),
    offlineAt: z.iso.datetime().optional().meta({ description: 'When the offline copy was whole; absent until then.' }),
    lockedUntil: z.iso
      .datetime()
      .meta({ description: 'Until then nobody can change or delete the offline copy, we included.' }),
    expiresOn: z.iso.date().meta({ description: 'On that day nothing of it is left anywhere, at the latest.' }),
  })
  .meta({ id: 'Backup' });

const Backups = z
  .strictObject({
    items: z.array(Backup).max(BACKUPS_MAX),
    lastDrill: z
      .strictObject({
        at: z.iso.datetime(),
        day: z.iso.date().meta({ description: 'The day whose backup was restored.' }),
        isPassed: z.boolean(),
      })
      .optional()
      .meta({ description: 'The last time that a backup was restored to see whether it can be.' }),
  })
  .meta({ id: 'Backups' });

export const backupRoutes = {
  listBackups: {
    summary: 'List the backups',
    description:
      'Of the whole service, newest first; a day that is not there has no backup. What is in a backup is unreadable ' +
      'without keys that no backup holds.',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/backups',
    access: rolesThatMay('backup:read'),
    params: inOrganisation,
    success: { status: 200, body: Backups },
    problems: [],
    needs: readingRecords,
  },
} as const satisfies Routes;
