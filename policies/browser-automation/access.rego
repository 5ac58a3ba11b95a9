# A browser on a profile of its own.
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

else := {"allow": true, "rules": ["profile"]} if base.uses(own)

else := {"allow": true, "rules": ["uploads"]} if {
	input.action == "read_file"
	paths.below_any(input.path, data.settings.uploads)
}

# The parts of a browser talk to each other through sockets in its own folders.
else := {"allow": true, "rules": ["own_sockets"]} if {
	input.action == "ipc_connect"
	paths.below_any(input.path, array.concat(own, base.scratch))
}

else := network.denial if network.denial

own := [data.settings.profile_folder, data.settings.downloads]

floor := object.union(base.floor, {
	"read": base.read_floor(array.concat(own, data.settings.uploads)),
	"write": base.write_floor(own),
	"nesting": "userns",
	"isolation": "namespace",
})
