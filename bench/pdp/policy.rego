# What a decision point of some size has: roles, a set of denials, obligations, patterns, and reasons for a person.
package bench.pdp

default allow := false

allow if {
	count(deny) == 0
	granted
}

granted if "admin" in roles

granted if {
	some grant in data.grants[input.resource.type]
	grant.action == input.action
	grant.role in roles
}

granted if {
	input.action == "file.read"
	input.resource.owner == input.subject.id
}

granted if {
	input.action in {"file.list", "file.stat"}
	startswith(input.resource.path, concat("/", ["/home", input.subject.id]))
}

roles contains role if some role in input.subject.roles

roles contains inherited if {
	some role in input.subject.roles
	some inherited in data.roles[role].inherits
}

tags := {lower(tag) | some tag in input.resource.tags}

labels := {key: value |
	some key, value in input.resource.labels
	not startswith(key, "x-")
}

recent := [entry.action | some entry in input.session.history; entry.ms < 60000]

deny contains msg if {
	glob.match("/home/*/.ssh/**", ["/"], input.resource.path)
	msg := sprintf("%s may not use keys at %s", [input.subject.id, input.resource.path])
}

deny contains msg if {
	glob.match("/home/*/.aws/*", ["/"], input.resource.path)
	msg := "cloud credentials are closed"
}

deny contains "browser profiles are closed" if {
	some pattern in data.settings.browser_profiles
	glob.match(pattern, ["/"], input.resource.path)
}

deny contains msg if {
	input.action == "file.write"
	glob.match("/etc/**", ["/"], input.resource.path)
	msg := sprintf("%s is part of the system", [input.resource.path])
}

deny contains msg if {
	glob.match("**/*.{pem,key,p12}", ["/"], input.resource.path)
	msg := "key files are closed"
}

deny contains "files outside the workspace stay" if {
	input.action == "file.delete"
	not startswith(input.resource.path, data.settings.workspace)
}

deny contains msg if {
	input.action == "net.connect"
	not host_allowed(input.resource.host)
	msg := sprintf("%s:%d is not an allowed destination", [input.resource.host, input.resource.port])
}

deny contains "plain mail transport is closed" if {
	input.action == "net.connect"
	input.resource.port in {25, 465, 587}
}

deny contains msg if {
	input.action == "process.exec"
	regex.match(`^(sudo|su|doas|pkexec)$`, input.resource.program)
	msg := sprintf("%s raises privileges", [input.resource.program])
}

deny contains "an argument holds a secret" if {
	input.action == "process.exec"
	some argument in input.resource.arguments
	regex.match(`(?i)(token|secret|password)=\S+`, argument)
}

deny contains "the device does not meet the policy" if {
	not device_healthy
}

deny contains "blocked subject" if input.subject.id in data.blocked

deny contains msg if {
	some tag in tags
	tag in data.settings.forbidden_tags
	msg := sprintf("the label %s is closed to agents", [tag])
}

deny contains "too many acts in a minute" if count(recent) > data.settings.burst

deny contains msg if {
	some part in split(input.resource.path, "/")
	regex.match(`^\.(git|env|npmrc)(\..+)?$`, part)
	not input.action in {"file.read", "file.stat"}
	msg := sprintf("%s is configuration", [part])
}

device_healthy if {
	input.device.encrypted
	every check in data.settings.checks {
		check in input.device.passed
	}
}

host_allowed(host) if host in data.settings.hosts

host_allowed(host) if {
	some pattern in data.settings.host_patterns
	glob.match(pattern, ["."], host)
}

sensitive if count(tags & {"pii", "finance", "health"}) > 0

sensitive if {
	some prefix in data.settings.sensitive_prefixes
	startswith(input.resource.path, prefix)
}

obligations contains {"type": "log", "level": "full"} if sensitive

obligations contains {"type": "redact", "fields": fields} if {
	sensitive
	fields := sort([key | some key, _ in labels; contains(key, "secret")])
}

obligations contains {"type": "notify", "to": data.users[input.subject.id].manager} if {
	input.action == "file.read"
	"finance" in tags
}

obligations contains {"type": "approve", "by": approver} if {
	input.action == "file.delete"
	some approver in data.settings.approvers
	approver != input.subject.id
}

obligations contains {"type": "watermark", "text": text} if {
	input.action == "file.read"
	endswith(input.resource.path, ".pdf")
	text := sprintf("%s %s", [upper(input.subject.id), input.session.id])
}

risk := 80 if {
	sensitive
	not input.session.interactive
} else := 40 if {
	sensitive
} else := 10

decision := {
	"allow": allow,
	"denials": deny,
	"obligations": obligations,
	"labels": labels,
	"risk": risk,
	"reason": reason,
}

reason := "denied" if {
	count(deny) > 0
} else := sprintf("%s may %s", [input.subject.id, input.action]) if {
	allow
} else := "nothing grants it"
