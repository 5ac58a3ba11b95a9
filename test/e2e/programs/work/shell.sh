# What a busy shell script does.
cat <(echo one) <(echo two); diff <(seq 3) <(seq 4); echo into >(cat >through) ; sleep 0.2; cat through
cat <<END
here $((1 + 2)) $(echo document)
END
read -r a b <<<'from string'; echo "$b $a"; exec 5>log; echo five >&5; exec 5>&-; cat log; set -o noclobber; (echo x >log) 2>&1 | sed 's/^.*: log/log/'; set +o noclobber
for i in $(seq 30); do (echo "$i" >"n$i") & done; wait; cat n? n?? | sort -n | paste -sd+ | bc 2>/dev/null || cat n* | wc -l
mkdir -p many && (cd many && seq 400 | xargs -P4 -n10 touch) && find many -type f | wc -l && find many -name '1*' -print0 | xargs -0 rm && ls many | wc -l && grep -rl 5 n? | sort
trap 'echo trapped' USR1; kill -USR1 $$; (exit 3); echo $?; false | true; echo "${PIPESTATUS[*]}"; coproc cat; echo co >&"${COPROC[1]}"; read -r line <&"${COPROC[0]}"; echo "$line"; kill "$COPROC_PID"
mkfifo p; (echo through fifo >p) & cat p; wait; [ -t 0 ] || echo no terminal; [ -r /dev/stdin ] && cat /dev/stdin | wc -c; echo err >/dev/stderr; ulimit -n >/dev/null; umask 027; touch masked; stat -c %a masked; type -t cd; printf '%s\n' "${BASH##*/}"
bash -c '(sh -c "kill -9 \$\$"); echo "killed $?"' 2>/dev/null; timeout 0.2 sleep 5; echo "timeout $?"; nohup sh -c 'echo nohup' 2>/dev/null; (setsid sh -c 'echo own session'); env -i /usr/bin/env; flock lockfile -c 'flock -n lockfile -c "echo twice" || echo locked'; date -u -d @0 +%F; awk 'BEGIN { while (("ls n1" | getline x) > 0) print x; print "to stderr" > "/dev/stderr" }'; tty; script -qec 'tty >/dev/null && echo pty' /dev/null </dev/null | tr -d '\r'
wait
