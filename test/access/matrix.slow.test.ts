import { describeAccessTo, organisationRoutes } from './matrix.ts';

describeAccessTo([...organisationRoutes.keys()]);
