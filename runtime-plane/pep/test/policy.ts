/** A policy with one rule for each kind of answer. */
export const policy = `package chaperone.access

decision := {"allow": true, "rules": ["public"]} if startswith(input.path, "/public/")

decision := {"allow": false, "reason": "financials", "message": "Not these."} if startswith(input.path, "/financials/")

decision := {"allow": true, "obligations": [{"kind": "notify", "message": "Seen."}]} if startswith(input.path, "/told/")

decision := {"allow": true, "obligations": [{"kind": "redact"}]} if startswith(input.path, "/redacted/")

decision := {"allow": true, "obligation": []} if startswith(input.path, "/typo/")
`;

/** The entry point that answers true or false. */
export const plainPolicy = `package endpoint.access

default allow := false

allow if startswith(input.path, "/public/")
`;
