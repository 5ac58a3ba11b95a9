package agent.authz

default allow := false

allow if {
	count(deny) == 0
	some grant in data.roles[input.agent.role].grants
	grant.action == input.action
	startswith(input.path, grant.under)
}

deny contains "secret" if {
	some pattern in data.secrets
	glob.match(pattern, ["/"], input.path)
}

deny contains "hidden" if {
	input.action == "write_file"
	contains(input.path, "/.")
}

deny contains "egress" if {
	input.action == "connect"
	not input.destination.host in data.hosts
}

deny contains "unsigned" if {
	input.agent.risk == "high"
	input.agent.trust != "signed"
}

obligations contains {"type": "audit", "level": "full"} if input.agent.risk == "high"

obligations contains {"type": "notify", "who": owner} if {
	some label in input.resource.labels
	owner := data.owners[label]
}

reasons := [reason | some reason in deny]

decision := {
	"allow": allow,
	"reasons": reasons,
	"obligations": obligations,
	"agent": input.agent.id,
}
