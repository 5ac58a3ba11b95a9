# What any program needs of the machine before it does anything of its own.
package chaperone.lib.system

import data.chaperone.lib.paths

# Installed software: the same for everybody, changed by nobody but the administrator.
code := ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store", "/etc/ld.so.cache"]

is_code(path) if paths.below_any(path, ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"])

is_code("/etc/ld.so.cache")

# The agent's own program counts as installed, where a profile knows such a thing.
is_code(path) if paths.below_any(path, data.settings.programs)

is_code(path) if path == data.session.program

is_kernel(path) if paths.below_any(path, ["/proc", "/sys"])

# Enforcement points resolve paths first. One that did not must not pass for what its beginning says.
unresolved if is_unresolved(input.path)

unresolved if {
	input.action == "rename_file"
	is_unresolved(input.target)
}

is_unresolved(path) if {
	not is_code(path)
	not is_kernel(path)
	some part in split(path, "/")
	part in {".", ".."}
}

unresolved_denial := {
	"allow": false,
	"reason": "unresolved_path",
	"message": "The path is not resolved, so it may name anything.",
	"rules": ["unresolved_path"],
}

# Settings of the machine that say nothing about its people.
settings := [
	"/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf",
	"/etc/hosts", "/etc/host.conf", "/etc/hostname", "/etc/resolv.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols",
	"/etc/localtime", "/etc/timezone", "/etc/locale.alias", "/etc/locale.conf", "/etc/default/locale", "/etc/ssl/certs",
	"/etc/ssl/openssl.cnf", "/etc/ca-certificates", "/etc/ca-certificates.conf", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted",
	"/etc/crypto-policies", "/etc/os-release", "/etc/lsb-release", "/etc/debian_version", "/etc/mime.types", "/etc/magic",
	"/etc/fonts", "/etc/alternatives", "/etc/terminfo", "/etc/inputrc", "/etc/bash.bashrc", "/etc/profile", "/etc/profile.d",
	"/etc/environment", "/etc/login.defs", "/etc/xdg", "/etc/gtk-3.0", "/etc/gtk-4.0", "/etc/vulkan", "/etc/OpenCL", "/etc/java",
	"/etc/perl", "/etc/groff", "/etc/libreoffice", "/etc/chromium", "/etc/chromium.d", "/etc/opt/chrome", "/etc/opt/edge",
	"/etc/firefox", "/etc/firefox-esr", "/etc/papersize", "/run/systemd/resolve/resolv.conf", "/run/systemd/resolve/stub-resolv.conf",
	"/run/resolvconf/resolv.conf", "/run/NetworkManager/resolv.conf", "/mnt/wsl/resolv.conf", "/var/cache/fontconfig",
	"/usr/share", "/var/lib/ca-certificates",
]

versioned := ["/etc/python3", "/etc/java-", "/etc/ImageMagick-", "/etc/node"]

devices := ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts", "/dev/shm"]

readable if {
	input.action == "read_file"
	is_code(input.path)
}

readable if {
	input.action == "read_file"
	is_kernel(input.path)
}

readable if {
	input.action == "read_file"
	paths.below_any(input.path, settings)
}

readable if {
	input.action == "read_file"
	some prefix in versioned
	startswith(input.path, prefix)
}

# Names of folders on the way; what lies in them is decided file by file.
readable if {
	input.action == "read_file"
	input.path in {"/", "/etc", "/dev", "/home", "/opt", "/run", "/var", "/var/lib", "/var/cache", "/tmp"}
	input.resource.kind == "directory"
}

usable if {
	input.action in {"read_file", "write_file", "create_file", "delete_file"}
	paths.below_any(input.path, devices)
}

# A named semaphore is put in place under its name when it is ready.
usable if {
	input.action == "rename_file"
	paths.below(input.path, "/dev/shm")
	paths.below(input.target, "/dev/shm")
}

# A process's own settings in /proc (name, score, mappings of user ids); the gate keeps others' and the kernel's closed.
usable if {
	input.action == "write_file"
	startswith(input.path, "/proc/")
	not startswith(input.path, "/proc/sys") # chaperone-lint ignore=path-prefix (sysrq-trigger, too)
}

# Names of users and hosts, from the caches of the C library.
usable if {
	input.action == "ipc_connect"
	input.path in {"/run/nscd/socket", "/var/run/nscd/socket", "/run/systemd/userdb/io.systemd.DynamicUser", "/run/systemd/userdb/io.systemd.Multiplexer"}
}

shells := {"sh", "bash", "dash", "zsh", "fish", "ksh", "ksh93", "mksh", "csh", "tcsh", "ash", "busybox", "pwsh", "rbash", "nu", "elvish", "xonsh"}

is_shell(path) if {
	some shell in shells
	paths.named(path, shell)
}
