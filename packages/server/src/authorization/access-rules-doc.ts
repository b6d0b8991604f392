import { DOCUMENTED_RULES, type DefaultRule } from './default-rules.ts';
import { BUILT_IN_ROLES } from './roles.ts';

const HEAD = `# Access rules

Generated from \`packages/server/src/authorization/default-rules.ts\` by \`UPDATE_DOCS=1 npm test -- access-rules-doc\`.

Who may do what is said by access rules in the grammar of Dogtag's \`resourceACLS\`:

\`\`\`
resource:right[,right]:entry[;entry]:description
entry = ("allow" / "deny") " (" right[,right] ") " term *( ("||" / "&&") term )
term  = ("group" / "user" / "ipaddress" / "user_origreq") ("=" / "!=") value
\`\`\`

1. A right on a resource covers what lies below it: \`certServer.log\` is above \`certServer.log.status\`.
2. Any matching \`deny\` on the resource or above it refuses. Then any matching \`allow\` there, or a permission of a role, grants. What nothing grants is refused. The scopes of an API token bound all of it.
3. \`&&\` and \`||\` are taken strictly from left to right. What stands in quotes is protected. A description holds no colon.
4. \`group\` is a role's name or one of its group names, letter for letter; \`user\` a user name or alias, whatever the case; \`user="anybody"\` and \`user="everybody"\` everybody who is signed in; \`user_origreq="auth_token.uid"\` who made the earlier request.
5. \`ipaddress\` is an address or a network (\`10.1.0.0/16\`, \`2001:db8::/32\`). Dogtag's regular expressions are never run: \`.*\` and those that end at a dot (\`10\\.1\\..*\`) are read as the networks they mean, any other is refused.
6. A term about a fact that is not known is false, with \`!=\`, too.
7. \`certServer.log.content.signedAudit\` and what lies below it is reserved: only roles that audit, and are held alone, may be granted anything there.
`;

/** `docs/access-rules.md`: every resource with its operations and who has them by default. */
export function renderAccessRulesDoc(): string {
  const areas = [...new Set(DOCUMENTED_RULES.map(({ area }) => area))];
  const roles = BUILT_IN_ROLES.map(
    ({ name, groups, exclusive, description }) =>
      `| ${name} | \`${groups.join('`, `')}\` | ${exclusive ? 'yes' : ''} | ${description} |`,
  );
  return [
    HEAD,
    '## Roles',
    '',
    '| role | group in rules | held alone | what for |',
    '|---|---|---|---|',
    ...roles,
    ...areas.flatMap((area) => ['', `## ${area}`, '', ...tableOf(area)]),
    '',
  ].join('\n');
}

function tableOf(area: string): string[] {
  const rules = DOCUMENTED_RULES.filter((documented) => documented.area === area);
  return ['| resource | what it is | who by default |', '|---|---|---|', ...rules.map(rowOf)];
}

function rowOf({ rule }: DefaultRule): string {
  const entries = rule.entries.map(({ type, operations, expression }) => {
    const what = operations.map((operation) => `\`${operation}\``).join(', ');
    return `${type === 'deny' ? 'refused: ' : ''}${what}: ${expression.replaceAll('||', 'or')}`;
  });
  const granted = new Set(rule.entries.flatMap(({ operations }) => operations));
  const rest = rule.operations.filter((operation) => !granted.has(operation));
  if (rest.length > 0) entries.push(`${rest.map((o) => `\`${o}\``).join(', ')}: nobody by a rule`);
  return `| \`${rule.resource}\` | ${rule.description} | ${entries.join('<br>')} |`;
}
