# An assistant that reads documents, never the books, starts no shell and talks to nobody.
package chaperone.access

default decision := {"allow": false, "reason": "default_deny", "message": "nothing allows this"}

floor := {"execute": code, "static_read": code}

code := array.concat(["/usr", "/lib", "/lib64", "/etc/ld.so.cache"], data.demo.runtimes)

decision := {"allow": true, "rules": ["assistant"]} if count(reasons) == 0

decision := {"allow": false, "reason": "demo", "message": concat("; ", reasons), "rules": ["assistant"]} if count(reasons) > 0

reasons contains "the books are not for agents" if startswith(input.path, data.demo.books)

reasons contains "an assistant starts no shell" if {
	input.action == "execute"
	some shell in ["sh", "bash", "dash", "zsh"]
	endswith(input.path, concat("/", ["", shell]))
}

reasons contains "an assistant talks to nobody" if input.action in {"connect", "resolve_name"}
