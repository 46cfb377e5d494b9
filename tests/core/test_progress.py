"""The time left is estimated from what this process has trained, resumed or not."""

import pytest

from mnist_core.training import progress
from mnist_core.training.progress import Clock


@pytest.mark.parametrize("first_epoch", [1, 3])
def test_the_time_left_goes_by_the_epochs_of_this_process(first_epoch, monkeypatch):
    seconds = iter([0.0, 0.0, 10.0, 20.0, 30.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    clock = Clock(4, first_epoch + 1, first_epoch=first_epoch)
    clock.begin(first_epoch)
    half_way = clock.progress(2)  # two steps in 10 s, six to go
    assert half_way.seconds_left == 30
    assert (half_way.epoch, half_way.max_epochs) == (first_epoch, first_epoch + 1)
    clock.begin(first_epoch + 1)
    assert clock.progress(2).seconds_left == 10  # six steps in 30 s, two to go
