import { recordLine, type Content, type Envelope } from '@countersign/records';

/** The record as a line of a Dogtag signed audit file; an imported one as it was. */
export function dogtagLine(envelope: Envelope, content: Content): string {
  return content.original?.text ?? recordLine(envelope, content);
}
