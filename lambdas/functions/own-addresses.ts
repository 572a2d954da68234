import { ownAddressHandlers } from '../features/deliveries/handlers.ts';
import { ownAddressRoutes } from '../features/deliveries/routes.ts';
import { deliveryStore } from '../features/deliveries/store.ts';
import { suppressionClient, suppressionList } from '../platform/suppression.ts';
import { serve } from './serve.ts';

const ses = suppressionClient();
/** A list of its own for each: it keeps SES's pace by waiting between its own calls. */
const suppressed = { remove: (address: string) => suppressionList(ses).remove(address) };

export const handler = serve(ownAddressRoutes, ownAddressHandlers(deliveryStore, suppressed));
