# Files through which a repository starts programs for whoever uses it next, outside of any session.
package chaperone.lib.git

import data.chaperone.lib.paths
import data.chaperone.lib.system

# Installed by the administrator; a copy that the session made is any other program.
is_git if {
	paths.named(input.process.exe, "git")
	paths.below_any(input.process.exe, system.code)
}

ends contains input.path

ends contains input.target if input.action == "rename_file"

# Nobody works in the caches of package managers, and some of those bring a git of their own.
guarded contains path if {
	some path in ends
	not paths.below_any(path, data.settings.caches)
	not paths.below_any(path, data.settings.toolchain_caches)
}

# Hooks: only the samples that `git init` lays down, which git does not run, and the folder itself.
escape contains "git_hooks" if {
	input.action in paths.changes
	some path in guarded
	regex.match(`/\.git/(modules/.+/|worktrees/[^/]+/)?hooks(/|$)`, path)
	not harmless_hook
}

harmless_hook if {
	input.action in {"create_file", "write_file"}
	regex.match(`/hooks/[a-z-]+\.sample$`, input.path)
	is_plain
}

harmless_hook if {
	input.action == "create_file"
	endswith(input.path, "/hooks")
	input.resource.kind == "directory"
	not input.operation
}

harmless_hook if input.action == "delete_file"

is_plain if input.resource.kind == "file"

is_plain if not input.resource.kind

# Configuration names programs (core.fsmonitor, core.sshCommand, filters, aliases …). Of a repository that was there before
# the session it stays as it is; in one that the session makes, git itself may write it, as a lock file put in place.
escape contains "git_config" if {
	input.action in paths.changes
	some path in guarded
	is_config(path)
	not config_by_git
}

is_config(path) if regex.match(`/\.git/(modules/.+/|worktrees/[^/]+/)?(config|config\.worktree|commondir|gitdir)(\.lock)?$`, path)

config_by_git if {
	is_git
	not in_kept_repository
	own_way
}

config_by_git if {
	is_git
	input.action in {"create_file", "write_file", "delete_file"}
	regex.match(`/\.git/(modules/.+/|worktrees/[^/]+/)(commondir|gitdir)$`, input.path)
}

# Without its settings a repository runs nothing.
config_by_git if {
	input.action == "delete_file"
	not in_kept_repository
}

in_kept_repository if {
	not data.settings.git_config
	some path in guarded
	paths.below_any(path, data.session.git)
}

own_way if {
	endswith(input.path, ".lock")
	not input.operation
}

own_way if {
	input.action == "create_file"
	input.operation == "rename"
}

own_way if {
	input.action == "rename_file"
	input.path == concat("", [input.target, ".lock"])
}

own_way if {
	input.action == "write_file"
	input.operation == "metadata"
}

# `.git` itself: another folder in its place, or a file or link that points to one, would bring its hooks along.
escape contains "git_folder" if {
	input.action in {"delete_file", "rename_file", "create_file"}
	some path in guarded
	path in data.session.git
	not is_tidied
}

# Git tries to remove the folders that it may have emptied. One that still has its configuration, which stays, is not empty.
is_tidied if {
	input.action == "delete_file"
	input.resource.kind == "directory"
}

escape contains "git_folder" if {
	input.action in {"create_file", "write_file", "rename_file"}
	some path in guarded
	paths.named(path, ".git")
	input.resource.kind != "directory"
	not is_git
}

denial := {
	"allow": false,
	"reason": "git_escape",
	"message": "Git would run what this names, outside of the session; do it yourself, or see git_config in `chaperone profile show`.",
	"rules": sort(escape),
} if count(escape) > 0

# Settings on a command line stay in the session, except where they are written into a new repository.
argument_denial := {
	"allow": false,
	"reason": "git_escape",
	"message": "This would write settings into a repository that make git run programs; set user, remote and branch settings only.",
	"rules": ["git_arguments"],
} if {
	input.action == "execute"
	regex.match(`/git$`, input.path)
	bad_arguments(input.command.argv)
}

asks(argv) if {
	some arg in argv
	regex.match(`^(--get.*|--list|-l|list|get|--unset.*|unset)$`, arg)
}

bad_arguments(argv) if {
	not asks(argv)
	some i, "config" in argv
	i > 0
	some j, key in argv
	j > i
	regex.match(`(?i)^(core\.(fsmonitor|hookspath|editor|pager|sshcommand|gitproxy|askpass|worktree)|alias\.|filter\.|diff\..*(command|textconv)|diff\.external|merge\..*\.driver|credential\.|gpg\.|include(if)?\.|pager\.|sequence\.|init\.templatedir|uploadpack\.packobjectshook|(difftool|mergetool|browser|man)\..*\.(cmd|path)|interactive\.difffilter|submodule\..*\.update|remote\..*\.(uploadpack|receivepack|vcs|proxy)|protocol\.|ssh\.variant|sendemail\.|trailer\.|receive\.|web\.|help\.browser|instaweb\.|gui)`, key)
}

bad_arguments(argv) if {
	some arg in argv
	regex.match(`^--(template|upload-pack|receive-pack)(=|$)`, arg)
}

bad_arguments(argv) if {
	some i, "clone" in argv
	some j, arg in argv
	j > i
	regex.match(`^(-c|--config(=.*)?|-c.+)$`, arg)
}
