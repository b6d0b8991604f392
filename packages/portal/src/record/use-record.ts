import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { apiUrl, requestJson, requestText } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import type { RecordDetails } from '../api/types.ts';
import { verifyRecord, type ProofResult } from './proof.ts';
import { noteSeal } from './seals.ts';
import { usePin } from './use-pin.ts';

/** One record with its exact bytes, and its proof as the server gives it. Both reads are recorded. */
export function useRecord(index: number) {
  const details = useQuery({
    queryKey: ['record', index],
    queryFn: ({ signal }) =>
      requestJson<RecordDetails>(apiUrl(`audit/records/${index}`), { signal }),
  });
  const proof = useQuery({
    queryKey: ['proof', index],
    queryFn: ({ signal }) => requestText(apiUrl(`audit/records/${index}/proof`), { signal }),
  });
  return { details, proof };
}

/** What this browser finds when it checks the record, null while something is still on its way. */
export function useVerdict(
  record: RecordDetails | undefined,
  proof: string | undefined,
): ProofResult | null {
  const session = useSession();
  if (session === null) throw new TypeError('useVerdict without a session');
  const { state } = usePin(session);
  const pinned = state.pin.vkey;
  const result = useMemo(
    () =>
      record === undefined || proof === undefined
        ? null
        : verifyRecord({
            index: record.index,
            envelopeBytes: record.envelopeBytes,
            salt: record.salt,
            contentBytes: record.contentBytes,
            claimedLeaf: record.leafHash,
            proof,
            pinnedKey: pinned,
            offeredKey: session.logKey,
          }),
    [record, proof, pinned, session.logKey],
  );
  useEffect(() => {
    if (result !== null && record !== undefined) {
      noteSeal(record.index, result.ok ? 'verified' : 'failed');
    }
  }, [result, record]);
  return result;
}
