# A repository through its life.
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@example.org
export GIT_AUTHOR_DATE=2025-01-01T00:00:00Z GIT_COMMITTER_DATE=2025-01-01T00:00:00Z GIT_CONFIG_NOSYSTEM=1
git init -q -b main repo && cd repo && git config pack.threads 1 && git config gc.auto 0
for i in $(seq 60); do echo "line $i" >"f$i"; done
mkdir -p deep/er && ln -s ../f1 deep/link && chmod +x f2 && printf 'a\0b' >binary
git add . && git commit -qm one && git status --short --branch
git mv f5 deep/er/f5 && echo more >>f6 && rm f7 && git status --short && git commit -qam two
git checkout -qb side HEAD~1 && echo side >s && git add s && git commit -qm side && git checkout -q main && git merge -q side -m merge
echo dirty >>f8 && git stash -q && git stash pop -q && git diff | cat && git checkout -q f8
printf '#!/bin/sh\necho hook ran\n' >.git/hooks/pre-commit && chmod +x .git/hooks/pre-commit && echo x >x && git add x && git commit -qm hooked
git tag -a v1 -m v1 && git gc -q && git fsck && git log --format='%H %s' && git reset -q --hard HEAD~1
cd .. && git clone -q repo copy && git clone -q --no-hardlinks "file://$PWD/repo" copy2 && git -C repo worktree add -q ../tree side
git -C copy log --format='%H %s' && git -C tree status --short --branch && git -C copy2 grep -c line | sort | head -5
cd copy && echo y >y && git add y && git commit -qm y && git push -q origin HEAD:pushed && git -C ../repo log --format=%s pushed | head -1
cd .. && git archive --remote=repo HEAD 2>/dev/null | tar t | sort | head -3
git -C repo bisect start -q HEAD HEAD~2 | head -1; rm -rf repo/.git/logs copy/.git/logs copy2/.git/logs tree/.git
find . -name index -path '*.git*' -delete; find . -path '*.git*' \( -name 'FETCH_HEAD' -o -name 'ORIG_HEAD' -o -name 'BISECT*' \) -delete; rm -rf repo/.git/worktrees
