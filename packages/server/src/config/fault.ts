/** One thing wrong with the configuration. */
export interface ConfigFault {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

/** The configuration cannot be used; `faults` lists everything wrong with it at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config_invalid';
  readonly faults: readonly ConfigFault[];
  constructor(faults: readonly ConfigFault[]) {
    super(faults.map((f) => `${f.name}: expected ${f.expected}, got "${f.got}"`).join('; '));
    this.faults = faults;
  }
}
