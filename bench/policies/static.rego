# The same decision as cached.rego; the kernel itself opens for reading what the floor grants.
package chaperone.access

default decision := {"allow": true, "rules": ["bench"]}

decision := {"allow": false, "reason": "closed", "message": "closed"} if startswith(input.path, data.bench.closed)

floor := {
	"execute": array.concat(["/usr", "/lib", "/lib64"], data.bench.programs),
	"static_read": array.concat(["/usr", "/lib", "/lib64", "/etc"], array.concat(data.bench.programs, data.bench.readable)),
}
