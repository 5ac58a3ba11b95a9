/** Policies that look at what is in files. */

/** Rules of package chaperone.access: what lies under a folder may be read when it holds nothing personal. */
export function content({
  under,
  sensitive,
}: {
  readonly under: string;
  /** What becomes of a file that does. */
  readonly sensitive: 'deny' | 'redact';
}): string {
  const answer =
    sensitive === 'deny'
      ? '{"allow": false, "reason": "personal", "message": "There is something personal in it."}'
      : '{"allow": true, "obligations": [{"kind": "redact"}]}';
  return `import rego.v1

default decision := {"allow": false, "reason": "default_deny"}

governed if startswith(input.path, ${JSON.stringify(`${under}/`)})

governed if startswith(input.target, ${JSON.stringify(`${under}/`)})

decision := {"allow": true} if not governed

decision := {"allow": true} if {
	governed
	not looked_into
}

looked_into if {
	input.action in {"read_file", "rename_file", "execute"}
	input.resource.kind == "file"
}

personal if {
	some class in input.resource.classification
	startswith(class, "pii.")
}

unread if {
	some class in input.resource.classification
	startswith(class, "unread.")
}

decision := {"allow": true} if {
	governed
	looked_into
	is_array(input.resource.classification)
	not personal
	not unread
	not confidential
}

decision := ${answer} if {
	governed
	looked_into
	personal
}

decision := {"allow": false, "reason": "unread"} if {
	governed
	looked_into
	unread
	not personal
}

confidential if "confidential" in input.resource.labels

decision := {"allow": true, "obligations": [{"kind": "justify", "message": "Why do you need it?"}]} if {
	governed
	looked_into
	confidential
	not personal
}`;
}
