import type { Level } from '../record.ts';

export interface LevelDefinition {
  /** Keyfactor's code. */
  readonly code: number;
  readonly name: Level;
  readonly meaning: string;
}

export const LEVELS: readonly LevelDefinition[] = [
  { code: 0, name: 'Information', meaning: 'Done as asked.' },
  {
    code: 1,
    name: 'Warning',
    meaning: 'Somebody tried what they may not do, or could not prove who they are.',
  },
  { code: 2, name: 'Failure', meaning: 'An operation that should have worked did not.' },
];

export const LEVEL_NAMES: readonly Level[] = LEVELS.map((l) => l.name);
