# Where connections may go; nothing is asked about what passes in them.
package chaperone.access

default decision := {"allow": true}

decision := {"allow": false, "reason": "destination"} if {
	input.action == "connect"
	not known
}

known if input.destination.host == "bench.test"

known if {
	not input.destination.host
	input.destination.ip == "127.0.0.1"
}

floor := {"isolation": "namespace"}
