# The same, and the size of each file decides too: an answer holds for one act, so the policy is asked for each.
package chaperone.access

default decision := {"allow": true, "rules": ["bench"]}

decision := {"allow": false, "reason": "closed", "message": "closed"} if startswith(input.path, data.bench.closed)

decision := {"allow": false, "reason": "large", "message": "larger than a terabyte"} if input.resource.size > 1000000000000
