import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './stats.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly platform: string;
  readonly fileSystem: string;
  /** Milliseconds to overwrite and fdatasync 4 KiB, median. */
  readonly syncMs: number;
}

/** What figures depend on: absolute rates do not travel, ratios do. */
export function describeMachine(dir: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    fileSystem: fileSystemOf(dir),
    syncMs: measureSync(dir),
  };
}

function measureSync(dir: string): number {
  const fd = openSync(join(dir, 'sync'), 'w');
  const block = Buffer.alloc(4096, 1);
  const times: number[] = [];
  for (let i = 0; i < 300; i++) {
    const started = performance.now();
    writeSync(fd, block, 0, block.length, 0);
    fdatasyncSync(fd);
    times.push(performance.now() - started);
  }
  closeSync(fd);
  return median(times);
}

/** The type of the file system a folder is on; a sync to memory says nothing about disks. */
function fileSystemOf(dir: string): string {
  if (process.platform !== 'linux') return 'unknown';
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, point = '']) => point === '/' || dir === point || dir.startsWith(`${point}/`))
    .sort(([, a = ''], [, b = '']) => b.length - a.length);
  return mounts[0]?.[2] ?? 'unknown';
}
