import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one plain line, `N passed, N failed, N skipped`, that any reader of a build log understands. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    let broken = 0;
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) count[test.result().state] += 1;
      // A file that cannot be loaded has no tests to fail: it counts as one failure.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed'))
        broken += 1;
    }
    const failed = count.failed + count.pending + broken;
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    // The default reporter prints its summary in the same turn; this line must come after it.
    process.on('exit', () =>
      process.stdout.write(`\n${count.passed} passed, ${failed} failed${skipped}\n`),
    );
  }
}
