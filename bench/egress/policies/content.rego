# Requests are decided one by one, by what is in their bodies too.
package chaperone.access

default decision := {"allow": true}

decision := {"allow": false, "reason": "destination"} if {
	input.action == "connect"
	not known
}

decision := {"allow": false, "reason": "request"} if {
	input.action == "http_request"
	not open
}

decision := {"allow": false, "reason": "request"} if {
	input.action == "http_request"
	some class in input.resource.classification
	startswith(class, "financial.card")
}

open if {
	input.destination.method in {"GET", "POST"}
	startswith(input.destination.path, "/open/")
}

open if startswith(input.destination.path, "/bytes/")

open if input.destination.path == "/up"

known if input.destination.host == "bench.test"

known if {
	not input.destination.host
	input.destination.ip == "127.0.0.1"
}

floor := {"isolation": "namespace"}
