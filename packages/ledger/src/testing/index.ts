export { checkLog, type CheckLogOptions } from './check-log.ts';
export { FaultyDisk, type Fault, type FaultyCall } from './faulty-disk.ts';
export { draftOf, draftsOf, erasedDraft, SMALL_LAYOUT, TestLog } from './test-log.ts';
