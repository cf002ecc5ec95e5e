"""The threads of the blocking face: one that works in the background, and the pool that does many jobs at a time.

Its counterpart on event loops is in `task_pool`.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait
from contextvars import ContextVar, copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from imageapis.core.cancellation import Cancelled, cancel_event
from imageapis.core.concurrency import FEW, current_limit
from imageapis.core.faces import run_blocking

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from imageapis.core.concurrency import Limit

T = TypeVar("T")

#: Seconds that Ctrl-C waits for workers to come to a checkpoint; one that waits for an answer may never get there.
GRACE = 2.0


def in_thread(work: Callable[[], T]) -> Future[T]:
    """Begin work in a thread. Unlike those of an executor, it does not keep the process from ending."""
    future: Future[T] = Future()

    def run() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as failure:
            future.set_exception(failure)

    threading.Thread(target=run, name="imageapis", daemon=True).start()
    return future


class ThreadPool:
    """The threads of one blocking `gather`: they draw jobs from one iterator until it ends or one of them fails.

    After each job a thread looks at the limit: it starts the threads that lack, or ends if there is one too many. A job
    that only waits leaves its slot to another one meanwhile, and takes up the next one that is free after that.
    """

    def __init__(self, jobs: Iterator[Coroutine[Any, Any, None]], limit: Limit) -> None:
        self._jobs = jobs
        self._limit = limit
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._context = copy_context()
        self._context.run(cancel_event.set, self._stop)
        self._context.run(current_limit.set, limit)
        self._context.run(pool_of_thread.set, self)
        self._workers: list[Future[None]] = []
        #: Jobs that have a slot, those that wait without one, and those of them that want one again.
        self._running = self._sleeping = self._waking = 0
        self._exhausted = False

    def run(self) -> None:
        """Do the jobs, and raise what the first failure was."""
        outer = cancel_event.get()
        with self._changed:
            self._start_workers()
        try:
            # The list grows only by a thread that works, and so before the wait for that one ends.
            for worker in self._workers:
                worker.result()
        except BaseException:
            # Ctrl-C arrives here, in the caller's thread. The workers end at their next checkpoint, which stands before
            # each request and each block: one that comes to it later has sent nothing more.
            self._end()
            with self._changed:
                workers = tuple(self._workers)
            wait(workers, GRACE)
            raise
        if self._failure is not None:
            raise self._failure
        if outer is not None and outer.is_set():
            raise Cancelled

    def without_slot(self, sleep: Callable[[], None]) -> None:
        """Sleep within a job that leaves its slot to another meanwhile."""
        with self._changed:
            self._running -= 1
            self._sleeping += 1
            self._changed.notify_all()
            if self._sleeping <= FEW:  # otherwise the next job begins when one has ended, which shows that any can
                self._start_workers()
        try:
            sleep()
        finally:
            with self._changed:
                self._waking += 1
                self._changed.wait_for(lambda: self._running < self._limit.current or self._stop.is_set())
                self._waking -= 1
                self._sleeping -= 1
                self._running += 1

    def _end(self) -> None:
        self._stop.set()
        with self._changed:
            self._changed.notify_all()

    def _start_workers(self) -> None:
        while (
            self._running + self._waking < self._limit.current
            and self._running + self._sleeping < self._limit.most
            and not (self._exhausted or self._stop.is_set())
        ):
            self._running += 1
            # A copy for each worker: one context cannot be entered by two threads.
            self._workers.append(in_thread(partial(self._context.copy().run, self._work)))

    def _next_job(self) -> Coroutine[Any, Any, None] | None:
        """Return the next job, or `None` for a thread that is not wanted any more."""
        with self._changed:
            if self._stop.is_set() or self._running + self._waking > self._limit.current:
                job = None
            else:
                self._start_workers()
                job = next(self._jobs, None)
                self._exhausted = job is None
            if job is None:
                self._running -= 1
            if self._waking:
                self._changed.notify_all()
            return job

    def _work(self) -> None:
        try:
            while (job := self._next_job()) is not None:
                run_blocking(job)
        except Cancelled:
            return
        except BaseException as failure:
            with self._changed:
                if self._failure is None:
                    self._failure = failure
            self._end()


#: The pool whose job this thread does.
pool_of_thread: ContextVar[ThreadPool | None] = ContextVar("imageapis_pool", default=None)
