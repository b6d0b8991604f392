import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLogReader } from '@countersign/ledger';
import { parseContent, type Content, type Envelope } from '@countersign/records';
import { startSystem, temporaryFolder, type CliResult } from '@countersign/testing';
import { afterAll, beforeAll } from 'vitest';
import { runHere } from './run-here.ts';

export interface SeenRecord {
  readonly envelope: Envelope;
  readonly content: Content | null;
}

/** A server with HTTPS, and a folder whose store has the certificates of caadmin and auditor. */
export interface PkiSystem {
  readonly system: Awaited<ReturnType<typeof startSystem>>;
  /** Where commands run; its store is `clients`. */
  readonly folder: string;
  /** Runs a command with that store. */
  run(this: void, ...args: string[]): Promise<CliResult>;
  /** A command at the server, by somebody. */
  as(this: void, nickname: string, ...args: string[]): Promise<CliResult>;
  /** What a command line prints. @throws Error when it fails */
  does(this: void, nickname: string, line: string): Promise<string>;
  /** Makes a user with a role, whose certificate is in the store then. */
  enroll(this: void, user: string, role: string): Promise<void>;
  /** What a command line says that fails with exit code 1 and prints nothing. @throws Error when it does anything else */
  refuses(this: void, nickname: string, line: string): Promise<string>;
  /**
   * The records of what others did, from the `since`th on: what the server does by itself, like signing its log, comes in
   * between as it likes. Read from the folder, which leaves none; every TLS session has ended by then.
   */
  records(this: void, since?: number): Promise<SeenRecord[]>;
  /** The records that a command leaves. */
  recordsOf(this: void, command: () => Promise<unknown>): Promise<SeenRecord[]>;
}

/** Starts one before the tests of a file, with further settings, and closes it after them. */
export function usePkiSystem(
  name: string,
  settingsFor: (folder: string) => Readonly<Record<string, string>> = () => ({}),
): () => PkiSystem {
  let work: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  let made: PkiSystem | undefined;
  beforeAll(async () => {
    work = await temporaryFolder(name);
    const folder = work.path;
    const system = await startSystem({
      settings: { COUNTERSIGN_HTTPS_PORT: '0', ...settingsFor(folder) },
    });
    const run = (...args: string[]): Promise<CliResult> =>
      runHere(['-d', 'clients', ...args], folder);
    const records = async (since = 0): Promise<SeenRecord[]> => {
      const { tlsSessions, recorder, log } = system.server.platform;
      await tlsSessions.ended();
      await recorder.idle();
      await log.published();
      return (await readRecords(system.logDir)).slice(since);
    };
    const as = (nickname: string, ...args: string[]): Promise<CliResult> =>
      run('-n', nickname, '-U', system.httpsUrl, ...args);
    made = {
      system,
      folder,
      run,
      as,
      async does(nickname, line) {
        const { code, stdout, stderr } = await as(nickname, ...typed(line));
        if (code === 0) return stdout;
        throw new Error(`${line}: expected exit code 0, got ${code}: ${stderr}`);
      },
      async enroll(user, role) {
        const does = made?.does;
        if (does === undefined) throw new Error('the system is started before the tests');
        await does('caadmin', `ca-user-add ${user} --fullName 'A Person' --role '${role}'`);
        const password = await does('caadmin', `ca-user-cert-add ${user} --issue --output ${user}`);
        await writeFile(join(folder, `${user}.password`), password);
        const put = `client-cert-import ${user} --pkcs12 ${user}.p12 --password-file ${user}.password`;
        const { code, stderr } = await run(...typed(put));
        if (code !== 0) throw new Error(stderr);
      },
      async refuses(nickname, line) {
        const { code, stdout, stderr } = await as(nickname, ...typed(line));
        if (code === 1 && stdout === '') return stderr;
        throw new Error(`${line}: expected exit code 1, got ${code}: ${stdout}${stderr}`);
      },
      records,
      async recordsOf(command) {
        const since = (await records()).length;
        await command();
        return records(since);
      },
    };
    const { code, stderr } = await run('client-cert-import', '--data', system.dataDir);
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(async () => {
    await made?.system.close();
    await work?.remove();
  });
  return () => {
    if (made === undefined) throw new Error('the system is started before the tests');
    return made;
  };
}

async function readRecords(dir: string): Promise<SeenRecord[]> {
  const reader = await openLogReader({ dir });
  try {
    const found: SeenRecord[] = [];
    const size = await reader.size();
    for (let index = 0; index < size; index++) {
      const { envelope, contentBytes } = await reader.read(index);
      const content = contentBytes && parseContent(contentBytes);
      if (content?.actor.id !== '$System$') found.push({ envelope, content });
    }
    return found;
  } finally {
    reader.close();
  }
}

/** A record as Dogtag's administrators read it: event, outcome, and the attributes that say who did what. */
export function told({ envelope, content }: SeenRecord): string {
  const attributes = new Map(content?.attributes);
  const names = ['SubjectID', 'AuthMgr', 'aclResource', 'Op', 'Role'] as const;
  const values = names.map((name) => attributes.get(name)).filter((value) => value !== undefined);
  return [envelope.event, envelope.outcome, ...values].join(' ');
}

/** The arguments of a command as they are typed: apart by blanks, in single quotes where they have some. */
export function typed(line: string): string[] {
  const words = line.match(/(?:'[^']*'|[^\s'])+/g) ?? [];
  return words.map((word) => word.replaceAll("'", ''));
}
