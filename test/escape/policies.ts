/** The policies of the attacks: each denies one thing and allows all else, so that there is much to attack from. */
const head = `package chaperone.access

default decision := {"allow": true, "rules": ["escape"]}

decision := {"allow": false, "reason": "escape", "message": concat("; ", reasons), "rules": ["escape"]} if count(reasons) > 0
`;

const secrets = `
reasons contains "the secret" if startswith(input.path, concat("", [data.escape.secret, "/"]))
`;

const hosts = `
reasons contains "not this host" if {
	input.action in {"connect", "resolve_name", "http_request"}
	not listed
}

listed if input.destination.host in data.escape.hosts
`;

export const policies = {
  /** What lies below the secret's folder; the folder itself is not denied. */
  files: head + secrets,
  /** The same, and the folder itself. */
  folder: `${head}${secrets}
reasons contains "the folder" if input.path == data.escape.secret
`,
  /** The same, with the open folder granted to the agent's own Landlock domain. */
  granted: `${head}${secrets}
floor := {"static_read": ["/usr", "/lib", "/lib64", data.escape.open], "read": ["/"]}
`,
  /** A path that may never exist. */
  never: `${head}
floor := {"never": [data.escape.never]}

reasons contains "unused" if input.path == "/nowhere"
`,
  /** Everything below a folder that is not there yet. */
  later: `${head}
reasons contains "not yet" if startswith(input.path, concat("", [data.escape.later, "/"]))
`,
  /** The same, and that folder itself: a link in its place is then denied, too, which a prefix with a slash cannot say. */
  laterFolder: `${head}
reasons contains "not yet" if startswith(concat("", [input.path, "/"]), concat("", [data.escape.later, "/"]))
`,
  /** Only listed programs. */
  programs: `${head}
reasons contains "not listed" if {
	input.action == "execute"
	not input.path in data.escape.programs
}
`,
  /** Only programs of listed content. */
  contents: `${head}
reasons contains "content not listed" if {
	input.action == "execute"
	not input.command.sha256 in data.escape.contents
}
`,
  /** All programs but those of some content. */
  unwanted: `${head}
reasons contains "unwanted content" if {
	input.action == "execute"
	input.command.sha256 in data.escape.unwanted
}
`,
  /** The secret, for all programs but one. */
  reader: `${head}
reasons contains "not the reader" if {
	startswith(input.path, concat("", [data.escape.secret, "/"]))
	input.process.exe != data.escape.reader
}
`,
  /** Only listed sockets. */
  sockets: `${head}
reasons contains "not listed" if {
	input.action == "ipc_connect"
	not input.path in data.escape.sockets
}
`,
  /** Only listed sockets; Unix datagram sockets may exist. */
  datagrams: `${head}
floor := {"unix_datagram": true}

reasons contains "not listed" if {
	input.action == "ipc_connect"
	not input.path in data.escape.sockets
}
`,
  /** Only destinations whose name is listed, none by its address alone. */
  hosts: `${head}${hosts}`,
  /** The same, and all below one name. */
  below: `${head}${hosts}
listed if endswith(input.destination.host, data.escape.below)
`,
  /** All names but listed ones, no addresses. */
  others: `${head}
reasons contains "this host" if {
	input.action in {"connect", "resolve_name"}
	not other
}

other if {
	input.destination.host
	not input.destination.host in data.escape.denied
}
`,
  /** The same as for hosts, at listed ports. */
  ports: `${head}${hosts}
reasons contains "not this port" if {
	input.action == "connect"
	input.destination.host in data.escape.hosts
	not input.destination.port in data.escape.ports
}
`,
  /** The same as for hosts, and requests only read. */
  requests: `${head}${hosts}
reasons contains "only reading" if {
	input.action == "http_request"
	not input.destination.method in {"GET", "HEAD"}
}

reasons contains "not this request" if {
	input.action == "http_request"
	startswith(input.destination.path, "/denied")
}
`,
  /** The same as for hosts, with a rule that depends on what is in a body. */
  bodies: `${head}${hosts}
reasons contains "classified" if {
	input.action == "http_request"
	"unheard of" in input.resource.classification
}
`,
  /** All but what leads back to this machine. */
  outward: `${head}
reasons contains "this machine" if {
	input.action == "connect"
	some range in ["127.0.0.0/8", "::1/128"]
	net.cidr_contains(range, input.destination.ip)
}
`,
} as const;

export type PolicyName = keyof typeof policies;
