#!/usr/bin/env bash
# The whole analysis as a SLURM job: sbatch csro_slurm.sh. Copy it, change the lines below, submit it from
# the folder of the data. docs/cluster.md helps to choose nodes, tasks and threads.
#SBATCH --job-name=csro
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=8
#SBATCH --cpus-per-task=4
#SBATCH --mem-per-cpu=2G
#SBATCH --time=01:00:00
#SBATCH --output=csro-%j.log
set -euo pipefail

# Any of these may also be given by the environment: IONS=my.pos RANGES=my.rrng sbatch csro_slurm.sh
ions=${IONS:-specimen.pos}
ranges=${RANGES:-specimen.rrng}
out=${OUT:-csro-output}
copies=${COPIES:-}                                # empty: 19, above 20 million ions 4
home=${CSRO_HOME:-$HOME/apt-csro}                 # where APT-CSRO was built, on a disk that all nodes see
start=${START:-srun --mpi=pmix --cpu-bind=cores}  # or: mpirun, where that knows SLURM
# module load paraview                            # if pvbatch comes from a module
# Further options of csro_batch.py as arguments: sbatch csro_slurm.sh --pairs Ni-Ni. No --render: the
# nodes have no display, and pvbatch ends at the first picture. Draw afterwards, on your own computer.

fail() {
  echo "csro_slurm.sh: $*" >&2
  exit 2
}

threads=${SLURM_CPUS_PER_TASK:-1}
tasks=${SLURM_NTASKS:?runs inside of a SLURM job: sbatch csro_slurm.sh}
# A plugin per node would do, but not a plugin that some nodes do not see.
CSRO_PLUGIN=${CSRO_PLUGIN:-$(find "$home/build" "$home/lib" -path '*/plugins/APTCSRO/APTCSRO.so' -print -quit 2>/dev/null || true)}
[ -n "$CSRO_PLUGIN" ] || fail "no plugin APTCSRO.so below $home: build it there, or set CSRO_HOME or CSRO_PLUGIN"
batch=$home/sample_states/csro_batch.py
[ -f "$batch" ] || batch=$home/share/apt-csro/sample_states/csro_batch.py
for file in "$CSRO_PLUGIN" "$batch" "$ions" "$ranges"; do
  [ -r "$file" ] || fail "$file: cannot be read"
done
command -v pvbatch >/dev/null || fail "pvbatch is not on the PATH: install ParaView, or load its module"
nodes=${SLURM_JOB_NUM_NODES:-1}
srun --nodes="$nodes" --ntasks="$nodes" --ntasks-per-node=1 test -r "$CSRO_PLUGIN" ||
  fail "$CSRO_PLUGIN: some nodes cannot read it"

export CSRO_PLUGIN OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads
export SRUN_CPUS_PER_TASK=$threads # srun does not take it over from sbatch
echo "$tasks tasks of $threads threads on $nodes nodes: $ions"
# shellcheck disable=SC2086 # the words of $start
exec $start pvbatch "$batch" --ions "$ions" --ranges "$ranges" --out "$out" ${copies:+--copies "$copies"} \
  --threads "$threads" "$@"
