# run.sh FOLDER OWNER DROP_GROUP KEEPER GROUP COMMAND…, as root: lays Postfix's queue out in the folder, with a place for kept
# mail that is the keeper's, runs the command until the standard input ends (so that nothing is left even of a test that is
# killed), and clears up.
cd "$1" && owner=$2 drop=$3 user=$4 group=$5 && shift 5 || exit
umask 022
private='active bounce corrupt defer deferred flush hold incoming private saved trace'
mkdir queue queue/pid &&
(cd queue && install -d -o "$owner" -m 700 $private ../data) &&
install -d -o "$owner" -g "$drop" -m 730 queue/maildrop &&
install -d -o "$owner" -g "$drop" -m 710 queue/public &&
install -d -o "$user" -g "$group" -m 755 kept || exit
exec 3<&0
"$@" 3<&- &
master=$!
{ read -r _ <&3; kill -TERM $master; } &
watcher=$!
wait $master
kill $watcher
left() { # whether a process of its group still runs
  for stat in /proc/[0-9]*/stat; do
    read -r _ _ state _ in _ <"$stat" && [ "$in" = $master ] && [ "$state" != Z ] && return
  done
  return 1
}
tries=100
while left && [ $tries -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done 2>/dev/null
rm -rf queue data kept
