# The rule that enforcement points ask; what it decides by is policy.rego.
package chaperone.access

import rego.v1

default decision := {"allow": false, "reason": "default_deny"}

decision := {"allow": data.agent.authz.decision.allow, "reason": "agent"}
