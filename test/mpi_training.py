# SPDX-License-Identifier: BSL-1.0
# Runs a program in four processes, once for each argument: mpi_training.py MPIRUN PROGRAM [ARGUMENT...], without any once. Where four processes that do nothing cannot be
# started here, the test is skipped, with the reason.
import os
import subprocess
import sys
import tempfile

mpirun, program = sys.argv[1], os.path.abspath(sys.argv[2])
# As root and on fewer cores than processes, which then give way to each other; memory that processes share is copied
# twice, since reading each other's is forbidden in some containers. Open MPI itself leaks.
environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1",
                   OMPI_MCA_mpi_yield_when_idle="1", OMPI_MCA_btl="self,vader", OMPI_MCA_btl_vader_single_copy_mechanism="none",
                   ASAN_OPTIONS="detect_leaks=0")


def run(what, folder, seconds=240):
    """The status, None where the time ran out, and all that was written."""
    command = [mpirun, "--bind-to", "none", "-n", "4", program, *what]
    try:
        done = subprocess.run(command, env=dict(environment, TMPDIR=folder), cwd=folder, timeout=seconds,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    except subprocess.TimeoutExpired as late:
        return None, str(late.stdout)
    return done.returncode, done.stdout


with tempfile.TemporaryDirectory(dir="/tmp" if os.path.isdir("/tmp") else None) as folder:  # a socket's name has to be short
    status, text = run(["nothing"], folder, 120)
    if status != 0:
        print("skipped: four processes that do nothing cannot be started by", mpirun, "here:", text[-2000:])
        sys.exit(77)
    for what in sys.argv[3:] or [None]:
        status, text = run([what] if what else [], folder)
        if what == "end":
            if status in (0, None) or "mpi::train: process 3: no score." not in text:
                sys.exit(f"an exception in one process does not end all: status {status}: {text}")
        elif status != 0:
            sys.exit(f"{what or program}: status {status}: {text}")
