/** The thread that searches: it only reads, so that a long search never keeps the index from growing. */
import { parentPort, workerData } from 'node:worker_threads';
import { faultOf } from './fault.ts';
import type { FromSearcher, Method, Methods, ThreadData, ToSearcher } from './messages.ts';
import { openDatabase } from './schema.ts';
import { Searcher } from './searcher.ts';
import { openSource } from './source.ts';

const port = parentPort!;
const { path, source: module } = workerData as ThreadData;
const tell = (message: FromSearcher): void => port.postMessage(message);

async function answer(
  searcher: Searcher,
  method: Method,
  request: unknown,
): Promise<Methods[Method]['answer']> {
  switch (method) {
    case 'search':
      return await searcher.search(request as Methods['search']['request']);
    case 'count':
      return await searcher.count(request as Methods['count']['request']);
    case 'facets':
      return await searcher.facets(request as Methods['facets']['request']);
    case 'histogram':
      return await searcher.histogram(request as Methods['histogram']['request']);
    case 'related': {
      const { index, limit } = request as Methods['related']['request'];
      return await searcher.related(index, limit);
    }
  }
}

async function run(): Promise<void> {
  const source = await openSource(module);
  const searcher = new Searcher(openDatabase(path, 'read'), source);
  let last = Promise.resolve();
  port.on('message', (message: ToSearcher) => {
    // One after the other: each has its time, and together they share one connection.
    last = last.then(async () => {
      if (message.kind === 'close') {
        searcher.close();
        await source.close();
        port.close();
        return;
      }
      const { id, method, request } = message;
      try {
        tell({ kind: 'answer', id, answer: await answer(searcher, method, request) });
      } catch (error) {
        tell({ kind: 'refused', id, fault: faultOf(error) });
      }
    });
  });
  tell({ kind: 'ready' });
}

run().catch((error: unknown) => {
  tell({ kind: 'failed', fault: faultOf(error) });
  port.close();
});
