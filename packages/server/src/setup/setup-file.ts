import { z } from '@hono/zod-openapi';
import {
  Description,
  DisplayName,
  TemplateName,
  TemplatePolicyChange,
} from '../api/template-schemas.ts';
import { refuseFaults } from '../http/faults.ts';
import { APPLICATION_NAME, APPLICATION_NAME_EXPECTED } from '../security/applications.ts';

/** What an installation is to be like: everything that is named, and nothing else. */
const SetupFile = z.strictObject({
  settings: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable())
    .optional(),
  smtp: z
    .strictObject({
      host: z.string(),
      port: z.int(),
      security: z.string(),
      authorities: z.string(),
      user: z.string(),
      sender: z.string(),
    })
    .partial()
    .optional(),
  templates: z
    .array(
      z.strictObject({
        name: TemplateName,
        displayName: DisplayName.optional(),
        description: Description.optional(),
        enabled: z.boolean().optional(),
        policy: TemplatePolicyChange.optional(),
      }),
    )
    .max(500)
    .optional(),
  applications: z
    .array(
      z.strictObject({
        name: z.string().regex(APPLICATION_NAME, APPLICATION_NAME_EXPECTED),
        description: z.string().max(1_024).optional(),
        roles: z.array(z.string().min(1).max(64)).max(50).optional(),
        disabled: z.boolean().optional(),
      }),
    )
    .max(500)
    .optional(),
  authorities: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(100),
        formerly: z.string().min(1).max(100),
      }),
    )
    .max(500)
    .optional(),
});
export type SetupFile = z.infer<typeof SetupFile>;

/** Checks the JSON of a setup file. Throws `request_invalid` with every fault by its field. */
export function checkSetup(value: unknown): SetupFile {
  const checked = SetupFile.safeParse(value);
  if (checked.success) return checked.data;
  throw refuseFaults('json', checked.error, value);
}
