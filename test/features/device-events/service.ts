import { generateKeyPairSync } from 'node:crypto';
import { deviceEventHandlers } from '../../../lambdas/features/device-events/handlers.ts';
import { deviceEventRoutes } from '../../../lambdas/features/device-events/routes.ts';
import { deviceEventStore } from '../../../lambdas/features/device-events/store.ts';
import { geofenceHandlers } from '../../../lambdas/features/geofences/handlers.ts';
import { geofenceRoutes } from '../../../lambdas/features/geofences/routes.ts';
import { geofenceStore } from '../../../lambdas/features/geofences/store.ts';
import { currentAgreementVersion } from '../../../lambdas/features/organisations/agreement-standing.ts';
import { positionHandlers } from '../../../lambdas/features/positions/handlers.ts';
import { positionRoutes } from '../../../lambdas/features/positions/routes.ts';
import { positionStore } from '../../../lambdas/features/positions/store.ts';
import { receiverHandlers } from '../../../lambdas/features/receivers/handlers.ts';
import { receiverRoutes } from '../../../lambdas/features/receivers/routes.ts';
import { receiverStore } from '../../../lambdas/features/receivers/store.ts';
import { enrolmentHandlers, safetyDeviceHandlers } from '../../../lambdas/features/safety-devices/handlers.ts';
import { enrolmentRoutes, safetyDeviceRoutes } from '../../../lambdas/features/safety-devices/routes.ts';
import { safetyDeviceStore } from '../../../lambdas/features/safety-devices/store.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { publicKeyOf, safetyDevice } from '../../../local/client/safety-device.ts';
import { aService, someoneWith } from '../../support/service.ts';
import type { TestStore } from '../../support/store.ts';
import { aSafetyHome } from '../alarms/safety-home.ts';

const routes = {
  ...safetyDeviceRoutes,
  ...enrolmentRoutes,
  ...deviceEventRoutes,
  ...positionRoutes,
  ...receiverRoutes,
  ...geofenceRoutes,
};

/** A care service with everything that its devices, its staff and its recipients ask for. */
export async function aSafetyService(store: TestStore) {
  const home = await aSafetyHome(store, { acceptedAgreementVersion: currentAgreementVersion('safety') });
  const { organisationId } = home;
  const service = aService(store, routes, {
    ...safetyDeviceHandlers(safetyDeviceStore),
    ...enrolmentHandlers(safetyDeviceStore),
    ...deviceEventHandlers(deviceEventStore),
    ...positionHandlers(positionStore),
    ...receiverHandlers(receiverStore),
    ...geofenceHandlers(geofenceStore),
  });
  const as = async (...[role, wanted]: [Parameters<typeof someoneWith>[2], Parameters<typeof someoneWith>[3]?]) =>
    service.as(await someoneWith(store, organisationId, role, wanted));
  const administrator = await as('administrator');
  const reach = {
    baseUrl: 'https://vern.test',
    fetch: (url: string, init: RequestInit) => service.send(url, init),
    now: () => store.clock,
  };

  return {
    ...home,
    service,
    as,
    administrator,
    anybody: service.as(),
    reach,
    /** A device in service. */
    async device(personId: PersonId, selfCheckMinutes?: number) {
      const { body } = await administrator.registerSafetyDevice({
        params: { organisationId, personId },
        body: { kind: 'tracker', ...(selfCheckMinutes !== undefined && { selfCheckMinutes }) },
      });
      const pair = generateKeyPairSync('ed25519');
      const publicKey = publicKeyOf(pair.publicKey);
      const enrolled = await service.as().enrolSafetyDevice({ body: { code: body.enrolment.code, publicKey } });
      return safetyDevice(reach, enrolled.body.safetyDeviceId, pair);
    },
  };
}
export type SafetyService = Awaited<ReturnType<typeof aSafetyService>>;

/** So many metres north of home. */
export const positionAt = (metres: number) => ({
  latitude: 59.9139 + metres / 111_195,
  longitude: 10.7522,
  accuracyMetres: 10,
  source: 'satellite' as const,
});
