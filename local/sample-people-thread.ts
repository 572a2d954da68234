import { parentPort, workerData } from 'node:worker_threads';
import type { Endpoints } from './endpoints.ts';
import { createSamplePeople } from './sample-people.ts';

/*
 * Makes the sample people in a thread of its own: AWS's client for SRP counts with big numbers in JavaScript, and would hold up
 * the engines that it talks to. Loaded while the app is still synthesised, it waits for the message that tells the endpoints.
 */

parentPort?.once('message', (endpoints: Endpoints) => {
  // A rejection ends the thread with this error.
  void createSamplePeople(endpoints, String(workerData));
});
