
# The Node that came with the package, else the one of the machine, whose age lib/start.js looks at.
for _chaperone_node in \
  "$_chaperone_root/node/bin/node" \
  "$_chaperone_root"/node_modules/node-linux-*/bin/node \
  "$_chaperone_root"/../node-linux-*/bin/node; do
  [ ! -x "$_chaperone_node" ] || exec "$_chaperone_node" "$_chaperone_root/lib/start.js" "$@"
done
if ! _chaperone_node=$(command -v node); then
  echo "chaperone: Node 24 or newer is needed, and there is none; install it, or install this package with its optional dependencies" >&2
  exit 125
fi
exec "$_chaperone_node" "$_chaperone_root/lib/start.js" "$@"
