# Code in one workspace: read, write, build, run and fetch, without a way to leave something behind that runs elsewhere.
package chaperone.access

import data.chaperone.lib.git
import data.chaperone.lib.network
import data.chaperone.lib.paths
import data.chaperone.lib.stores
import data.chaperone.lib.system

default decision := {
	"allow": false,
	"reason": "default_deny",
	"message": "Nothing in the profile allows this; `chaperone profile show` lists what can be set.",
}

decision := stores.denial if stores.denial

else := system.unresolved_denial if system.unresolved

else := {"allow": true, "rules": ["system"]} if system.readable

else := {"allow": true, "rules": ["system"]} if system.usable

else := git.denial if git.denial

else := git.argument_denial if git.argument_denial

else := later_denial if runs_later

else := {"allow": true, "rules": ["workspace"]} if uses(own)

else := {"allow": true, "rules": ["toolchains"]} if {
	input.action == "read_file"
	paths.below_any(input.path, readable)
}

else := {"allow": true, "rules": ["home"]} if {
	input.action == "read_file"
	input.path in home_files
}

else := {"allow": true, "rules": ["programs"]} if {
	input.action == "execute"
	paths.below_any(input.path, runnable)
}

else := {"allow": true, "rules": ["own_sockets"]} if {
	input.action == "ipc_connect"
	paths.below_any(input.path, own)
}

else := {"allow": true, "rules": ["network"]} if network.allowed

else := network.denial if network.denial

home := data.session.home

scratch := [data.session.tmp, "/var/tmp"]

own := [one |
	some list in [
		[data.session.workspace], scratch, data.session.git, data.settings.write, data.settings.state,
		data.settings.caches, data.settings.toolchain_caches,
	]
	some one in list
]

readable := [one |
	some list in [
		[
			"/etc", "/opt", "/var/lib/dpkg", "/var/lib/rpm", "/var/lib/apt", "/var/cache/apt", "/var/cache/man", "/var/lib/pacman",
			"/var/lib/alternatives", "/run/systemd",
		],
		data.settings.toolchains, data.settings.read, [data.session.program],
	]
	some one in list
]

runnable := [one |
	some list in [
		system.code, ["/opt", data.session.workspace, data.session.program], scratch,
		data.settings.toolchains, data.settings.caches, data.settings.write,
	]
	some one in list
]

# How a person likes their tools.
home_files := {concat("/", [home, name]) |
	some name in [
		".gitconfig", ".config/git/config", ".config/git/ignore", ".config/git/attributes", ".gitignore", ".gitignore_global",
		".gitattributes", ".editorconfig", ".profile", ".bash_profile", ".bash_login", ".bashrc", ".bash_aliases", ".zshrc",
		".zshenv", ".zprofile", ".inputrc", ".tool-versions", ".python-version", ".node-version", ".nvmrc", ".vimrc", ".nanorc",
		".config/pip/pip.conf", ".pip/pip.conf", ".config/uv/uv.toml", ".config/pypoetry/config.toml", ".pydistutils.cfg",
		".config/mise/config.toml", ".config/go/env", ".config/starship.toml", ".condarc", ".prettierrc", ".eslintrc", ".ripgreprc",
		".config/ripgrep/config", ".tmux.conf", ".wgetrc", ".curlrc", ".config/matplotlib/matplotlibrc", ".gradle/init.gradle",
	]
}

uses(folders) if {
	input.action == "read_file"
	paths.below_any(input.path, folders)
}

uses(folders) if {
	input.action in paths.changes
	paths.below_any(input.path, folders)
	not leaves(folders)
}

leaves(folders) if {
	input.action == "rename_file"
	not stays(folders)
}

stays(folders) if paths.below_any(input.target, folders)

# What an editor, a shell or an agent runs by itself the next time somebody opens this folder, outside of any session.
later_denial := {
	"allow": false,
	"reason": "runs_later",
	"message": "Something outside of the session would run what this says (editor_files opens it).",
	"rules": ["runs_later"],
}

runs_later if {
	input.action in paths.changes
	some path in git.ends
	starts_elsewhere(path)
}

starts_elsewhere(path) if {
	not data.settings.editor_files
	paths.below_any(path, editor_files)
}

starts_elsewhere(path) if {
	not data.settings.editor_files
	some folder in data.settings.state
	some name in ["settings.json", "settings.local.json", "hooks", "hooks.json", "config.toml", "commands", "agents", "plugins"]
	paths.below(path, concat("/", [folder, name]))
}

# A session in the home folder itself: what shells and desktops read at the next login.
starts_elsewhere(path) if {
	paths.below(home, data.session.workspace)
	startswith(path, concat("/", [home, "."]))
	not paths.below_any(path, kept)
}

kept := [one |
	some list in [data.settings.state, data.settings.caches, data.settings.toolchain_caches, data.settings.write, scratch]
	some one in list
]

editor_files := [concat("/", [data.session.workspace, name]) |
	some name in [
		".vscode", ".idea", ".fleet", ".zed", ".devcontainer", ".claude/settings.json", ".claude/settings.local.json", ".claude/hooks",
		".claude/commands", ".claude/agents", ".mcp.json", ".cursor/mcp.json", ".cursor/hooks.json", ".codex", ".gemini/settings.json",
		".vimrc", ".exrc", ".nvimrc", ".nvim.lua",
	]
]

floor := {
	"read": [one | some list in [system.code, system.settings, readable, own, home_files, ["/proc", "/sys", "/dev", "/run"]]; some one in list],
	"write": array.concat(own, ["/proc"]),
	"execute": runnable,
	"never": stores.never,
	"nesting": "none",
	"isolation": "process",
}
