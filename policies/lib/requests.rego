# What agents may send to whom. Of a request to a host that is not listed, or that is trusted, nothing is read but where it goes:
# only where a rule reads more is TLS opened.
package chaperone.lib.requests

import data.chaperone.lib.network

decision := answer if {
	input.action == "http_request"
	answer := judged
}

# Names and connections of all lists, not only those of `hosts`.
connects if {
	input.action == "resolve_name"
	network.host_in(input.destination.host, listed)
}

connects if {
	input.action == "connect"
	network.reaches(listed)
}

listed := [host |
	some list in [data.settings.hosts, data.settings.upload_hosts, data.settings.trusted_hosts]
	some host in list
]

judged := {
	"allow": false,
	"reason": "destination",
	"message": "This host is on no list of the profile; --set hosts+=NAME lets it be read, upload_hosts+=NAME written to.",
	"rules": ["network"],
} if {
	not reached
}

else := {"allow": true, "rules": ["trusted_hosts"]} if network.host_in(input.destination.host, data.settings.trusted_hosts)

else := denial if denial

else := {"allow": true, "rules": ["upload"], "obligations": obligations} if is_upload

else := {"allow": true, "rules": ["read"], "obligations": obligations}

reached if network.reaches(listed)

# What can be told from the head comes before what takes the body.
denial := {
	"allow": false,
	"reason": "credential.provenance",
	"message": "The request carries a credential of the organisation that was not given to this agent; use its placeholder.",
	"rules": ["credential.provenance"],
} if {
	input.credential.provenance == "unknown"
}

else := {
	"allow": false,
	"reason": "request.stream",
	"message": "What is sent over a WebSocket cannot be looked at; --set trusted_hosts+=NAME lets everything go to a host.",
	"rules": ["request.stream"],
} if {
	is_stream
}

else := {
	"allow": false,
	"reason": "request.read_only",
	"message": "This host is for reading: GET, HEAD or OPTIONS without a body; --set upload_hosts+=NAME lets it be written to.",
	"rules": ["request.read_only"],
} if {
	is_upload
	not is_upload_host
}

else := {
	"allow": false,
	"reason": "request.method",
	"message": "Requests of this method are not made; --set upload_methods+=METHOD adds one.",
	"rules": ["request.method"],
} if {
	is_upload
	not is_upload_method
}

else := {
	"allow": false,
	"reason": "storage.bucket",
	"message": "This bucket is not one that the profile lists; --set buckets+=NAME adds one.",
	"rules": ["storage.bucket"],
} if {
	is_storage
	not is_known_bucket
}

else := {
	"allow": false,
	"reason": "upload.size",
	"message": sprintf(
		"More than %d bytes would go to this host in one session; --set upload_bytes_per_host=BYTES changes that.",
		[data.settings.upload_bytes_per_host],
	),
	"rules": ["upload.size"],
} if {
	is_too_much
}

else := {
	"allow": false,
	"reason": "upload.unread",
	"message": "Nobody has looked at what would be sent, so it is not sent.",
	"rules": ["upload.unread"],
} if {
	has_body
	not is_looked_at
}

else := {
	"allow": false,
	"reason": "upload.class",
	"message": sprintf("It holds what does not leave (%s); send it without, or see never_upload.", [concat(", ", sort(kept))]),
	"rules": [sprintf("class:%s", [class]) | some class in sort(kept)],
} if {
	has_body
	count(kept) > 0
}

else := {
	"allow": false,
	"reason": "upload.residency",
	"message": sprintf(
		"It holds what stays in its region (%s), and this host lies in another or in none that is known; see residency and regions.",
		[concat(", ", sort(misplaced))],
	),
	"rules": [sprintf("residency:%s", [class]) | some class in sort(misplaced)],
} if {
	has_body
	count(misplaced) > 0
}

is_read if {
	input.destination.method in {"GET", "HEAD", "OPTIONS"}
	not has_body
}

# Whatever is not known to be reading: methods, and bodies of requests that should have none.
is_upload if not is_read

is_upload_host if network.host_in(input.destination.host, data.settings.upload_hosts)

is_upload_method if input.destination.method in data.settings.upload_methods

is_stream if input.operation == "websocket"

# Without a figure it is one that comes in pieces.
has_body if not has_none

has_none if input.destination.bytes == 0

is_storage if input.destination.bucket

is_storage if startswith(input.operation, "s3:")

# Where an account or a batch is named in place of a bucket.
is_storage if network.host_in(input.destination.host, storage_hosts)

storage_hosts := ["storage.googleapis.com", "storage.cloud.google.com", "*.storage.googleapis.com", "*.blob.core.windows.net"]

is_known_bucket if input.destination.bucket in data.settings.buckets

default sent_before := 0

sent_before := input.destination.bytes_before

left := max([0, data.settings.upload_bytes_per_host - sent_before])

is_too_much if {
	is_upload
	input.destination.bytes > left
}

is_too_much if {
	has_body
	left == 0
}

is_looked_at if is_array(input.resource.classification)

# A class stands for all below it: "pii" for "pii.email", not for "piii".
covers(name, class) if class == name

covers(name, class) if startswith(class, concat("", [name, "."]))

kept contains class if {
	some class in input.resource.classification
	some name in data.settings.never_upload
	covers(name, class)
}

misplaced contains class if {
	some class in input.resource.classification
	some name, regions in data.settings.residency
	covers(name, class)
	not lies_in(regions)
}

lies_in(regions) if {
	some known in regions
	region_matches(input.destination.region, known)
}

region_matches(region, known) if region == known

# "aws:eu-*" is every region whose name begins so.
region_matches(region, known) if {
	endswith(known, "*")
	startswith(region, trim_suffix(known, "*"))
}

obligations := array.concat(notice, bound)

notice := [{
	"kind": "notify",
	"message": sprintf("The agent reaches %s for the first time in this session.", [input.destination.host]),
} |
	input.destination.first_seen
]

# What comes in pieces is cut off where the figure would have been denied.
bound := [{"kind": "limit", "max_bytes": left} |
	has_body
	not is_measured
]

is_measured if is_number(input.destination.bytes)
