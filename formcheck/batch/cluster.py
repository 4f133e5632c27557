"""A batch on a Ray cluster: each video is a task, each task runs the same function as a local worker.

A task hands its video to a worker process of its own, which may crash or hang as locally, and answers with the outcome;
so Ray's retries are left for what they are good at: a node that is gone. Results and journal are written from the nodes
to the place that all of them see.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from importlib.metadata import version
from typing import Any

from formcheck.batch.job import JobOutcome, VideoJob
from formcheck.batch.run import Executor, Outcomes, outcome_of
from formcheck.batch.video import do_video, first_limit_s
from formcheck.batch.workers import Crash, Workers
from formcheck.errors import FormcheckError, InputError
from formcheck.machine.cores import usable_cores

#: Starts Ray on this machine, for this run only.
LOCAL = "local"
#: A task is tried again so often when its node dies.
_RETRIES = 5
#: Tasks that wait on the cluster for each of its cores.
_AHEAD = 2
_TICK_S = 0.5
_ANSWER_S = 10.0
#: What is set before Ray is loaded, unless it is set already: nothing is reported to its makers.
_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


def on_cluster(address: str, workers: int | None = None) -> Executor:
    """Tasks of the cluster at ``address`` (``host:port``, ``ray://…``, ``auto``), or of Ray started here.

    ``workers`` is how many videos are in work at once; all cores of the cluster unless told.

    Raises:
        InputError: Ray is not installed, or there is no cluster.
    """
    os.environ.update({name: value for name, value in _ENVIRONMENT.items() if name not in os.environ})
    try:
        import ray  # noqa: F401 - an extra
    except ImportError:
        raise InputError("expected Ray for --cluster, which is not installed; install formcheck[cluster]") from None

    @contextmanager
    def execute(jobs: Sequence[VideoJob]) -> Iterator[Outcomes]:
        with redirect_stdout(sys.stderr), _connected(address, workers) as ray:  # Ray tells of lost nodes on stdout
            yield _outcomes(ray, jobs, workers)

    return execute


@contextmanager
def _connected(address: str, workers: int | None) -> Iterator[Any]:
    import ray

    quiet = {"log_to_driver": False, "logging_level": "ERROR", "configure_logging": False}
    try:
        _check_answer(address)
        if address == LOCAL:
            cores = workers or usable_cores()
            ray.init(num_cpus=cores, include_dashboard=False, _node_ip_address="127.0.0.1", **quiet)
        else:
            ray.init(address=address, **quiet)
    except (OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(
            f"expected a Ray cluster at {address}, cannot reach it ({reason}): check the address"
        ) from None
    try:
        yield ray
    finally:
        ray.shutdown()


def _check_answer(address: str) -> None:
    """Raise OSError where nobody listens at ``host:port``: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        return

    async def knock() -> None:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), _ANSWER_S)
        writer.close()
        await writer.wait_closed()

    asyncio.run(knock())


def _outcomes(ray: Any, jobs: Sequence[VideoJob], workers: int | None) -> Outcomes:
    """Outcomes as they come; a task whose node died is done elsewhere."""
    task = ray.remote(num_cpus=1, max_retries=_RETRIES, scheduling_strategy="SPREAD")(do_on_node)
    waiting = iter(jobs)
    running: dict[Any, VideoJob] = {}
    while True:
        cores = int(ray.cluster_resources().get("CPU", 1))
        room = workers or max(1, cores) * _AHEAD
        while len(running) < room and (job := next(waiting, None)) is not None:
            running[task.remote(job, version("formcheck"))] = job
        if not running:
            return
        ready, _ = ray.wait(list(running), timeout=_TICK_S)
        for reference in ready:
            yield _collected(ray, reference, running.pop(reference))
        if not ready:
            yield None


def _collected(ray: Any, reference: Any, job: VideoJob) -> JobOutcome:
    try:
        outcome: JobOutcome = ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, FormcheckError):  # such as another version on a node: it concerns every video
            raise error.cause from None
        return outcome_of(job, Crash(f"a node failed: {error.cause}"))
    except ray.exceptions.RayError as error:
        reason = " ".join(str(error).split())[:200]
        return outcome_of(job, Crash(f"its node died, {_RETRIES} more tries did not help: {reason}"))
    return outcome


_here: list[Workers[VideoJob, JobOutcome]] = []


def do_on_node(job: VideoJob, wanted: str) -> JobOutcome:
    """What a task runs: the video in the worker process of this Ray worker, which is kept for the next one."""
    if version("formcheck") != wanted:
        raise FormcheckError(
            f"expected formcheck {wanted} on every node, got {version('formcheck')} on one; install the same everywhere"
        )
    if not _here:
        _here.append(Workers(do_video, 1, first_limit_s))
    ends = [end for end in _here[0].results([job]) if end is not None]
    return outcome_of(*ends[0])
