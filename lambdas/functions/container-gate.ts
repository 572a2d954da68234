import { dynamo, dynamoClient } from '../platform/dynamo.ts';
import { type Gate, gate, generationOf } from '../platform/gate.ts';
import { tableNamesFrom } from '../platform/open-records.ts';
import { tables } from '../platform/tables.ts';

/** The gate as a container knows it. */
export const containerGate = (client = dynamo(dynamoClient())): Gate =>
  gate({
    dynamo: client,
    table: process.env[tables.gate.env],
    deployedGeneration: generationOf(tableNamesFrom(process.env)),
    now: () => new Date(),
  });
