/** A thread of a verification: checks segments as they are handed over. */
import { parentPort } from 'node:worker_threads';
import { checkSegment, type SegmentResult, type SegmentTask } from './check-segment.ts';

export type WorkerMessage =
  | { readonly type: 'progress'; readonly records: number }
  | { readonly type: 'result'; readonly result: SegmentResult };

const port = parentPort;
if (port === null) throw new Error('verify/worker.ts runs as a worker thread only');
const post = (message: WorkerMessage) => port.postMessage(message);

port.on('message', (task: SegmentTask) => {
  const result = checkSegment(task, (records) => post({ type: 'progress', records }));
  post({ type: 'result', result });
});
