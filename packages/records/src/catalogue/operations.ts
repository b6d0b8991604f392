/**
 * Operations: what was done. Codes 1-25 are Keyfactor Command's, codes from 101 Countersign's own.
 */
export interface Operation {
  readonly code: number;
  /** The name an envelope carries. */
  readonly name: string;
}

export const OPERATIONS = [
  { code: 1, name: 'Created' },
  { code: 2, name: 'Updated' },
  { code: 3, name: 'Deleted' },
  { code: 4, name: 'Approved' },
  { code: 5, name: 'Denied' },
  { code: 6, name: 'Revoked' },
  { code: 7, name: 'Downloaded' },
  { code: 8, name: 'Deleted Private Key' },
  { code: 9, name: 'Renewed' },
  { code: 10, name: 'Encountered' },
  { code: 11, name: 'Scheduled Replacement' },
  { code: 12, name: 'Recovered' },
  { code: 13, name: 'Imported' },
  { code: 14, name: 'Removed from Hold' },
  { code: 15, name: 'Scheduled Add' },
  { code: 16, name: 'Scheduled Removal' },
  { code: 17, name: 'Download with Private Key' },
  { code: 18, name: 'Scheduled' },
  { code: 19, name: 'Reset' },
  { code: 20, name: 'Disapproved' },
  { code: 21, name: 'Restarted' },
  { code: 22, name: 'Sent' },
  { code: 23, name: 'Failed' },
  { code: 24, name: 'Completed' },
  { code: 25, name: 'Rejected' },
  { code: 101, name: 'Established' },
  { code: 102, name: 'Terminated' },
  { code: 103, name: 'Authenticated' },
  { code: 104, name: 'Authorized' },
  { code: 105, name: 'Assumed' },
  { code: 106, name: 'Started' },
  { code: 107, name: 'Stopped' },
  { code: 108, name: 'Signed' },
  { code: 109, name: 'Searched' },
  { code: 110, name: 'Read' },
  { code: 111, name: 'Exported' },
  { code: 112, name: 'Verified' },
  { code: 113, name: 'Executed' },
  { code: 114, name: 'Generated' },
  { code: 115, name: 'Requested' },
  { code: 116, name: 'Processed' },
  { code: 117, name: 'Received' },
  { code: 118, name: 'Published' },
  { code: 119, name: 'Archived' },
  { code: 120, name: 'Retrieved' },
  { code: 121, name: 'Erased' },
  { code: 122, name: 'Locked' },
  { code: 123, name: 'Unlocked' },
  { code: 124, name: 'Withdrawn' },
] as const satisfies readonly Operation[];

export type OperationName = (typeof OPERATIONS)[number]['name'];

const BY_NAME: ReadonlyMap<string, Operation> = new Map(OPERATIONS.map((o) => [o.name, o]));

/** The operation of that name, or undefined: a newer writer may know more than we do. */
export function operationByName(name: string): Operation | undefined {
  return BY_NAME.get(name);
}
