# Egress by name. A connection counts for the name under which the session resolved its address.
package chaperone.lib.network

allowed if {
	input.action == "resolve_name"
	host_allowed(input.destination.host)
}

allowed if {
	input.action == "connect"
	reaches(data.settings.hosts)
}

reaches(hosts) if {
	host_in(input.destination.host, hosts)
	input.destination.port in data.settings.ports
	not leads_inward
}

leads_inward if {
	inward(input.destination.ip)
	not is_private_name
}

# Whoever lists this very name says that it lies there.
is_private_name if input.destination.host in data.settings.private_names

host_allowed(host) if host_in(host, data.settings.hosts)

host_in(host, hosts) if {
	name := trim_suffix(lower(host), ".")
	some known in hosts
	matches(name, known)
}

matches(name, known) if name == known

# "*.example.org" is everything below example.org, not itself, and not notexample.org.
matches(name, known) if {
	startswith(known, "*.")
	endswith(name, trim_prefix(known, "*"))
}

# An outside name that leads to this machine, or to the service that hands cloud credentials to whoever asks.
inward(ip) if {
	some range in ["127.0.0.0/8", "0.0.0.0/8", "169.254.0.0/16", "::1/128", "::/128", "fe80::/10", "fd00:ec2::254/128"]
	net.cidr_contains(range, ip)
}

denial := {
	"allow": false,
	"reason": "destination",
	"message": "This destination is not one that the profile lists; --set hosts+=NAME adds one.",
	"rules": ["network"],
} if input.action in {"connect", "resolve_name"}
