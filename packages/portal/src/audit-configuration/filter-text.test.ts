import { expect, test } from 'vitest';
import { filterExamples, filterFault } from './filter-text.ts';

test('a filter that can be used has no fault', () => {
  expect(filterFault('AUTHZ', '(&(Outcome=Failure)(aclResource=certServer.ca.*))')).toBeNull();
});

test('a fault says where it is and what was expected there', () => {
  const fault = filterFault('AUTHZ', '(&(Outcome=Failure)(colour=red))');
  expect(fault?.position).toBe(20);
  expect(fault?.length).toBe('colour'.length);
  expect(fault?.message).toMatch(/^Expected .*, got .*\.$/);
  expect(filterFault('AUTHZ', '')).not.toBeNull();
});

test('every example is a filter of its event', () => {
  const examples = filterExamples(['AuditEvent', 'SubjectID', 'Outcome', 'aclResource']);
  expect(examples).toHaveLength(3);
  for (const { text } of examples) expect(filterFault('AUTHZ', text)).toBeNull();
});
