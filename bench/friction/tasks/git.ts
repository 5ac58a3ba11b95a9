/** Work with repositories: new ones, and the one around the workspace. */
import type { Task } from '../task.ts';

const git = { area: 'git', profile: 'developer-agent', needs: ['git'] } as const;
/** Refreshed stat data of files: never twice the same. */
const varies = ['work/**/index', 'work/**/ORIG_HEAD', 'work/**/FETCH_HEAD'];

/** A repository with some history, made before the agent starts. */
const project = String.raw`
git init -q .
mkdir src
for i in 1 2 3 4 5 6; do printf 'line %s\n' $i >>src/text; printf 'file %s\n' $i >src/f$i; git add .; git commit -q -m "step $i"; done
git branch old HEAD~3
`;

export const repositories: readonly Task[] = [
  {
    ...git,
    name: 'git-new',
    title: 'init, add, commit, amend, log, tag',
    run: {
      sh: 'git init -q . && echo a >a && git add a && git commit -q -m one && echo b >b && git add -A && git commit -q -m two && echo c >>b && git commit -q -a --amend -m three && git tag v1 && git tag -a -m text v2 && git log --oneline --decorate',
    },
    leaves: ['work/.git/refs/tags/v2'],
    varies,
  },
  {
    ...git,
    name: 'git-existing',
    title: 'status, diff, blame, grep, commit in a repository that was there',
    setUp: project,
    run: {
      sh: 'echo more >>src/text && git status -s && git diff --stat && git blame src/text | cut -c1-8 | sort -u && git grep -n "line 3" && git commit -q -am more && git show --stat HEAD && git shortlog -sn HEAD && git log -p --follow src/f1 | wc -l',
    },
    leaves: ['work/.git/logs/HEAD'],
    varies,
  },
  {
    ...git,
    name: 'git-merge',
    title: 'branches, a conflict that is resolved, revert, cherry-pick',
    setUp: project,
    run: {
      sh: 'git switch -q -c side old && echo side >>src/text && git commit -q -am side && git switch -q main && ! git merge -q side >/dev/null 2>&1 && git status --porcelain && git checkout -q --theirs src/text && git add src/text && git commit -q -m merged && git revert -m 1 --no-edit HEAD >/dev/null && git switch -q -c other HEAD~1 && echo o >o && git add o && git commit -q -m o && git switch -q main && git cherry-pick -x other >/dev/null && git merge -q --no-ff -m all other && git branch -d other && git log --oneline --graph',
    },
    leaves: ['work/.git/HEAD'],
    closed: [
      {
        rule: 'git_config',
        why: 'deleting a branch rewrites the settings of the repository, which name programs; git_config=true opens them',
      },
    ],
    varies,
  },
  {
    ...git,
    name: 'git-rebase',
    title: 'an interactive rebase whose editor is sed, and stash',
    setUp: project,
    run: {
      sh: 'echo w >>src/f1 && git stash -q && GIT_SEQUENCE_EDITOR="sed -i 2s/pick/squash/" GIT_EDITOR=true git rebase -q -i HEAD~3 && git stash pop -q && git diff --stat && git commit -q -am "after" && git reflog | wc -l && git rebase -q --onto main~1 main~2 main && git log --oneline | cat',
    },
    leaves: ['work/.git/logs/HEAD'],
    varies,
  },
  {
    ...git,
    name: 'git-remotes',
    title: 'a bare repository, clone, push with upstream, fetch, pull in new clones',
    run: {
      sh: 'git init -q --bare hub.git && git clone -q hub.git one 2>/dev/null && cd one && echo a >a && git add a && git commit -q -m a && git push -q -u origin main && cd .. && git clone -q hub.git two && cd two && echo b >b && git add b && git commit -q -m b && git push -q && cd ../one && git pull -q && git remote -v | wc -l && git branch -vv | cut -c1-8 && ls',
    },
    leaves: ['work/one/b', 'work/two/a'],
    varies,
  },
  {
    ...git,
    name: 'git-upstream',
    title: 'a branch that tracks another, in the repository that was there (git_config=true)',
    settings: ['git_config=true'],
    setUp: `git init -q --bare ~/hub.git; ${project} git remote add origin ~/hub.git; git push -q -u origin main`,
    run: {
      sh: 'git switch -q -c topic && echo t >t && git add t && git commit -q -m t && git branch --set-upstream-to=main && git config branch.topic.description text && git status -sb | head -1',
    },
    leaves: ['work/t'],
    varies,
  },
  {
    ...git,
    name: 'git-worktree',
    title: 'worktrees are added, used and removed',
    setUp: project,
    run: {
      sh: 'git worktree add -q ../work/tree -b topic 2>/dev/null && cd tree && echo x >x && git add x && git commit -q -m x && cd .. && git worktree list | wc -l && git worktree remove tree && git branch --list && git worktree prune',
    },
    leaves: ['work/src'],
    varies,
  },
  {
    ...git,
    name: 'git-patches',
    title: 'format-patch, am, apply, bundle, archive',
    setUp: project,
    run: {
      sh: 'git format-patch -q -2 -o patches && git switch -q -c again HEAD~2 && git am -q patches/*.patch && git diff main --stat && git bundle create -q all.bundle --all && git bundle verify -q all.bundle && git archive --format=tar HEAD src | tar -tf - | wc -l && git diff HEAD~1 >d.patch && git apply -R d.patch && git status -s && git apply d.patch',
    },
    leaves: ['work/patches', 'work/all.bundle', 'work/d.patch'],
    varies: [...varies, 'work/all.bundle'],
  },
  {
    ...git,
    name: 'git-bisect',
    title: 'bisect run finds the commit, then gc, fsck and repack',
    setUp: project,
    run: {
      sh: 'git bisect start HEAD HEAD~5 >/dev/null && git bisect run sh -c "! grep -q \'line 4\' src/text" | grep -c "first bad" && git bisect reset 2>/dev/null && git gc -q && git fsck --no-progress && git repack -q -a -d && git count-objects',
    },
    leaves: ['work/.git/objects/pack'],
    varies: [...varies, 'work/.git/BISECT_*'],
    ignores: ['work/.git/objects/pack/*'],
  },
  {
    ...git,
    name: 'git-hook',
    title: "a person's own pre-commit hook runs and refuses, then lets pass",
    setUp: `${project} printf '#!/bin/sh\\n! git diff --cached | grep -q "^+.*TODO"\\n' >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit`,
    run: {
      sh: 'echo "TODO x" >n && git add n && ! git commit -q -m no && echo "done x" >n && git add n && git commit -q -m yes && git log -1 --format=%s',
    },
    leaves: ['work/n'],
    varies,
  },
  {
    ...git,
    name: 'git-submodule',
    title: 'a repository as a submodule of a new one',
    setUp: 'git init -q lib && cd lib && echo l >l && git add l && git commit -q -m l',
    run: {
      sh: 'git init -q app && cd app && git -c protocol.file.allow=always submodule --quiet add ../lib lib && git commit -q -m lib && git submodule status | cut -c1-41 | wc -w && git -C lib log --oneline | wc -l && cd .. && git -c protocol.file.allow=always clone -q --recurse-submodules app copy && ls copy/lib',
    },
    leaves: ['work/app/.gitmodules', 'work/copy/lib/l'],
    varies,
  },
];
