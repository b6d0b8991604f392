import type { EnrollmentWay, Template } from '../api/certificates.ts';

export type Way = Exclude<EnrollmentWay, 'csr-generation'>;

/** What the form begins with, as its address says it. */
export interface EnrollSearch {
  readonly way?: Way;
  readonly template?: string;
  /** Number of the certificate that the new one is to replace. */
  readonly renews?: number;
}

export function parseEnrollSearch(raw: Record<string, unknown>): EnrollSearch {
  const { way, template, renews } = raw;
  return {
    ...(way === 'csr' || way === 'pfx' ? { way } : {}),
    ...(typeof template === 'string' && template !== '' ? { template } : {}),
    ...(typeof renews === 'string' && /^[1-9]\d{0,8}$/.test(renews)
      ? { renews: Number(renews) }
      : {}),
  };
}

export const WAY_NAMES: Readonly<Record<Way, string>> = {
  pfx: 'With a new key',
  csr: 'By a CSR',
};

/** The ways a template offers, in the order of the tabs. */
export function waysOf({ policy }: Pick<Template, 'policy'>): Way[] {
  return (['pfx', 'csr'] as const).filter((way) => policy.enrollment.includes(way));
}
