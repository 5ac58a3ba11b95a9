package chaperone.lib.requests_test

import data.chaperone.lib.requests

settings := {
	"hosts": ["docs.example.com", "*.wiki.example"],
	"upload_hosts": ["files.example.com", "acme.s3.eu-west-1.amazonaws.com", "acct.blob.core.windows.net"],
	"trusted_hosts": ["model.example.com"],
	"private_names": [],
	"ports": [443],
	"upload_methods": ["POST", "PUT"],
	"never_upload": ["financial.card", "unread"],
	"residency": {"pii": ["eu", "aws:eu-*"]},
	"buckets": ["acme"],
	"upload_bytes_per_host": 1000,
}

asked(method, host, more) := {
	"action": "http_request",
	"destination": object.union(
		{"host": host, "ip": "192.0.2.1", "port": 443, "protocol": "https", "method": method, "bytes": 0, "bytes_before": 0},
		more,
	),
}

upload(more, classes) := object.union(
	asked("POST", "files.example.com", object.union({"bytes": 100}, more)),
	{"resource": {"classification": classes}},
)

decided(question) := answer if {
	answer := requests.decision with input as question with data.settings as settings
}

reason(question) := decided(question).reason

allowed(question) if decided(question).allow == true

test_names_and_connections_of_all_lists if {
	every host in ["docs.example.com", "a.wiki.example", "files.example.com", "model.example.com"] {
		requests.connects with input as {"action": "resolve_name", "destination": {"host": host}}
			with data.settings as settings
		requests.connects with input as {"action": "connect", "destination": {"host": host, "ip": "192.0.2.1", "port": 443}}
			with data.settings as settings
	}
}

test_no_other_names if {
	every host in ["evildocs.example.com", "docs.example.com.evil.test", "wiki.example", "xwiki.example", ""] {
		not requests.connects with input as {"action": "resolve_name", "destination": {"host": host}}
			with data.settings as settings
		reason(asked("GET", host, {})) == "destination"
	}
}

test_nothing_of_other_actions if {
	not requests.decision with input as {"action": "connect", "destination": {"host": "docs.example.com", "port": 443}}
		with data.settings as settings
}

test_hosts_are_listed_in_any_spelling if {
	host := "DOCS.example.com."
	requests.listed == array.concat(settings.hosts, array.concat(settings.upload_hosts, settings.trusted_hosts)) with data.settings as settings
	allowed(asked("GET", host, {}))
}

test_reading if {
	every method in ["GET", "HEAD", "OPTIONS"] {
		decided(asked(method, "docs.example.com", {})) == {"allow": true, "rules": ["read"], "obligations": []}
		allowed(asked(method, "files.example.com", {}))
	}
}

test_a_port_is_listed if reason(asked("GET", "docs.example.com", {"port": 8443})) == "destination"

test_no_way_inward if reason(asked("GET", "docs.example.com", {"ip": "169.254.169.254"})) == "destination"

test_inward_where_it_is_listed if {
	question := asked("GET", "docs.example.com", {"ip": "127.0.0.1"})
	reason(question) == "destination"
	private := object.union(settings, {"private_names": ["docs.example.com"]})
	answer := requests.decision with input as question with data.settings as private
	answer.allow
	wildcard := object.union(settings, {"private_names": ["*.example.com"]})
	other := requests.decision with input as question with data.settings as wildcard
	not other.allow
}

test_reading_hosts_are_not_written_to if {
	every method in ["POST", "PUT", "DELETE", "get", "BREW"] {
		reason(asked(method, "docs.example.com", {})) == "request.read_only"
	}
}

test_reading_brings_no_body if {
	reason(asked("GET", "docs.example.com", {"bytes": 1})) == "request.read_only"
	pieces := json.remove(asked("GET", "docs.example.com", {}), ["destination/bytes"])
	reason(pieces) == "request.read_only"
}

test_methods_of_uploads if {
	allowed(asked("PUT", "files.example.com", {}))
	reason(asked("DELETE", "files.example.com", {})) == "request.method"
}

test_trusted_hosts_get_everything if {
	question := object.union(asked("POST", "model.example.com", {"bytes": 1000000}), {"credential": {"provenance": "unknown"}})
	decided(question) == {"allow": true, "rules": ["trusted_hosts"]}
}

test_credentials if {
	known := object.union(asked("GET", "docs.example.com", {}), {"credential": {"provenance": "vault", "id": "a"}})
	allowed(known)
	reason(object.union(known, {"credential": {"provenance": "unknown"}})) == "credential.provenance"
}

test_streams if {
	reason(object.union(asked("GET", "files.example.com", {}), {"operation": "websocket"})) == "request.stream"
}

test_classes if {
	allowed(upload({}, []))
	allowed(upload({}, ["financial.cards", "unreadable", "pi"]))
	answer := decided(upload({}, ["financial.card", "unread.size"]))
	answer.reason == "upload.class"
	answer.rules == ["class:financial.card", "class:unread.size"]
	contains(answer.message, "financial.card, unread.size")
}

test_a_class_stands_for_all_below_it if {
	requests.covers("pii", "pii")
	requests.covers("pii", "pii.special.health")
	not requests.covers("pii", "piii")
	not requests.covers("pii.email", "pii")
}

test_nobody_looked if {
	question := asked("POST", "files.example.com", {"bytes": 5})
	reason(question) == "upload.unread"
	reason(object.union(question, {"resource": {"size": 5}})) == "upload.unread"
}

test_residency if {
	every region in ["eu", "aws:eu-west-1"] {
		allowed(upload({"region": region}, ["pii.email"]))
	}
	every region in ["us", "aws:us-east-1", "aws:eu", "euro", "EU", ""] {
		reason(upload({"region": region}, ["pii.email"])) == "upload.residency"
	}
	answer := decided(upload({}, ["pii.email", "pii"]))
	answer.rules == ["residency:pii", "residency:pii.email"]
	allowed(upload({}, ["source_code"]))
}

test_buckets if {
	host := "acme.s3.eu-west-1.amazonaws.com"
	allowed(object.union(asked("GET", host, {"bucket": "acme"}), {"operation": "s3:GetObject"}))
	reason(asked("GET", host, {"bucket": "acme2"})) == "storage.bucket"
	reason(object.union(asked("GET", host, {}), {"operation": "s3:ListBuckets"})) == "storage.bucket"
	reason(asked("POST", "acct.blob.core.windows.net", {})) == "storage.bucket"
}

test_size if {
	allowed(upload({"bytes": 600, "bytes_before": 400}, []))
	reason(upload({"bytes": 601, "bytes_before": 400}, [])) == "upload.size"
	reason(upload({"bytes": 1, "bytes_before": 5000}, [])) == "upload.size"
	allowed(asked("GET", "files.example.com", {"bytes_before": 5000}))
}

test_pieces_are_limited if {
	question := json.remove(upload({"bytes_before": 400}, []), ["destination/bytes"])
	decided(question).obligations == [{"kind": "limit", "max_bytes": 600}]
	reason(object.union(question, {"destination": {"bytes_before": 1000}})) == "upload.size"
}

test_first_seen if {
	first := decided(upload({"first_seen": true}, []))
	first.obligations == [{"kind": "notify", "message": "The agent reaches files.example.com for the first time in this session."}]
	decided(upload({"first_seen": false}, [])).obligations == []
}
