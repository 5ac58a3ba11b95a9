# Whatever happens is allowed and recorded; only reaching for credentials would be denied, and even that happens in audit mode.
package chaperone.access

import data.chaperone.lib.stores

decision := stores.denial if stores.denial

else := {"allow": true, "rules": ["observe"]}

floor := {
	"nesting": "userns",
	"desktop": {
		"session_bus": "whole",
		"system_bus": "whole",
		"x11": "trusted",
		"wayland": "connect",
		"clipboard": "both",
		"accessibility": true,
	},
}
