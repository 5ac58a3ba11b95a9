# Copies and archives of a tree with every kind of entry.
mkdir -p t/a/b t/c && cd t && umask 022
printf 'hello\n' >a/f && printf 'data' >a/b/g && : >empty && printf '\377\n' >"$(printf 'name-\377')" && echo s >'with space' && echo n >"$(printf 'new\nline')"
ln -s a/f link && ln -s nowhere dangling && ln a/f hard && mkfifo pipe && chmod 4755 a/b/g && chmod 2775 c && chmod 600 empty && chmod 1777 a
find . -exec touch -h -d @1000000000 {} + && touch -d '2001-02-03 04:05:06.789' a/f && touch -h -d '2002-01-01' link && setfattr -n user.k -v v a/f 2>/dev/null
truncate -s 1M sparse && dd if=/dev/zero of=big bs=64k count=40 status=none && find . -newer a/f -exec touch -h -d @1000000001 {} + && cd ..
cp -a t t2 && diff -r --no-dereference t t2 2>&1 | sort; stat -c '%A %s %h %N %Y' t2/* t2/a/f | sort; stat -c %b t2/sparse | grep -qx 0 && echo sparse
tar --sort=name --numeric-owner -cf t.tar t && mkdir x && tar -xpf t.tar -C x && find x -printf '%P %M %s %l %y\n' | sort
tar --sort=name --mtime=@0 --owner=0 --group=0 -czf t.tgz t2/a && tar tzvf t.tgz | awk '{print $1, $6}'; gzip -kn9 t/big && gunzip -t t/big.gz && echo whole
mv t2 t3 && rm -rf t3 && ls -A; cp --reflink=auto -r t/a t4 && install -m 751 -D t/a/f d/e/f && stat -c %a d/e/f; cp t/a/f t/a/f 2>&1; mv t/a t/a/b 2>&1
rm -f t.tar t.tgz; find . -depth -name 'sparse' -delete; command -v rsync >/dev/null && rsync -a t/ r/ && diff -r --no-dereference t r; echo done
