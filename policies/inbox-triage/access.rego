# Reads and sorts mail; deletes nothing, sends nothing.
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

else := {"allow": true, "rules": ["drafts"]} if base.uses(data.settings.drafts)

else := {"allow": true, "rules": ["mail"]} if {
	input.action == "read_file"
	paths.below_any(input.path, data.settings.mail)
}

# A message moves between folders, or its flags change with its name.
else := {"allow": true, "rules": ["sort"]} if {
	input.action == "rename_file"
	base.within(data.settings.mail)
}

else := {"allow": true, "rules": ["sort"]} if {
	input.action == "create_file"
	input.operation == "rename"
	base.within(data.settings.mail)
}

else := {"allow": true, "rules": ["folder"]} if {
	input.action == "create_file"
	input.resource.kind == "directory"
	base.within(data.settings.mail)
}

else := {
	"allow": false,
	"reason": "mail_kept",
	"message": "Mail is read and moved, never changed or deleted; drafts go into the folders of the setting drafts.",
	"rules": ["mail_kept"],
} if {
	input.action in paths.changes
	paths.below_any(input.path, data.settings.mail)
}

else := network.denial if network.denial

floor := object.union(base.floor, {
	"read": base.read_floor(array.concat(data.settings.mail, data.settings.drafts)),
	"write": base.write_floor(array.concat(data.settings.mail, data.settings.drafts)),
})
