/**
 * What this product promises, and where the promise comes from. Every id is cited by a test as `[req: id]`; a unit test
 * fails when one is not.
 */
export type Requirement = {
  /** What anyone can observe. */
  readonly behaviour: string;
  readonly source: string;
};

export const requirements: Readonly<Record<string, Requirement>> = {
  'house:boundaries': {
    behaviour: 'Planes, steps and the core import only what the architecture lets them',
    source: 'ARCHITECTURE.md, import rules',
  },
  'rego:x509-chains': {
    behaviour: 'A chain of certificates verifies only when every link and every constraint in it holds',
    source: 'RFC 5280, 6',
  },
  'rego:jwt-confusion': {
    behaviour: 'A token that is not signed, or signed with a public key as a secret, never verifies',
    source: 'RFC 8725, 2.1 and 3.1',
  },
  'egress:request': {
    behaviour:
      'A request is decided on by its head and its body; nothing of it leaves before that, or without what the permission asks for',
    source: 'docs/reference/egress.md, requests',
  },
  'egress:residency': {
    behaviour:
      'A policy hears in which region a destination lies: by its own map, by address, by the name of a store',
    source: 'docs/reference/egress.md, regions',
  },
  'egress:credentials': {
    behaviour:
      'A kept secret is put in only where it belongs and comes back to nobody; one that the agent brings itself is denied',
    source: 'docs/cli.md, chaperone credential',
  },
  'quarantine:settle': {
    behaviour:
      'An output of a quarantined folder is classified, decided on and released, held or thrown away',
    source: 'docs/guides/quarantine.md',
  },
  'quarantine:by-hand': {
    behaviour: 'A person sees, compares, releases and discards what is held; each is recorded',
    source: 'docs/guides/quarantine.md, review',
  },
  'quarantine:atomic-save': {
    behaviour: 'A temporary file that takes the place of another is one output, that of the other name',
    source: 'docs/guides/quarantine.md',
  },
  'quarantine:close': {
    behaviour:
      'What is closed is settled while the session goes on, and the agent keeps seeing its own writes',
    source: 'docs/guides/quarantine.md',
  },
  'quarantine:attributes': {
    behaviour: 'A release keeps mode, owner, times and extended attributes, and drops set-user-id bits',
    source: 'docs/guides/quarantine.md, release',
  },
  'quarantine:conflict': {
    behaviour: 'What somebody else changed meanwhile is never overwritten or removed unasked',
    source: 'docs/guides/quarantine.md, release',
  },
  'quarantine:crash': {
    behaviour: 'Killed at any point, every output is whole in its place or whole on hold',
    source: 'docs/adr/0008-quarantine-is-an-overlay.md',
  },
  'quarantine:bare': {
    behaviour: 'Programs in a quarantined folder do what they do without one',
    source: 'docs/adr/0008-quarantine-is-an-overlay.md',
  },
  'quarantine:forgery': {
    behaviour: 'An agent cannot make or mark entries that the layer takes for its own',
    source: 'overlayfs documentation, whiteouts and opaque directories',
  },
  'quarantine:names': {
    behaviour: 'Pipes, sockets and devices are never released; no name misleads the release or a terminal',
    source: 'THREAT-MODEL.md',
  },
  'quarantine:links': {
    behaviour: 'No release follows a symbolic link',
    source: 'CWE-59',
  },
  'quarantine:closed': {
    behaviour: 'A session reaches neither its layer nor what is held nor the commands that release',
    source: 'THREAT-MODEL.md',
  },
  'quarantine:sealed': {
    behaviour: 'What is released is what was classified, whoever writes meanwhile',
    source: 'CWE-367',
  },
  'quarantine:labels': {
    behaviour: 'An output that takes a sensitivity label away is held unless the policy looked at just that',
    source: 'docs/guides/quarantine.md, labels',
  },
  'quarantine:unsettled': {
    behaviour: 'What cannot be looked into is held as it was written, once, and is never released',
    source: 'docs/guides/quarantine.md, review',
  },
  'quarantine:refused': {
    behaviour:
      'Where a layer that the policy demands cannot be had there is no session, and the remedy is said',
    source: 'docs/guides/quarantine.md, requirements',
  },
  'house:dependencies': {
    behaviour: 'Every third-party package is declared with its reason, per package',
    source: 'CONTRIBUTING.md, dependencies',
  },
  'house:set-up': {
    behaviour: 'The chaperone script starts from any folder and through a link, and keeps the environment',
    source: 'README.md, install',
  },
  'protocol:decision:default-deny': {
    behaviour: 'A policy that does not answer denies',
    source: 'docs/journal.md, reason codes',
  },
  'protocol:decision:malformed-denies': {
    behaviour: 'An answer with a missing, extra or ill-typed field denies with invalid_decision',
    source: 'docs/journal.md, reason codes',
  },
  'protocol:decision:unknown-obligation-denies': {
    behaviour: 'An obligation that cannot be carried out denies with unknown_obligation',
    source: 'docs/journal.md, reason codes',
  },
  'protocol:terminal:hostile-text': {
    behaviour: 'Text from outside cannot control a terminal or change its reading order',
    source: 'CWE-150; Unicode TR 36',
  },
  'policy:test': {
    behaviour: 'Rules named test_* are run; a failure names the condition that stopped it',
    source: 'docs/guides/policy.md, test',
  },
  'policy:check': {
    behaviour:
      'Everything wrong with a policy is said at once with its places; what a rule depends on can be asked',
    source: 'docs/guides/policy.md, write',
  },
  'policy:guide': {
    behaviour: 'Every command of the guide gives what the guide shows',
    source: 'docs/guides/policy.md',
  },
  'rego:reference': {
    behaviour:
      'The reference lists the built-ins and limits that the code has, and the conformance that was measured',
    source: 'docs/reference/rego.md',
  },
  'dlp:reference': {
    behaviour:
      'The reference lists every detector with its class, its confidence and the source of its format',
    source: 'docs/reference/detectors.md',
  },
  'dlp:documents': {
    behaviour:
      'Documents are read by content; hostile and truncated ones never crash, hang, exceed their caps or pass as clean unread',
    source: 'docs/reference/detectors.md',
  },
  'policy:coverage': {
    behaviour: 'Coverage counts the rows that tests evaluated, and a threshold fails the run',
    source: 'docs/guides/policy.md, test',
  },
  'policy:eval': {
    behaviour: 'Any query can be asked of a policy, in the formats of opa eval',
    source: 'docs/guides/policy.md, debug',
  },
  'policy:explain': {
    behaviour: 'An explanation names the conditions that failed and what they read',
    source: 'docs/guides/policy.md, debug',
  },
  'policy:bench': {
    behaviour: 'The cost of one decision can be measured from the command line',
    source: 'docs/guides/policy.md, debug',
  },
  'policy:total': {
    behaviour: 'decide never throws: an error and an exhausted budget are denies with their own reasons',
    source: 'docs/journal.md, reason codes',
  },
  'policy:explain:total': {
    behaviour: 'explain never throws, is bounded, and gives the decision of decide',
    source: 'core/policy, explain',
  },
  'policy:files:refused': {
    behaviour: 'A policy that cannot be read whole is refused, with file, line and caret',
    source: 'README.md, policies',
  },
  'policy:bundle:hostile': {
    behaviour: 'A hostile archive is refused with a clear word, within bounds of memory and time',
    source: 'docs/reference/bundles.md, limits',
  },
  'policy:bundle:round-trip': {
    behaviour: 'What is built into a bundle is read from it byte for byte, and building is deterministic',
    source: 'docs/reference/bundles.md',
  },
  'policy:bundle:manifest': {
    behaviour: 'The manifest is read strictly, and says in which syntax each module is read',
    source: 'docs/reference/bundles.md, manifest',
  },
  'policy:bundle:data': {
    behaviour: 'Data documents are joined at their paths; malformed, deep and expanding ones are refused',
    source: 'docs/reference/bundles.md, data',
  },
  'policy:bundle:unsupported': {
    behaviour: 'WebAssembly, plans and deltas are refused by name',
    source: 'docs/reference/bundles.md',
  },
  'policy:bundle:roots': {
    behaviour:
      'A bundle defines nothing outside of its roots, nor what another bundle or its own data define',
    source: 'docs/reference/bundles.md, roots',
  },
  'policy:bundle:signed': {
    behaviour: 'A bundle under verification holds exactly what the right key signed for the right scope',
    source: 'docs/reference/bundles.md, signatures',
  },
  'policy:bundle:opa': {
    behaviour: 'OPA accepts what is built and signed here, and the other way round',
    source: 'docs/reference/bundles.md',
  },
  'policy:store:swap': {
    behaviour:
      'A policy takes the place of another in one step when all of it is good; else the old one stays',
    source: 'docs/reference/bundles.md, in force',
  },
  'policy:store:last-good': {
    behaviour:
      'After a restart the last good bundle holds, verified again; a damaged copy gives way to the one before',
    source: 'docs/reference/bundles.md, in force',
  },
  'policy:cache': {
    behaviour:
      'A remembered decision is the one that the policy would give; what depends on time or chance is not remembered',
    source: 'core/policy, cache',
  },
  'policy:simulate': {
    behaviour: 'A candidate policy is compared with the one in force over recorded inputs, in bounded memory',
    source: 'core/policy, simulate',
  },
  'cli:policy:bundle': {
    behaviour: 'chaperone policy builds, signs and inspects bundles',
    source: 'docs/reference/bundles.md',
  },
  'run:bundle': {
    behaviour:
      'A session runs under a bundle, a signed one only with its key, and exactly the one that was verified',
    source: 'docs/reference/bundles.md',
  },
  'profiles:cases': {
    behaviour:
      'Every shipped profile decides its golden cases as written, for single paths and whole folders alike',
    source: 'docs/profiles.md',
  },
  'profiles:selection': {
    behaviour:
      'A profile is found by name or folder; what is wrong with it or its settings is said with what there is',
    source: 'docs/profiles.md',
  },
  'profiles:run': {
    behaviour:
      'Real programs do their work under the profiles, and what a profile closes stays closed with a record',
    source: 'docs/profiles.md',
  },
  'profiles:agents': {
    behaviour:
      'Agents and robots, unmodified, run under the fitting profile as they do bare; what is denied to them is listed',
    source: 'docs/profiles.md',
  },
  'profiles:friction': {
    behaviour:
      'How much the profiles get in the way is measured on real tasks, by counts and comparisons that are tested',
    source: 'bench/README.md, friction',
  },
  'context:mount': {
    behaviour: 'A policy is told whether a file is local, on a network or removable, or nothing',
    source: 'docs/profiles.md, mounts',
  },
  'record:tamper-evident': {
    behaviour: 'A changed byte, or a dropped, doubled, moved or inserted record is found and named',
    source: 'docs/journal.md, verification',
  },
  'record:dropped-session': {
    behaviour: 'A session that was removed as a whole, or cut at its end, is found',
    source: 'docs/journal.md, register',
  },
  'record:signed': {
    behaviour: 'A journal that was rewritten without the device key is found',
    source: 'docs/journal.md, signatures',
  },
  'record:write-fails-closed': {
    behaviour: 'After a failed write nothing is accepted any more',
    source: 'docs/journal.md, failures',
  },
  'record:crash-reported': {
    behaviour: 'A crash is reported as an unclosed session with its torn tail, not as tampering',
    source: 'docs/journal.md, crashes',
  },
  'record:round-trip': {
    behaviour: 'What was recorded is read back exactly, whatever bytes a path has',
    source: 'docs/journal.md, paths',
  },
  'record:durable': {
    behaviour:
      'A record written with `now` is on disk before append returns; grouped ones within their bounds',
    source: 'docs/journal.md, durability',
  },
  'record:third-party': {
    behaviour: 'A short script without this code base verifies a journal',
    source: 'docs/journal.md, verify it yourself',
  },
  'record:concurrent': {
    behaviour: 'Sessions of several processes share one register without losing a line',
    source: 'docs/journal.md, register',
  },
  'record:outcome': {
    behaviour: 'The record of an allow is followed by how the act ended: done, failed or abandoned',
    source: 'docs/journal.md, records',
  },
  'record:no-secrets': {
    behaviour: 'Passwords and tokens in arguments and URLs are replaced by keyed fingerprints',
    source: 'docs/journal.md, secrets',
  },
  'cli:demo': {
    behaviour:
      'The demo shows what works and what is refused, explains it and finds an altered byte; else it fails',
    source: 'README.md',
  },
  'cli:journal:show': {
    behaviour: 'The table fits the terminal, and nothing in it can control the terminal',
    source: 'README.md, journal',
  },
  'cli:journal:follow': {
    behaviour: 'New records appear while they are written, in new sessions and segments, too',
    source: 'README.md, journal',
  },
  'cli:journal:verify': {
    behaviour: 'Exit code 0 for whole, 1 for tampered with the record named, 2 for unreadable',
    source: 'README.md, journal',
  },
  'net:cli': {
    behaviour:
      'Live connections, denials and what went where are shown from the journal as they were, in bounded memory, whatever names agents chose',
    source: 'docs/cli.md, chaperone net',
  },
  'cli:errors': {
    behaviour: 'A failure is one clear line on stderr with a non-zero exit code and no stack trace',
    source: 'CONTRIBUTING.md, errors',
  },
  'policy:readme': {
    behaviour: 'The policy that the README shows works as it stands there',
    source: 'README.md, a policy',
  },
  'cli:fits': {
    behaviour: 'What is printed for a person fits the terminal; in a pipe nothing is cut',
    source: 'docs/cli.md',
  },
  'cli:help': {
    behaviour: 'Every command explains itself with examples, and every variable that is read is documented',
    source: 'docs/cli.md',
  },
  'cli:exit-codes': {
    behaviour: 'Each exit code in the table happens as it says, and the table has no other',
    source: 'docs/cli.md, exit codes',
  },
  'cli:completion': {
    behaviour: 'bash, zsh and fish complete commands, options and values from the definitions',
    source: 'docs/install.md, completions',
  },
  'cli:manual': {
    behaviour: 'The manual page has every command and option, from the definitions',
    source: 'docs/cli.md',
  },
  'cli:progress': {
    behaviour: 'What takes longer than a second says how far it is, on a terminal only',
    source: 'docs/cli.md',
  },
  'package:contents': {
    behaviour: 'A package holds what its list names, and nothing that names the machine it was built on',
    source: 'docs/install.md, build the packages',
  },
  'package:reproducible': {
    behaviour: 'Building twice gives the same bytes, whatever the time zone and the umask',
    source: 'docs/install.md, build the packages',
  },
  'package:npm': {
    behaviour:
      'The npm package installs for an ordinary user, enforces there, and leaves journals when it goes',
    source: 'docs/install.md, npm',
  },
  'package:libraries': {
    behaviour: 'The policy engine and the SDK install as npm packages of their own, with types',
    source: 'docs/install.md, build the packages',
  },
  'package:deb': {
    behaviour:
      'The Debian package installs, enforces with its own Node, and leaves nothing when it is removed',
    source: 'docs/install.md, Debian and Ubuntu',
  },
  'enforce:floor:capabilities': {
    behaviour: 'The agent holds no capability, and none can be gained',
    source: 'docs/adr/0002-who-performs-the-act.md',
  },
  'enforce:floor:granted': {
    behaviour: 'What the floor does not grant stays closed under a policy that allows everything',
    source: 'THREAT-MODEL.md, two layers',
  },
  'enforce:floor:never': {
    behaviour: 'What the floor never grants stays closed under a policy that allows everything',
    source: 'THREAT-MODEL.md, two layers',
  },
  'enforce:own-code': {
    behaviour:
      'No session changes the code that Chaperone itself runs at a later start, compiled code in caches included',
    source: 'THREAT-MODEL.md',
  },
  'enforce:gate:alone': {
    behaviour: 'What policy denies stays denied when Landlock is not there',
    source: 'THREAT-MODEL.md, two layers',
  },
  'enforce:live:background': {
    behaviour: 'Nothing that the agent left running outlives its session',
    source: 'ARCHITECTURE.md, a session',
  },
  'enforce:live:blocking': {
    behaviour: 'A call that blocks delays no other',
    source: 'docs/adr/0002-who-performs-the-act.md',
  },
  'enforce:live:bytes': {
    behaviour: 'Standard input and output pass byte for byte',
    source: 'README.md, run',
  },
  'enforce:live:descriptors': {
    behaviour: 'No descriptor leaks however many commands run',
    source: 'docs/adr/0002-who-performs-the-act.md',
  },
  'enforce:live:exit-code': {
    behaviour: "The exit code is the agent's",
    source: 'README.md, run',
  },
  'enforce:live:exit-signal': {
    behaviour: 'Death by a signal is death by that signal',
    source: 'README.md, run',
  },
  'enforce:live:held': {
    behaviour: 'An agent that dies while a call is held leaves nothing held',
    source: 'docs/adr/0002-who-performs-the-act.md',
  },
  'enforce:live:killed': {
    behaviour: 'When the supervisor or the gate is killed, the session ends closed and its journal says so',
    source: 'THREAT-MODEL.md, when a part fails',
  },
  'enforce:live:processes': {
    behaviour: 'Threads, forks, vfork, posix_spawn and shells by the thousand work',
    source: 'README.md, run',
  },
  'enforce:live:hung': {
    behaviour: 'A file system that never answers delays no call but those that touch it',
    source: 'THREAT-MODEL.md',
  },
  'enforce:live:exhausted': {
    behaviour:
      'When no thread is left that could wait, a call that would wait is refused with a record; others go on',
    source: 'docs/limits.md',
  },
  'enforce:live:signals': {
    behaviour: 'Signals interrupt held calls as they would without us',
    source: 'docs/limits.md, signals',
  },
  'enforce:live:stop': {
    behaviour: 'Stopping and continuing the agent stops and continues us',
    source: 'README.md, run',
  },
  'enforce:live:terminal': {
    behaviour: "A terminal is the agent's as without us",
    source: 'README.md, run',
  },
  'enforce:race:exec': {
    behaviour: 'A raced path, script or argument vector never starts what was denied',
    source: 'docs/adr/0002-who-performs-the-act.md',
  },
  'enforce:race:files': {
    behaviour: 'A raced name never opens, changes or removes what was denied',
    source: 'docs/adr/0002-who-performs-the-act.md',
  },
  'content:open': {
    behaviour:
      'A policy decides an open by what is in the file at that time, whatever its name and whatever was known of it before',
    source: 'docs/adr/0007-what-was-scanned-is-what-is-handed-over.md',
  },
  'content:redact': {
    behaviour:
      'An agent that may read only a redacted copy gets one, complete and of one size, and the record says what is not in it',
    source: 'docs/adr/0007-what-was-scanned-is-what-is-handed-over.md',
  },
  'content:labels': {
    behaviour:
      'Labels of a document, its attributes and its folder reach the policy under the names that it gives them',
    source: 'docs/adr/0007-what-was-scanned-is-what-is-handed-over.md',
  },
  'content:held': {
    behaviour:
      'A file that takes long to look at holds up nobody else, and one that nobody could look at is not opened',
    source: 'docs/adr/0007-what-was-scanned-is-what-is-handed-over.md',
  },
  'scan:report': {
    behaviour:
      'A scan of files and trees says what is in them, for people and for programs, and never a value',
    source: 'docs/cli.md',
  },
  'scan:custom': {
    behaviour:
      "A policy's own patterns, dictionaries, tables and documents are found wherever content is looked at; what cannot be used is refused with place and reason",
    source: 'docs/guides/data.md',
  },
  'content:lost': {
    behaviour:
      'A thread that is lost while it looks into a file costs that open, with a reason, and no other',
    source: 'docs/adr/0007-what-was-scanned-is-what-is-handed-over.md',
  },
  'content:unloaded': {
    behaviour: 'A session whose policy does not ask what is in files loads nothing that could tell',
    source: 'ARCHITECTURE.md',
  },
  'enforce:race:content': {
    behaviour:
      'What an agent reads of a file that was judged by its content is what was judged, whoever writes to it meanwhile',
    source: 'docs/adr/0007-what-was-scanned-is-what-is-handed-over.md',
  },
  'enforce:race:network': {
    behaviour: 'A raced address never reaches what was denied',
    source: 'docs/adr/0002-who-performs-the-act.md',
  },
  'run:fidelity': {
    behaviour: 'Real programs give the same results as without us',
    source: 'README.md, run',
  },
  'run:semantics': {
    behaviour: 'Every file, socket and exec call answers as without us',
    source: 'README.md, run',
  },
  'run:transparent': {
    behaviour: 'Arguments, environment, limits and signal dispositions reach the agent unchanged',
    source: 'README.md, run',
  },
  'enforce:live:processors': {
    behaviour: 'The agent runs on the processors that it would run on without us',
    source: 'README.md, run',
  },
  'run:bad-command': {
    behaviour: 'A command that cannot be started ends with the code a shell gives and one clear line',
    source: 'README.md, run',
  },
  'run:bad-policy': {
    behaviour:
      'A policy that is unreadable, invalid or misbehaves denies, with a message that names the place',
    source: 'THREAT-MODEL.md, when a part fails',
  },
  'run:host': {
    behaviour: 'What the host lacks is said, and never silently replaced by something weaker',
    source: 'THREAT-MODEL.md, when a part fails',
  },
  'run:hostile-text': {
    behaviour: 'Nothing that an agent names reaches the terminal unescaped',
    source: 'CWE-150',
  },
  'run:journal-fails-closed': {
    behaviour: 'What cannot be recorded does not happen',
    source: 'THREAT-MODEL.md, when a part fails',
  },
  'run:network': {
    behaviour: 'Allowed destinations work with their own errors, others are refused, and nothing else leaves',
    source: 'docs/adr/0003-destinations-are-local.md',
  },
  'run:notice': {
    behaviour:
      'A person on a terminal hears of each denial in one line, never in the midst of a full-screen program; a pipe hears nothing',
    source: 'docs/explain.md, while it runs',
  },
  'run:denials': {
    behaviour: 'An agent can read what it was refused and why, and can change nothing of it',
    source: 'docs/explain.md, for the agent',
  },
  'run:audit': {
    behaviour: 'Audit mode holds nothing back but what the floor must, and records that it went on',
    source: 'docs/explain.md, audit mode',
  },
  'cli:why': {
    behaviour:
      'A recorded decision is explained by the rule and condition behind it, or it is said why it cannot be',
    source: 'docs/explain.md, why',
  },
  'cli:check': {
    behaviour: 'What is asked without doing it is answered as the session answers it',
    source: 'docs/explain.md, check',
  },
  'cli:report': {
    behaviour:
      'Journals are summed up in bounded memory; a suggested rule opens what was used and nothing that is never to be opened',
    source: 'docs/explain.md, report',
  },
  'explain:agreement': {
    behaviour: 'Decision, check and explanation never disagree',
    source: 'docs/explain.md, one answer',
  },
  'enforce:gate:forms': {
    behaviour: 'Malformed and unusual arguments neither pass nor hurt the gate',
    source: 'THREAT-MODEL.md, who attacks',
  },
  'enforce:nesting:sandboxes': {
    behaviour: 'Sandboxes that build on bubblewrap start inside a session that lets them, and hold there',
    source: 'docs/limits.md, nesting',
  },
  'enforce:nesting:names': {
    behaviour:
      'Policy is asked for the name that an object has in the session, whatever a nested mount calls it',
    source: 'docs/adr/0004-nested-mounts.md',
  },
  'enforce:nesting:floor': {
    behaviour: 'Nested mounts lift neither masks nor the floor, and what makes them is out of reach',
    source: 'docs/adr/0004-nested-mounts.md',
  },
  'enforce:gate:exec-names': {
    behaviour:
      'Loaders, scripts that scripts name and arguments too long to show are no way to start what is denied',
    source: 'THREAT-MODEL.md, who attacks',
  },
  'enforce:gate:socket-names': {
    behaviour: 'A socket is bound where it was decided, whatever its name means to the gate',
    source: 'THREAT-MODEL.md, who attacks',
  },
  'enforce:gate:caller': {
    behaviour: 'A caller that died is not taken for the program that took its number',
    source: 'docs/adr/0002-who-performs-the-act.md',
  },
  'enforce:gate:fuzz': {
    behaviour: 'Random calls neither reach what is closed nor end the gate',
    source: 'THREAT-MODEL.md, who attacks',
  },
  'run:floor-demanded': {
    behaviour: 'A floor weaker than the policy demands is refused, with what to do about it',
    source: 'README.md, the floor',
  },
  'doctor:tries': {
    behaviour: 'What a host lacks is found by trying it, whatever its version numbers say',
    source: 'docs/doctor.md',
  },
  'doctor:agrees': {
    behaviour: 'doctor says what run then does: the isolation it chooses, or that it refuses',
    source: 'docs/doctor.md',
  },
  'doctor:remedy': {
    behaviour: 'A limit of the host comes with its cause and with what to type on this distribution',
    source: 'docs/doctor.md',
  },
  'doctor:docs': {
    behaviour: 'The table of kernels in docs/limits.md is the one that doctor judges by',
    source: 'docs/limits.md',
  },
  'rego:fmt': {
    behaviour:
      'Formatting a policy twice changes nothing more, keeps its meaning and every comment, and gives the bytes of opa fmt',
    source: 'docs/reference/fmt.md',
  },
  'rego:lint': {
    behaviour: 'Mistakes that open a policy are found: prefixes, missing defaults, fields that do not exist',
    source: 'docs/reference/lint.md',
  },
  'rego:lint:docs': {
    behaviour: 'The reference of lint rules is the table of the rules',
    source: 'docs/reference/lint.md',
  },
  'cli:policy:fmt': {
    behaviour:
      'chaperone policy fmt changes a file as a whole or not at all, and none when one cannot be read',
    source: 'docs/reference/fmt.md',
  },
  'cli:policy:lint': {
    behaviour: 'chaperone policy lint tells findings to people and programs, and by its exit code',
    source: 'docs/reference/lint.md',
  },
  'cli:doctor': {
    behaviour: 'The report fits the terminal and cannot control it; exit code 0 only with every guarantee',
    source: 'README.md, doctor',
  },
  'desktop:default': {
    behaviour: 'Buses, displays and automation are closed under a policy that allows everything',
    source: 'docs/desktop.md',
  },
  'desktop:floor': {
    behaviour: 'floor.desktop grants nothing by default and is refused when it could be misunderstood',
    source: 'docs/desktop.md, floor.desktop',
  },
  'desktop:services': {
    behaviour: 'A policy hears which service listens on a socket, whatever name it is reached by',
    source: 'docs/desktop.md',
  },
  'desktop:bus': {
    behaviour: 'Of a bus only what is granted passes, what is refused is recorded, the bus itself is closed',
    source: 'docs/desktop.md',
  },
  'desktop:bus-proxy-ends': {
    behaviour: 'A bus proxy that dies closes the bus, not the session',
    source: 'docs/desktop.md, what it needs',
  },
  'desktop:bus-proxy-missing': {
    behaviour: 'Without the bus proxy a session that needs it does not start',
    source: 'docs/desktop.md, what it needs',
  },
  'desktop:x11-untrusted': {
    behaviour: 'An untrusted X client neither sees nor types, takes no picture and uses no clipboard',
    source: 'docs/desktop.md',
  },
  'desktop:clipboard': {
    behaviour: 'The clipboard is used only when floor and policy allow it, and that is recorded',
    source: 'docs/desktop.md',
  },
  'desktop:devices': {
    behaviour: 'Input devices are closed unless the floor names them',
    source: 'docs/desktop.md',
  },
  'desktop:own': {
    behaviour: "A session's own display and bus work",
    source: 'docs/desktop.md',
  },
  'pdp:opa-api': {
    behaviour: 'The server answers as the Open Policy Agent does: status, headers, shape, error codes',
    source: 'docs/reference/pdp-api.md',
  },
  'pdp:limits': {
    behaviour: 'Bodies, values, headers and connections are bounded; what is beyond gets a clear answer',
    source: 'docs/reference/pdp-api.md, limits',
  },
  'pdp:authz': {
    behaviour: 'With authorisation nothing is answered unless system.authz.allow says true to the request',
    source: 'docs/reference/pdp-api.md, who may ask',
  },
  'pdp:atomic': {
    behaviour: 'A write to policies or data takes effect as a whole or not at all',
    source: 'docs/reference/pdp-api.md, writing',
  },
  'pdp:files': {
    behaviour:
      'Policies and data are loaded from files and folders, and again when they change, unless they are wrong',
    source: 'docs/reference/pdp-api.md, starting',
  },
  'pdp:listen': {
    behaviour: 'TCP, TLS and Unix sockets; the end waits for answers under way, but not for ever',
    source: 'docs/reference/pdp-api.md, starting',
  },
  'pdp:config': {
    behaviour:
      "OPA's configuration is taken, secrets in it are shown to nobody, and what is not supported is refused by name",
    source: 'docs/reference/pdp-config.md',
  },
  'pdp:bundles': {
    behaviour:
      'Bundles from services take effect whole or not at all; a bad one leaves the last good one in force and shows in the status',
    source: 'docs/reference/pdp-config.md, bundles',
  },
  'pdp:bundles:restart': {
    behaviour: 'A bundle that is kept is in force after a restart while its service is away, verified again',
    source: 'docs/reference/pdp-config.md, bundles',
  },
  'pdp:decision-logs': {
    behaviour: 'Every decision is logged in the shape of OPA, masked as the policy says, or not shown at all',
    source: 'docs/reference/pdp-config.md, decision logs',
  },
  'pdp:decision-logs:bounded': {
    behaviour: 'Decisions that wait to be sent are bounded; those that go are counted',
    source: 'docs/reference/pdp-config.md, decision logs',
  },
  'pdp:status': {
    behaviour: 'The state of bundles and plug-ins is reported when it changes, until the report is taken',
    source: 'docs/reference/pdp-config.md, status',
  },
  'pdp:discovery': {
    behaviour: 'A discovered configuration takes effect at run time and never changes the way to itself',
    source: 'docs/reference/pdp-config.md, discovery',
  },
  'pdp:interop': {
    behaviour: 'With the same configuration and service, OPA and this server ask and report alike',
    source: 'docs/reference/pdp-config.md',
  },
  'pdp:client': {
    behaviour: "OPA's own TypeScript client works with the server",
    source: 'docs/reference/pdp-api.md',
  },
  'pdp:seed': {
    behaviour: 'The Rego example of the first requirement and its Python webhook run unchanged',
    source: 'the first source document',
  },
  'pdp:decisions': {
    behaviour:
      'A decision asked over HTTP takes the steps of the gate: checked facts, obligations, a record before the answer; everything else is answered as by OPA',
    source: 'docs/reference/pdp-api.md, decisions as a PEP',
  },
  'pdp:obligations': {
    behaviour: 'An obligation that neither the server nor the enforcement point carries out is a deny',
    source: 'docs/reference/pdp-api.md, decisions as a PEP',
  },
  'pdp:outcomes': {
    behaviour: 'An enforcement point says once how an act ended, and that is recorded',
    source: 'docs/reference/pdp-api.md, outcomes',
  },
  'pdp:signatures': {
    behaviour: 'With keys, a question without a fresh valid signature over all of it gets no decision',
    source: 'docs/reference/pdp-api.md, signatures; RFC 9421, RFC 9530',
  },
  'pdp:engine': {
    behaviour: 'Another OPA can decide; when it is slow, dead or wrong, the decision is a deny',
    source: 'docs/reference/pdp-api.md, another engine',
  },
  'pep:decide': {
    behaviour: 'A decision, whatever the other side does; wrong options are said when the client is made',
    source: 'docs/guides/pep.md',
  },
  'pep:strict': {
    behaviour: 'Nothing but exactly a well-formed allow is an allow, whatever bytes come back',
    source: 'docs/guides/pep.md, reasons',
  },
  'pep:retries': {
    behaviour:
      'Asked again only when no answer was read, with jitter, within one deadline; left alone when it fails on',
    source: 'docs/guides/pep.md, when nobody answers',
  },
  'pep:fail-mode': {
    behaviour:
      'Silence is a deny, unless reads in audit mode were said to go on; a bad answer is always a deny',
    source: 'docs/guides/pep.md, when nobody answers',
  },
  'pep:obligations': {
    behaviour: 'No act without its obligations; one without a handler, or whose handler fails, is a deny',
    source: 'docs/guides/pep.md, obligations',
  },
  'pep:outcomes': {
    behaviour: 'What became of an act is reported without holding anybody up',
    source: 'docs/guides/pep.md, outcomes',
  },
  'pep:signature': {
    behaviour: 'Requests are signed as RFC 9421 says, each with a nonce of its own',
    source: 'docs/guides/pep.md, security; RFC 9421, RFC 9530',
  },
  'pep:tls': {
    behaviour:
      "The server's authority, name and pinned key are checked on every connection; our certificate is shown",
    source: 'docs/guides/pep.md, security',
  },
  'pep:unix': {
    behaviour: 'A Unix socket that others own or could replace is not trusted',
    source: 'docs/guides/pep.md, security',
  },
  'pep:opa': {
    behaviour: 'The client works with chaperone pdp and with a plain OPA server',
    source: 'docs/guides/pep.md',
  },
  'pep:examples': {
    behaviour: 'The examples in Python, curl and TypeScript work, and take nothing for an allow that is none',
    source: 'docs/guides/pep.md',
  },
  'pdp:command': {
    behaviour: 'chaperone pdp says when it is ready, tells wrong usage in one line, and ends on SIGTERM',
    source: 'docs/reference/pdp-api.md, starting',
  },
  'dlp:containers': {
    behaviour: 'Archives are read to the end whatever stands around and between their entries',
    source: 'PKWARE APPNOTE 6.3.10',
  },
  'dlp:bombs': {
    behaviour: 'What unpacks to too much, too deep or too often ends at its limits and is never clean',
    source: 'CWE-409',
  },
  'dlp:truncated': {
    behaviour: 'A document that ends at any byte is never clean and never throws',
    source: 'CWE-755',
  },
  'dlp:office-text': {
    behaviour: 'Values are found in office documents however their text is split over runs and cells',
    source: 'ISO/IEC 29500-1; ISO/IEC 26300',
  },
  'dlp:labels': {
    behaviour: 'Sensitivity labels of Office documents are read from where Office keeps them, in its order',
    source: '[MS-OFFCRYPTO] 2.6',
  },
  'dlp:redaction': {
    behaviour:
      'A redacted copy opens, has tokens in place of values, and is refused when it could not be complete',
    source: 'ISO/IEC 29500-2; core/dlp/src/redact.ts',
  },
  'egress:http1': {
    behaviour:
      'HTTP/1.x and WebSocket reach the far side only as requests that the desk allowed, each understood in one way',
    source: 'RFC 9112; RFC 6455; runtime-plane/egress/src/http/desk.ts',
  },
  'egress:http2': {
    behaviour:
      'Streams of HTTP/2 reach the destination only as allowed, one request each, and whichever side fails or floods, none hangs',
    source: 'RFC 9113; CVE-2023-44487',
  },
  'egress:reliability': {
    behaviour:
      'Connections of a session end, each once and with nothing left of it, whatever either side, many at once, or a stopped process does',
    source: 'issue 6, reliability',
  },
  'escape:network': {
    behaviour:
      'No known way around a policy of the network lets anything arrive outside, and each attempt leaves a record of who made it',
    source: 'test/escape; issue 6',
  },
  'egress:session': {
    behaviour:
      'What leaves a session goes where policy lets it, by name and by content, from any program, with who it was in its record',
    source: 'issue 6; design/02 §2.3',
  },
  'egress:programs': {
    behaviour:
      'Programs that know nothing of chaperone work while their TLS is opened, and are told promptly of what they may not do',
    source: 'issue 6, must show',
  },
  'egress:names': {
    behaviour:
      'A session resolves what policy allows, carries nothing out by asking, and gets no inward address for an outside name',
    source: 'issue 6, resolver; RFC 1035, RFC 6761, RFC 7766',
  },
  'egress:tls': {
    behaviour:
      'The name in a hello is read in one way only; opened TLS has certificates of the session, and the far side is checked in full',
    source: 'RFC 8446; RFC 6066; RFC 5280',
  },
  'egress:policies': {
    behaviour:
      'The shipped rules on requests decide who is read and written to, with what; nothing of other requests is looked at for them',
    source: 'policies/lib/requests.rego; docs/egress.md',
  },
  'egress:trust': {
    behaviour:
      "Programs in a session trust the session's authority, and nothing of the machine is changed for it",
    source: 'runtime-plane/endpoint/src/enforce/trust.ts',
  },
};
