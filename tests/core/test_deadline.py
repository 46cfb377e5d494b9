"""A call answers in time, raises what it raises, or is given up and not made again meanwhile."""

import threading

import pytest

from mnist_core.files.deadline import within


def test_an_answer_and_an_error_come_back_as_they_are():
    assert within(60, lambda: 3, key="three") == 3
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0, key="error")


def test_what_was_given_up_is_not_asked_again_until_it_has_ended():
    go_on, calls = threading.Event(), []

    def call() -> int:
        calls.append(1)
        go_on.wait()
        return len(calls)

    with pytest.raises(TimeoutError, match=r"^no answer within 0\.01 s"):
        within(0.01, call, key="slow")
    with pytest.raises(TimeoutError, match=r"^still no answer after 60 s"):
        within(60, call, key="slow")
    assert within(60, lambda: "other", key="other") == "other"
    go_on.set()
    for thread in threading.enumerate():
        if "_answer" in thread.name:
            thread.join()
    assert within(60, call, key="slow") == 2
