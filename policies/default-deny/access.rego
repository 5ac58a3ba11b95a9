# Nothing but the program itself and what is named in its settings.
package chaperone.access

import data.chaperone.lib.base
import data.chaperone.lib.network
import data.chaperone.lib.paths

default decision := {
	"allow": false,
	"reason": "default_deny",
	"message": "Nothing in the profile allows this; `chaperone profile show` lists what can be set.",
}

decision := base.denial if base.denial

else := base.permit if base.permit

else := {"allow": true, "rules": ["write"]} if base.uses(data.settings.write)

else := {"allow": true, "rules": ["read"]} if {
	input.action == "read_file"
	paths.below_any(input.path, data.settings.read)
}

else := network.denial if network.denial

floor := object.union(base.floor, {
	"read": base.read_floor(array.concat(data.settings.read, data.settings.write)),
	"write": base.write_floor(data.settings.write),
})
