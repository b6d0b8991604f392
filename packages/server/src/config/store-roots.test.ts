import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

function roots(value: string | undefined, data = '/srv/countersign') {
  return loadConfig({ COUNTERSIGN_DATA: data, COUNTERSIGN_STORE_ROOTS: value }).storeRoots;
}
function faults(value: string): ConfigError['faults'] {
  try {
    roots(value);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('COUNTERSIGN_STORE_ROOTS', () => {
  it('names folders; there are none without it', () => {
    expect(roots(undefined)).toEqual([]);
    expect(roots(' /etc/tls, /opt/app/conf/ ')).toEqual(['/etc/tls', '/opt/app/conf']);
    expect(roots('/srv/countersign-tls')).toEqual(['/srv/countersign-tls']);
  });

  it.each(['/', '/srv', '/srv/countersign', '/srv/countersign/keys', '/etc/../srv'])(
    'refuses %s, which has to do with the data folder',
    (root) => {
      expect(faults(root)).toEqual([
        {
          name: 'COUNTERSIGN_STORE_ROOTS',
          expected: 'folders apart from the data folder',
          got: root,
        },
      ]);
    },
  );

  it('refuses paths that begin nowhere', () => {
    expect(faults('tls')).toEqual([
      { name: 'COUNTERSIGN_STORE_ROOTS', expected: 'absolute paths of folders', got: 'tls' },
    ]);
  });
});
