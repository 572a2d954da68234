/** Where Vern may run, and nowhere else (FW-15, ALL-07). */
export const REGION = 'eu-west-1';

/**
 * The other AWS regions inside the EEA, for copies of ciphertext alone: keys never leave Ireland. London (eu-west-2) and
 * Zürich (eu-central-2) are outside, so they cannot be written here.
 */
const otherEeaRegions = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-3'] as const;
export type OtherEeaRegion = (typeof otherEeaRegions)[number];

export function isOtherEeaRegion(region: string): region is OtherEeaRegion {
  return otherEeaRegions.some((one) => one === region);
}

export interface Stage {
  readonly name: StageName;
  /** The address in links and contracts; without one, the API's own endpoint. */
  readonly publicUrl?: `https://${string}`;
  /** Origins of browser apps, compared exactly; no wildcard. */
  readonly allowedOrigins: readonly string[];
  readonly mail: { readonly domain: string; readonly sender: string };
  /**
   * The SNS platform applications through which pushes go to Apple and Google, as `<platform>/<name>`; off where absent.
   * CloudFormation makes none: docs/operations.md says how they are made by hand.
   */
  readonly push?: { readonly apple?: `APNS${'' | '_SANDBOX'}/${string}`; readonly google?: `GCM/${string}` };
  readonly alarmAddress: string;
  /** The generation in the tables' names: a restore makes new tables beside the old. */
  readonly tableGeneration: number;
  /** Off where absent. */
  readonly ciphertextCopiesIn?: OtherEeaRegion;
}

type StageName = 'dev' | 'test' | 'prod';

const stages: Readonly<Record<StageName, Stage>> = {
  dev: {
    name: 'dev',
    allowedOrigins: ['http://localhost:5173'],
    mail: { domain: 'dev.vern.example', sender: 'Vern <notices@dev.vern.example>' },
    push: { apple: 'APNS_SANDBOX/vern-dev', google: 'GCM/vern-dev' },
    alarmAddress: 'alarms@dev.vern.example',
    tableGeneration: 1,
  },
  test: {
    name: 'test',
    publicUrl: 'https://api.test.vern.example',
    allowedOrigins: ['https://app.test.vern.example'],
    mail: { domain: 'test.vern.example', sender: 'Vern <notices@test.vern.example>' },
    push: { apple: 'APNS_SANDBOX/vern-test', google: 'GCM/vern-test' },
    alarmAddress: 'alarms@test.vern.example',
    tableGeneration: 1,
  },
  prod: {
    name: 'prod',
    publicUrl: 'https://api.vern.example',
    allowedOrigins: ['https://app.vern.example'],
    mail: { domain: 'vern.example', sender: 'Vern <notices@vern.example>' },
    push: { apple: 'APNS/vern-prod', google: 'GCM/vern-prod' },
    alarmAddress: 'alarms@vern.example',
    tableGeneration: 1,
  },
};

/** Throws for a name that is no stage. */
export function stageNamed(name: string): Stage {
  if (Object.hasOwn(stages, name)) return stages[name as StageName];
  throw new Error(`There is no stage "${name}": choose ${Object.keys(stages).join(', ')} (cdk -c stage=…)`);
}
