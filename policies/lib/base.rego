# What the profiles for assistants have in common: an own program, a scratch place, named hosts, and no shell.
package chaperone.lib.base

import data.chaperone.lib.network
import data.chaperone.lib.paths
import data.chaperone.lib.stores
import data.chaperone.lib.system

scratch := [data.session.tmp]

# The agent's own program and what it is made of.
programs := array.concat(data.settings.programs, [data.session.program])

code := array.concat(system.code, programs)

denial := stores.denial if stores.denial

else := system.unresolved_denial if system.unresolved

else := shell_denial if shell_denial

shell_denial := {
	"allow": false,
	"reason": "shell",
	"message": "This agent works on files; it starts no shell.",
	"rules": ["shell"],
} if {
	input.action == "execute"
	system.is_shell(input.path)
	not starts_installed_script
}

# A program that is installed as a script is started as a program.
starts_installed_script if system.is_code(input.command.script)

permit := {"allow": true, "rules": ["system"]} if system.readable

else := {"allow": true, "rules": ["program"]} if {
	input.action in {"read_file", "execute"}
	system.is_code(input.path)
}

else := {"allow": true, "rules": ["system"]} if system.usable

else := {"allow": true, "rules": ["scratch"]} if uses(scratch)

else := {"allow": true, "rules": ["state"]} if uses(data.settings.state)

else := {"allow": true, "rules": ["network"]} if network.allowed

# Everything that an act names lies in these folders.
within(folders) if {
	paths.below_any(input.path, folders)
	not leaves(folders)
}

leaves(folders) if {
	input.action == "rename_file"
	not stays(folders)
}

stays(folders) if paths.below_any(input.target, folders)

uses(folders) if {
	input.action == "read_file"
	paths.below_any(input.path, folders)
}

uses(folders) if {
	input.action in paths.changes
	within(folders)
}

# Folders whose name says that agents have no business there, in any case, also with something after it: "HR-2026".
is_closed(path) if {
	some part in split(lower(path), "/")
	some name in data.settings.closed_names
	begins(part, lower(name))
}

is_closed(path) if paths.below_any(path, data.settings.closed_folders)

begins(part, name) if part == name

begins(part, name) if {
	some mark in [" ", "-", "_", "."]
	startswith(part, concat("", [name, mark]))
}

closed_denial := {
	"allow": false,
	"reason": "closed_folder",
	"message": "Folders of this name are not for agents (closed_names, closed_folders).",
	"rules": ["closed_folder"],
}

mount_denial := {
	"allow": false,
	"reason": "mount",
	"message": "This lies on another machine or on something that can be pulled out, or that cannot be told (mounts).",
	"rules": ["mount"],
}

on_other_mount if not on_known_mount

on_known_mount if input.resource.mount in data.settings.mounts

link_denial := {
	"allow": false,
	"reason": "hard_link",
	"message": "This file has another name elsewhere, so it cannot be judged by this one.",
	"rules": ["hard_link"],
}

is_linked if {
	input.resource.kind == "file"
	input.resource.links > 1
}

default_denial := {
	"allow": false,
	"reason": "default_deny",
	"message": "Nothing in the profile allows this; `chaperone profile show` lists what can be set.",
}

# Software is granted to the kernel itself: opening it costs no question. Nothing that a person may revoke is.
floor := {
	"execute": code,
	"static_read": code,
	"never": stores.never,
	"nesting": "none",
	"isolation": "process",
}

read_floor(folders) := [one |
	some list in [code, system.settings, ["/etc", "/proc", "/sys", "/dev", "/run"], scratch, data.settings.state, folders]
	some one in list
]

write_floor(folders) := [one | some list in [["/proc"], scratch, data.settings.state, folders]; some one in list]
