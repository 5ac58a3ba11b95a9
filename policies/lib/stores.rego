# Where credentials lie on this machine (data.catalogue), denied in every profile. Reaching for one is recorded as such.
# No path may become a member of a set here: an answer for a whole folder could then not be remembered.
package chaperone.lib.stores

import data.chaperone.lib.paths
import data.chaperone.lib.system

denial := {
	"allow": false,
	"reason": "credential_store",
	"message": sprintf("Credentials are kept here (%s); agents have no business with them.", [concat(", ", sort(found))]),
	"rules": [sprintf("store:%s", [id]) | some id in sort(found)],
} if count(found) > 0

found contains id if some id in reached(input.path)

# A rename or a link has two ends. Asked for only there: an answer that looked at it is not remembered.
found contains id if {
	input.action == "rename_file"
	some id in reached(input.target)
}

reached(path) := {id |
	some id in union({at_home(path), on_machine(path), by_name(path)})
	closed(id)
}

closed(id) if not id in data.settings.allow_stores

home := concat("/", [data.session.home, ""])

hidden := [concat("", [home, "."]), concat("", [home, "snap/"])]

in_hidden(path) if {
	some start in hidden
	startswith(path, start)
}

# Every folder on the way is looked up, whatever the catalogue's length.
at_home(path) := {data.catalogue.home[place] |
	in_hidden(path)
	not system.is_code(path)
	parts := split(substring(path, count(home), -1), "/")
	some length in [1, 2, 3, 4, 5, 6, 7, 8]
	length <= count(parts)
	place := concat("/", array.slice(parts, 0, length))
} | {id |
	# An agent's own program: the same answer for the whole of its folder, where there is one.
	in_hidden(path)
	system.is_code(path)
	some place, id in data.catalogue.home
	paths.below(path, concat("", [home, place]))
}

on_machine(path) := {id |
	some root in ["/etc/", "/var/", "/run/"]
	startswith(path, root)
	some place, id in data.catalogue.system
	paths.below(path, place)
} | {id |
	some prefix, id in data.catalogue.prefixes
	startswith(path, prefix)
}

# By name, wherever they lie: copies, backups, other people's homes.
by_name(path) := {id |
	not system.is_code(path)
	not system.is_kernel(path)
	not is_own_profile(path)
	some id in named(split(path, "/"), path)
}

named(parts, path) := (({id |
	some part in parts
	id := data.catalogue.folders[part]
} | {id |
	id := data.catalogue.names[parts[count(parts) - 1]]
	not is_folder
}) | {id |
	some ending, id in data.catalogue.endings
	endswith(path, ending)
	not is_folder
}) | {"dotenv" |
	name := parts[count(parts) - 1]
	startswith(name, ".env.")
	not name in data.catalogue.templates
	not is_folder
}

# A browser that is automated keeps cookies of its own.
is_own_profile(path) if paths.below(path, data.settings.profile_folder)

# A virtual environment of Python may be called .env, too.
is_folder if input.resource.kind == "directory"

# For floors: what there is of it is absent or closed for the kernel as well.
never := array.concat(
	[concat("", [home, place]) |
		some place, id in data.catalogue.home
		closed(id)
	],
	[place |
		some place, id in data.catalogue.system
		closed(id)
	],
)
