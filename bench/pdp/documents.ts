/** What the benchmark asks: the base documents (50 KB of JSON), the input (1 KB), and more rules of the same kind. */
import { readFileSync } from 'node:fs';

const roles = ['reader', 'writer', 'analyst', 'operator', 'auditor', 'maintainer', 'guest', 'admin'] as const;

function users(): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [
      `user-${i}`,
      {
        name: `Person number ${i}`,
        manager: `user-${Math.floor(i / 10)}`,
        department: `department-${i % 17}`,
        roles: [roles[i % 6], roles[(i * 5 + 1) % 6]],
      },
    ]),
  );
}

export const data = {
  settings: {
    workspace: '/home/user-42/projects/',
    burst: 20,
    checks: ['disk', 'firewall', 'updates', 'lock'],
    hosts: Array.from({ length: 60 }, (_, i) => `service-${i}.example.com`),
    host_patterns: ['*.internal.example.com', 'registry.*.example.org', 'cdn-*.example.net'],
    browser_profiles: ['/home/*/.mozilla/**', '/home/*/.config/{chromium,google-chrome}/**'],
    forbidden_tags: ['restricted', 'legal-hold', 'board-only'],
    sensitive_prefixes: ['/srv/finance/', '/srv/people/', '/home/user-42/projects/customers/'],
    approvers: ['user-1', 'user-2', 'user-42'],
  },
  roles: Object.fromEntries(roles.map((role, i) => [role, { inherits: roles.slice(0, Math.min(i, 2)) }])),
  grants: Object.fromEntries(
    ['file', 'host', 'program', 'mail'].map((type) => [
      type,
      roles.flatMap((role) => [`${type}.read`, `${type}.write`].map((action) => ({ role, action }))).slice(4),
    ]),
  ),
  blocked: Array.from({ length: 200 }, (_, i) => `former-user-${i}`),
  users: users(),
  assets: Array.from({ length: 130 }, (_, i) => ({
    id: `asset-${i}`,
    kind: 'laptop',
    tags: ['a', `b-${i}`],
  })),
};

/** The decision that is timed. */
export const input = {
  action: 'file.read',
  subject: { id: 'user-42', roles: ['analyst', 'writer'], session: 'f2d1b7' },
  resource: {
    type: 'file',
    path: '/home/user-42/projects/customers/2026/q3/report-final.pdf',
    owner: 'user-7',
    size: 482_133,
    tags: ['Finance', 'draft', 'Customer'],
    labels: { team: 'sales', 'x-trace': '1', 'secret-source': 'crm', region: 'eu', 'x-span': '2' },
  },
  device: { id: 'laptop-0042', encrypted: true, passed: ['disk', 'firewall', 'updates', 'lock', 'usb'] },
  session: {
    id: 's-20261122-7781',
    interactive: true,
    history: [
      { action: 'file.list', path: '/home/user-42/projects', ms: 1200 },
      { action: 'file.read', path: '/home/user-42/projects/notes.md', ms: 5400 },
      { action: 'net.connect', path: '', ms: 71_000 },
    ],
  },
  agent: { name: 'assistant', version: '4.2.1', model: 'large-3', purpose: 'prepare the quarterly report' },
  trace: Array.from({ length: 3 }, (_, i) => ({ span: `6f1c2e7a90b4d3${i}`, parent: `5e0b1d6989a3c2${i}` })),
};

const other = (action: string, resource: object, rest: object = {}): object => ({
  ...input,
  action,
  resource,
  ...rest,
});

/** Every engine has to give the same decision for all of these. */
export const inputs: readonly object[] = [
  input,
  other('file.read', { ...input.resource, path: '/home/user-42/.ssh/id_ed25519', labels: {} }),
  other('file.write', { ...input.resource, path: '/etc/ssl/server.key' }),
  other('file.delete', { ...input.resource, path: '/srv/finance/2026.ods', tags: ['legal-hold', 'PII'] }),
  other('net.connect', { type: 'host', host: 'build.internal.example.com', port: 443, tags: [], labels: {} }),
  other('net.connect', { type: 'host', host: 'mail.example.org', port: 25, tags: [], labels: {} }),
  other('process.exec', {
    type: 'program',
    program: 'sudo',
    arguments: ['x', 'API_TOKEN=1'],
    tags: [],
    labels: {},
  }),
  other('file.stat', input.resource, { subject: { id: 'former-user-7', roles: ['admin'] }, device: {} }),
  other('team-1.act', input.resource),
  other(
    'team-2.act',
    { ...input.resource, path: '/srv/people/x' },
    { session: { id: 's', interactive: false, history: [] } },
  ),
];

/** The policy with this many rules in all; those beyond the file's own are keyed on the action, as rules of many teams are. */
export function policyOf(rules: number): { readonly source: string; readonly rules: number } {
  const own = readFileSync(new URL('policy.rego', import.meta.url), 'utf8');
  const ownRules = own.split(/^(?=\w.*(?:\bif\b|:=|\bcontains\b))/m).length - 1;
  const added = Array.from({ length: Math.max(0, rules - ownRules) }, (_, i) => {
    const action = `team-${i}.act`;
    if (i % 3 === 0)
      return `granted if {\n\tinput.action == "${action}"\n\tinput.resource.owner == "user-${i % 300}"\n}`;
    if (i % 3 === 1)
      return `deny contains msg if {\n\tinput.action == "${action}"\n\tnot startswith(input.resource.path, "/srv/team-${i}/")\n\tmsg := sprintf("%s is not the place of team %d", [input.resource.path, ${i}])\n}`;
    return `obligations contains {"type": "log", "level": "team-${i}"} if {\n\tinput.action == "${action}"\n\tsensitive\n}`;
  });
  return { source: [own, ...added].join('\n\n'), rules: ownRules + added.length };
}
