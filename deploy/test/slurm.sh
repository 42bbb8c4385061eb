#!/bin/bash
# Runs the Slurm array of this folder for real, on a cluster of one node with two tasks that it sets up and takes down: an
# array of eight, one task killed and requeued; the table must equal that of one command, run by run.
#
#   deploy/test/slurm.sh DATA [FLAGS OF COMPARE...]
#
# Needs root, slurm-wlm and munge (Debian: apt-get install --no-install-recommends slurm-wlm munge), and the command
# (GRAD, default "node build/cli/main.js"; npm run --silent grad -- --version builds it). No part of npm test.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,9p' "$0" >&2; exit 2; }
data=$(realpath -- "$1")
shift
flags=("$@")
[ ${#flags[@]} -gt 0 ] || flags=(--methods padim,dfr --seeds 0,1,2,3 --train-limit 6 --test-limit 8)
here=$(cd "$(dirname "$0")/.." && pwd)
export GRAD=${GRAD:-"node $here/../build/cli/main.js"}
read -r -a grad <<< "$GRAD"
folder=$(mktemp -d)
export SLURM_CONF=$folder/slurm.conf
started=()

take_down() {
  local status=$?
  scancel --user="$(id -un)" 2> /dev/null || true
  # Only what was started here, the last first.
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill "${started[i]}" 2> /dev/null || true
    for _ in $(seq 50); do kill -0 "${started[i]}" 2> /dev/null && sleep 0.1 || break; done
  done
  [ "$status" -eq 0 ] && rm -rf -- "$folder" || echo "what it left lies in $folder" >&2
  exit "$status"
}
trap take_down EXIT

wait_for() { # DESCRIPTION COMMAND...
  local what=$1
  shift
  for _ in $(seq 1200); do "$@" > /dev/null 2>&1 && return 0; sleep 0.5; done
  echo "waited in vain until $what" >&2
  return 1
}

# Munge with a key of its own, beside any that runs already.
mkdir -p "$folder/munge" "$folder/state" "$folder/spool"
chmod 755 "$folder"
chmod 700 "$folder/munge"
dd if=/dev/urandom of="$folder/munge/key" bs=1024 count=1 status=none
chmod 400 "$folder/munge/key"
munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" 2> "$folder/munge/errors" &
started+=($!)
wait_for "munge answers" munge --socket="$folder/munge/socket" --no-input

cat > "$SLURM_CONF" << CONF
ClusterName=grad
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SlurmctldPort=16817
SlurmdPort=16818
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
ReturnToService=2
MailProg=/bin/true
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld -D > /dev/null 2>&1 &
started+=($!)
slurmd -D > /dev/null 2>&1 &
started+=($!)
wait_for "the node is idle" sh -c "sinfo --noheader --format=%T | grep -qx idle"
sinfo --format="%N: %T, %c tasks"

cd "$folder"
job=$(sbatch --parsable --array=1-8 "$here/slurm/sweep.sbatch" --data "$data" "${flags[@]}" --out "$folder/array")
echo "submitted array $job"
show() { scontrol --oneliner show job "$1"; }
state_is() { show "$1" | grep -q "JobState=$2"; }

# The second task, when its command runs.
task=${job}_2
find_victim() {
  local id pid
  id=$(show "$task" 2> /dev/null | grep -oE '^JobId=[0-9]+' | cut -d= -f2) || return 1
  for pid in $(scontrol listpids "$id" 2> /dev/null | awk '$1 ~ /^[0-9]+$/ { print $1 }'); do
    if ps -o args= -p "$pid" | grep -q " compare .* --shard "; then
      victim=$pid
      return 0
    fi
  done
  return 1
}
victim=
for _ in $(seq 1200); do find_victim && break; sleep 0.2; done
[ -n "$victim" ] || { echo "task $task never ran" >&2; exit 1; }
kill -KILL "$victim"
wait_for "$task has failed" state_is "$task" FAILED
echo "killed process $victim of task $task: $(show "$task" | grep -oE 'JobState=\S+|ExitCode=\S+' | tr '\n' ' ')"
scontrol requeue "$task"
wait_for "the array is done" sh -c "! squeue --noheader --array | grep -q ."
for part in $(seq 8); do show "${job}_$part" 2> /dev/null | grep -oE 'ArrayTaskId=\S+|JobState=\S+|Restarts=\S+' | tr '\n' ' '; echo; done
grep -h "^part 2 " "$folder/grad-sweep-${job}_2.log"

"${grad[@]}" compare --merge "$folder/array" > "$folder/array.txt"
"${grad[@]}" compare --data "$data" "${flags[@]}" --out "$folder/serial" > "$folder/serial.txt"
cat "$folder/array.txt"
cmp "$folder/array.txt" "$folder/serial.txt"
for table in table.json table.csv table.tex; do cmp "$folder/array/$table" "$folder/serial/$table"; done
echo "the merged table equals the serial one"
