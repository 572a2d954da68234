// Started by server.test.ts as a process of its own, which it kills: prints the address, serves until then.
import { realClock } from '../../../local/clock.ts';
import { bucketFromTemplate } from '../../../local/s3/buckets.ts';
import { startS3 } from '../../../local/s3/server.ts';
import { SECRET } from './harness.ts';

const [, , stateDir = ''] = process.argv;
const { url } = await startS3({
  stateDir,
  clock: realClock,
  buckets: [bucketFromTemplate({ BucketName: 'files' })],
  credentials: () => SECRET,
});
console.log(url);
