import { generateKeyPairSync } from 'node:crypto';
import { makeCsr } from '../../ca/csr.ts';
import type { Performed } from './perform.ts';
import type { Scene } from './scene.ts';

interface Issued {
  readonly id: number;
  readonly subject: string;
  readonly pem: string;
}

const ENROLL = '/api/v1/enrollment';
const CERTIFICATES = '/api/v1/certificates';
const REQUESTS = '/api/v1/requests';
const CSRS = '/api/v1/csrs';

/** What is done with certificates, requests for them, and CSRs: Keyfactor's actions 1 to 20 and 25 to 27. */
export async function certificateActions(scene: Scene): Promise<readonly Performed[]> {
  const template = async (name: string, policy: object) => {
    const body = {
      name,
      displayName: name,
      policy: { extendedKeyUsage: ['clientAuth'], ...policy },
    };
    await scene.made('admin', { method: 'POST', path: '/api/v1/templates', body });
  };
  await template('Kept', { keyRetention: 'indefinite' });
  await template('Decided', { requiresApproval: true });

  const csr = async (subject: string): Promise<string> =>
    await makeCsr({
      subject,
      sans: [],
      key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    });
  const enrolled = async (): Promise<Issued> => {
    const body = { template: 'Kept', subject: `CN=${scene.name('device')}` };
    const request = { method: 'POST', path: `${ENROLL}/pfx`, body } as const;
    return (await scene.made<{ certificate: Issued }>('operator', request)).certificate;
  };
  const pending = async (): Promise<{ id: number; subject: string }> => {
    const subject = `CN=${scene.name('waiting')}`;
    const body = { template: 'Decided', csr: await csr(subject) };
    const request = { method: 'POST', path: `${ENROLL}/csr`, body } as const;
    return { id: (await scene.made<{ request: number }>('ra', request)).request, subject };
  };
  const generated = async (): Promise<{ id: number; subject: string }> => {
    const body = { subject: `CN=${scene.name('csr')}`, keyAlgorithm: 'P-256' };
    return await scene.made('operator', { method: 'POST', path: CSRS, body });
  };

  /** An action on a certificate that is there, by an operator. */
  const on = (
    id: number,
    request: (
      certificate: Issued,
    ) => Omit<Awaited<ReturnType<Performed['prepare']>>['request'], never>,
    before: (certificate: Issued) => Promise<unknown> = async () => undefined,
  ): Performed => ({
    id,
    as: 'operator',
    not: 'admin',
    prepare: async () => {
      const certificate = await enrolled();
      await before(certificate);
      return { request: request(certificate), name: certificate.subject };
    },
  });
  const revocation = (id: number, reason: number) => ({
    method: 'POST' as const,
    path: `${CERTIFICATES}/revoke`,
    body: { ids: [id], reason, comment: 'because' },
  });

  return [
    {
      id: 1,
      as: 'ra',
      not: 'admin',
      prepare: async () => {
        const subject = `CN=${scene.name('host')}`;
        const body = { template: 'Kept', csr: await csr(subject) };
        return { request: { method: 'POST', path: `${ENROLL}/csr`, body }, name: subject };
      },
    },
    {
      id: 2,
      as: 'ra',
      not: 'admin',
      prepare: async () => {
        const subject = `CN=${scene.name('laptop')}`;
        const body = { template: 'Kept', subject };
        return { request: { method: 'POST', path: `${ENROLL}/pfx`, body }, name: subject };
      },
    },
    on(3, ({ id }) => ({ method: 'POST', path: `${CERTIFICATES}/${id}/renew`, body: {} })),
    on(4, ({ id, subject }) => ({
      method: 'POST',
      path: `${ENROLL}/pfx`,
      body: { template: 'Kept', subject, renews: id },
    })),
    on(5, ({ id }) => revocation(id, 1)),
    on(6, ({ id }) => revocation(id, 6)),
    on(
      7,
      ({ id }) => ({
        method: 'POST',
        path: `${CERTIFICATES}/release`,
        body: { ids: [id], comment: 'found again' },
      }),
      async ({ id }) => await scene.made('operator', revocation(id, 6)),
    ),
    on(8, ({ id }) => ({ method: 'GET', path: `${CERTIFICATES}/${id}/download?format=pem` })),
    on(9, ({ id }) => ({
      method: 'POST',
      path: `${CERTIFICATES}/${id}/download-with-key`,
      body: { format: 'pfx' },
    })),
    on(10, ({ id }) => ({ method: 'POST', path: `${CERTIFICATES}/${id}/recover`, body: {} })),
    on(11, ({ id }) => ({ method: 'DELETE', path: `${CERTIFICATES}/${id}` })),
    on(12, ({ id }) => ({ method: 'DELETE', path: `${CERTIFICATES}/${id}/private-key` })),
    on(
      13,
      ({ pem }) => ({ method: 'POST', path: `${CERTIFICATES}/import`, body: { content: pem } }),
      async ({ id }) =>
        await scene.made('operator', { method: 'DELETE', path: `${CERTIFICATES}/${id}` }),
    ),
    on(14, ({ id }) => ({
      method: 'PATCH',
      path: `${CERTIFICATES}/${id}/metadata`,
      body: { metadata: { Place: 'Room 1' } },
    })),
    on(15, ({ subject }) => ({
      method: 'POST',
      path: `${CERTIFICATES}/metadata`,
      body: { query: `DN -eq "${subject}"`, metadata: { Place: 'Room 2' }, overwrite: true },
    })),
    on(16, ({ id }) => ({
      method: 'PUT',
      path: `${CERTIFICATES}/${id}/owner`,
      body: { role: 'RA' },
    })),
    {
      ...on(18, () => ({ method: 'POST', path: '' })),
      prepare: async () => {
        const { id, subject } = await pending();
        const request = { method: 'POST', path: `${REQUESTS}/${id}/approve`, body: {} } as const;
        return { request, name: subject };
      },
      along: ['CERT_REQUEST_PROCESSED'],
    },
    {
      ...on(19, () => ({ method: 'POST', path: '' })),
      prepare: async () => {
        const { id, subject } = await pending();
        const body = { comment: 'who is that?' };
        return { request: { method: 'POST', path: `${REQUESTS}/${id}/deny`, body }, name: subject };
      },
    },
    {
      id: 20,
      as: 'ra',
      not: 'admin',
      prepare: async () => {
        const subject = `CN=${scene.name('asking')}`;
        const body = { template: 'Decided', csr: await csr(subject) };
        return { request: { method: 'POST', path: `${ENROLL}/csr`, body }, name: subject };
      },
    },
    {
      id: 25,
      as: 'ra',
      not: 'admin',
      prepare: async () => {
        const subject = `CN=${scene.name('csr')}`;
        const body = { subject, keyAlgorithm: 'P-256' };
        return { request: { method: 'POST', path: CSRS, body }, name: subject };
      },
    },
    {
      id: 26,
      as: 'operator',
      not: 'admin',
      prepare: async () => {
        const { id, subject } = await generated();
        return { request: { method: 'GET', path: `${CSRS}/${id}/download` }, name: subject };
      },
    },
    {
      id: 27,
      as: 'operator',
      not: 'admin',
      prepare: async () => {
        const { id, subject } = await generated();
        return { request: { method: 'DELETE', path: `${CSRS}/${id}` }, name: subject };
      },
    },
  ];
}
