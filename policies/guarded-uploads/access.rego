# Reads the web that it is given; uploads go to listed hosts, and only what may go there.
package chaperone.access

import data.chaperone.lib.base
import data.chaperone.lib.network
import data.chaperone.lib.paths
import data.chaperone.lib.requests

default decision := {
	"allow": false,
	"reason": "default_deny",
	"message": "Nothing in the profile allows this; `chaperone profile show` lists what can be set.",
}

decision := base.denial if base.denial

else := requests.decision if requests.decision

else := base.permit if base.permit

else := {"allow": true, "rules": ["network"]} if requests.connects

else := {"allow": true, "rules": ["output"]} if base.uses([data.settings.output])

else := base.closed_denial if {
	is_source
	base.is_closed(input.path)
}

else := base.mount_denial if {
	is_source
	base.on_other_mount
}

else := base.link_denial if {
	is_source
	base.is_linked
}

else := {"allow": true, "rules": ["sources"]} if is_source

else := network.denial if network.denial

is_source if {
	input.action == "read_file"
	paths.below_any(input.path, data.settings.sources)
}

floor := object.union(base.floor, {
	"read": base.read_floor(array.concat(data.settings.sources, [data.settings.output])),
	"write": base.write_floor([data.settings.output]),
})
