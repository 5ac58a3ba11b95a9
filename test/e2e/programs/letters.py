# A robot over documents: reads them, has groff set them, writes an index.
import os, subprocess

home = os.path.expanduser("~/Documents")
out = f"{home}/Assistant"
index = []
for folder, folders, files in os.walk(f"{home}/Letters"):
    for name in sorted(files):
        with open(os.path.join(folder, name)) as file:
            text = file.read()
        source = f"{out}/{name}.man"
        with open(source, "w") as file:
            file.write(f".TH LETTER 7\n.PP\n{text}")
        for device in ("utf8", "ps"):
            with open(f"{out}/{name}.{device}", "wb") as target:
                subprocess.run(["groff", "-man", f"-T{device}", source], stdout=target, check=True)
        os.remove(source)
        index.append(f"{name} {len(text.split())}")
with open(f"{out}/.index", "w") as file:
    file.write("\n".join(index))
os.replace(f"{out}/.index", f"{out}/index")
print("\n".join(index))
