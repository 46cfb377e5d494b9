"""Long work goes on while somebody waits, is shared, and ends when nobody does."""

import threading
import time
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from dashboard.components.shared.long_work import Made, long_work
from dashboard.loading import long_work as waited_for
from dashboard.work import jobs


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(jobs, "PATIENCE", 0.5)
    return 0.5


def steps(n: int, ran: list[int], *, seconds: float = 0.02) -> jobs.Work:
    def work(report: jobs.Report) -> str:
        for step in range(n):
            ran.append(step)
            report(step, n)
            time.sleep(seconds)
        return "made"

    return work


def test_work_ends_with_what_it_made() -> None:
    job = jobs.ask("ends", steps(3, []))
    assert job.is_ended(wait=5)
    assert job.result() == "made"


def test_the_time_is_taken_from_the_first_step() -> None:
    begun = time.monotonic()

    def work(report: jobs.Report) -> None:
        report(0, 0)
        time.sleep(0.2)
        report(0, 2)
        report(1, 2)

    job = jobs.ask("prepares itself", work)
    assert job.is_ended(wait=5)
    assert job.started - begun >= 0.2


def test_two_who_ask_share_one_job() -> None:
    ran: list[int] = []
    first, second = (jobs.ask("shared", steps(5, ran)) for _ in range(2))
    assert first is second
    assert first.is_ended(wait=5)
    assert ran == list(range(5))


def test_work_that_nobody_waits_for_is_given_up_and_can_be_asked_for_again(patience: float) -> None:
    ran: list[int] = []
    job = jobs.ask("left", steps(1_000, ran))
    time.sleep(5 * patience)
    job._thread.join(5)
    assert job.is_given_up
    assert 0 < len(ran) < 1_000
    again = jobs.ask("left", steps(2, []))
    assert again is not job
    assert again.is_ended(wait=5)
    assert again.result() == "made"


def test_work_that_somebody_waits_for_is_not_given_up(patience: float) -> None:
    job = jobs.ask("waited for", steps(40, []))
    while not job.is_ended(wait=patience / 4):
        assert job.total == 40
    assert job.result() == "made"


def test_what_work_raises_is_raised_for_who_asks() -> None:
    def fail(report: jobs.Report) -> None:
        raise ValueError("broken")

    job = jobs.ask("fails", fail)
    assert job.is_ended(wait=5)
    with pytest.raises(ValueError, match="broken"):
        job.result()
    jobs.forget("fails")
    assert jobs.ask("fails", steps(1, [])) is not job


def test_ended_jobs_are_let_go_in_the_end() -> None:
    before = threading.active_count()
    for number in range(3 * jobs.MOST_KEPT):
        assert jobs.ask(f"many-{number}", steps(1, [], seconds=0)).is_ended(wait=5)
    assert len(jobs._jobs) <= jobs.MOST_KEPT + 2
    assert threading.active_count() <= before + 1


def test_what_work_makes_has_a_type_that_reaches_the_page() -> None:
    made = {
        name: get_type_hints(getattr(waited_for, name))["return"]
        for name in vars(waited_for)
        if name.endswith("_job")
    }
    assert len(made) >= 4
    for name, kind in made.items():
        kind = next((k for k in get_args(kind) if get_origin(k) is jobs.LongWork), kind)
        assert get_origin(kind) is jobs.LongWork, name
        assert Any not in get_args(kind), name
    assert get_type_hints(long_work)["return"] == Made | None
