#!/usr/bin/env python3
"""An experiment on a real Slurm of one machine: whatever disturbs the cluster, the records are those of one machine.

    slurm_test.py PROGRAM

Starts slurmctld and slurmd in a folder of its own, on ports of its own, and ends them. Takes two to three minutes.
Exit code 77 where slurmctld or slurmd is not installed, or where root's rights are missing.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT_S = 900        # for all of it, on a slow machine too
SECONDS_A_RUN = 2.0  # long enough to be met in the middle
JOBS = 7             # of the spec: a noise floor, three samplers with two seeds
SPEC = """name = "trial"
seeds = 2
draws = 500
checkpoints = 3
floor_replications = 40
start = false
targets = ["gaussian"]
metrics = ["ksd_imq_v", "mmd"]
budget = {{ steps = {steps} }}

[[samplers]]
name = "ula"
options = {{ step_size = [0.01, 0.02, 0.03] }}
"""
CONFIGURATION = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/none
CredType=cred/none
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=500
PartitionName=main Nodes={host} Default=YES State=UP
"""

os.environ["PATH"] += ":/usr/sbin:/sbin"
began = time.monotonic()


class Failed(Exception):
    pass


def check(condition, message):
    if not condition:
        raise Failed(message)


def wait_for(condition, what, seconds=180):
    """The first value of `condition` that is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise Failed(f"{what}: not within {seconds} s")


def told(*words, environment=None):
    """What a command prints."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, env=environment)
    check(done.returncode == 0, f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Cluster:
    """slurmctld and slurmd of this machine, for as long as the block lasts."""

    def __init__(self, folder):
        self.folder = folder
        self.host = socket.gethostname().split(".")[0]
        self.daemons = []

    def __enter__(self):
        for part in ("state", "spool"):
            (self.folder / part).mkdir()
        configuration = self.folder / "slurm.conf"
        configuration.write_text(CONFIGURATION.format(host=self.host, folder=self.folder,
                                                      cpus=min(2, os.cpu_count() or 1)))
        os.environ["SLURM_CONF"] = str(configuration)
        try:
            self.start("slurmctld", "-D")
            self.start("slurmd", "-D", "-N", self.host)
            wait_for(lambda: self.state() == "idle", "an idle node", 120)
        except Failed as error:
            logs = [self.log(name).read_text()[-2000:] for name in ("slurmctld", "slurmd") if self.log(name).exists()]
            self.__exit__()
            raise Failed("\n".join([str(error), *logs])) from error
        return self

    def __exit__(self, *_):
        if self.state():
            subprocess.run(["scancel", "--user=root"], capture_output=True)
            time.sleep(1)
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def log(self, name):
        return self.folder / f"{name}.log"

    def start(self, *words):
        with self.log(words[0]).open("wb") as log:
            self.daemons.append(subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def state(self):
        done = subprocess.run(["sinfo", "-h", "-o", "%T"], capture_output=True, text=True)
        return done.stdout.strip()

    def jobs(self):
        """Number, state and reason of each job and task that has not ended."""
        return [line.split(maxsplit=2) for line in told("squeue", "-h", "-r", "-o", "%i %T %r").splitlines()]

    def running_tasks(self):
        return [number for number, state, _ in self.jobs() if state == "RUNNING" and "_" in number]

    def hurry(self):
        """A job that was put back into the queue waits for two minutes, unless it is told not to."""
        for number, state, reason in self.jobs():
            if state == "PENDING" and reason == "BeginTime":
                subprocess.run(["scontrol", "update", f"jobid={number}", "StartTime=now"], capture_output=True)

    def finish(self):
        def is_empty():
            self.hurry()
            return not self.jobs()
        wait_for(is_empty, "the end of all jobs", 300)


# ---- Records

def records(results):
    return sorted(results.rglob("*.jsonl")) if results.exists() else []


def timeless(record):
    """The lines of a record without what may differ between two equal runs: times, memory and the context."""
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    for line in lines:
        for name in ("context", "wall_s", "peak_memory_mib", "disturbed"):
            line.pop(name, None)
        for ledger in ("train", "draw"):
            for clock in ("wall_s", "cpu_s"):
                line.get(ledger, {}).pop(clock, None)
    return lines


def contents(results):
    return {str(record.relative_to(results)): timeless(record) for record in records(results)}


class Trial:
    """The experiment, and what one machine makes of it."""

    def __init__(self, program, folder):
        self.program, self.folder, self.spec = program, folder, folder / "trial.toml"
        self.alone = folder / "alone"
        self.write_spec(1000)
        told(program, "run", self.spec, "--results", folder / "pace", "--no-report", "--seeds", 1)
        self.write_spec(self.steps_at_the_pace_of(folder / "pace"))
        told(program, "run", self.spec, "--results", self.alone)
        self.expected = contents(self.alone)
        check(len(self.expected) == JOBS, f"one machine made {len(self.expected)} records")

    @staticmethod
    def steps_at_the_pace_of(results):
        """How many steps a run takes SECONDS_A_RUN for. By its CPU time, which no other work lengthens."""
        lines = [json.loads(line) for record in records(results) for line in record.read_text().splitlines()]
        last = max((line["train"] for line in lines if line["type"] == "checkpoint"), key=lambda train: train["steps"])
        return max(2000, int(SECONDS_A_RUN * last["steps"] / max(last["cpu_s"], 1e-4)))

    def write_spec(self, steps):
        self.spec.write_text(SPEC.format(steps=steps))

    def submit(self, results, *flags, path=None):
        environment = dict(os.environ, PATH=path or os.environ["PATH"])
        told(self.program, "slurm", self.spec, "--results", results, "--tasks", 2, "--time", 5, *flags,
             environment=environment)

    def compare(self, results):
        made = contents(results)
        check(set(made) == set(self.expected), f"records of other jobs: {set(made) ^ set(self.expected)}")
        for name, lines in made.items():
            check(lines == self.expected[name], f"{name} is not what one machine made")
        check((results / "trial" / "report" / "index.html").exists(), "there is no report")
        check(not list((results / "trial").rglob("*.jsonl.part")), "half a record is left")


def open_records(results):
    return [part for part in results.rglob("*.jsonl.part") if part.stat().st_size > 0]


def wait_for_the_middle(cluster, results):
    """Waits until a task is in the middle of a run. Returns the numbers of the tasks."""
    def middle():
        try:
            return cluster.running_tasks() if open_records(results) else []
        except FileNotFoundError:  # finished meanwhile
            return []
    tasks = wait_for(middle, "a run in the middle")
    check(len(records(results)) < JOBS, "all is done before anything is disturbed: lengthen SECONDS_A_RUN")
    return tasks


# ---- What happens to a cluster

def nothing(cluster, results):
    pass


def requeue(cluster, results):
    task = wait_for_the_middle(cluster, results)[0]
    told("scontrol", "requeue", task)
    wait_for(lambda: "Restarts=1" in told("scontrol", "show", "job", task), f"task {task} back in the queue")


def cancel(cluster, results):
    told("scancel", wait_for_the_middle(cluster, results)[0])


def kill(cluster, results):
    wait_for_the_middle(cluster, results)
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "run" in words and "--shard" in words and str(results) in words and killed == 0:
            os.kill(int(process.name), signal.SIGKILL)
            killed += 1
    check(killed == 1, "no task's program was found")


def down(cluster, results):
    wait_for_the_middle(cluster, results)
    told("scontrol", "update", f"nodename={cluster.host}", "state=down", "reason=test")
    wait_for(lambda: not cluster.running_tasks(), "the end of all tasks of a node that is down")
    check(len(records(results)) < JOBS, "all was done before the node was down: lengthen SECONDS_A_RUN")
    told("scontrol", "update", f"nodename={cluster.host}", "state=resume")


def full_folder(cluster, trial, results):
    """No file may be longer than the description of the experiment, about: as where a quota is used up."""
    most_kib = (trial.alone / "trial" / "experiment.json").stat().st_size // 1024 + 1
    check(any(record.stat().st_size > 1024 * most_kib for record in records(trial.alone)), "no record is too long")
    wrapper = trial.folder / "limited" / "sbatch"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/bash\nulimit -f {most_kib}\nexec {shutil.which("sbatch")} --propagate=FSIZE "$@"\n')
    wrapper.chmod(0o755)
    trial.submit(results, "--repeats", 0, path=f"{wrapper.parent}:{os.environ['PATH']}")
    cluster.finish()
    check(len(records(results)) < JOBS, "a full folder took all records")
    check(not (results / "trial" / "report" / "index.html").exists(), "a full folder took the report")
    trial.submit(results)
    cluster.finish()


def finished_by_tasks(results):
    """How many jobs the tasks of all arrays say that they finished."""
    text = "".join(log.read_text() for log in (results / "trial" / "slurm").glob("array-*.log"))
    return sum(int(count) for count in re.findall(r"^trial: .*, (\d+) finished", text, re.M))


def what_is_missing():
    missing = [name for name in ("slurmctld", "slurmd", "sbatch") if not shutil.which(name)]
    if missing:
        return f"{', '.join(missing)} not installed"
    try:
        socket.gethostbyname(socket.gethostname().split(".")[0])
    except OSError:
        return "the name of this machine has no address"
    return "" if os.geteuid() == 0 else "this takes the rights of root"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if obstacle := what_is_missing():
        print(f"left out: {obstacle}")
        sys.exit(77)
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="samplerbench-slurm-") as name:
        folder = Path(name)
        trial = Trial(program, folder)
        (folder / "cluster").mkdir()
        with Cluster(folder / "cluster") as cluster:
            for happening in (nothing, requeue, cancel, kill, down):
                results, start = folder / happening.__name__, time.monotonic()
                trial.submit(results)
                happening(cluster, results)
                cluster.finish()
                trial.compare(results)
                if happening is nothing:
                    check(finished_by_tasks(results) == JOBS, "a job was carried out twice, or by no task")
                print(f"{happening.__name__}: equal, {time.monotonic() - start:.0f} s", flush=True)
            full_folder(cluster, trial, folder / "full")
            trial.compare(folder / "full")
            print("full_folder: equal", flush=True)
    check(time.monotonic() - began < LIMIT_S, f"took more than {LIMIT_S} s")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(f"FAILED: {failure}")
        sys.exit(1)
