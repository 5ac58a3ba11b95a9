# Tests on paths. Paths reach a policy resolved and absolute: what is left to get wrong is the border of a name.
package chaperone.lib.paths

# The folder itself or anything below it: /home/u/Documents-evil is not below /home/u/Documents.
below(path, folder) if path == folder

below(path, folder) if startswith(path, concat("/", [folder, ""]))

below(path, "/") if startswith(path, "/")

below_any(path, folders) if {
	some folder in folders
	below(path, folder)
}

named(path, name) if endswith(path, concat("", ["/", name]))

changes := {"write_file", "create_file", "delete_file", "rename_file"}
