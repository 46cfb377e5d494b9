"""Every error is one message that survives the way back from a worker process."""

import pickle

import pytest

from mnist_core import errors
from mnist_core.errors import MnistLensError


def family(parent: type[MnistLensError]) -> list[type[MnistLensError]]:
    return [parent, *(child for direct in parent.__subclasses__() for child in family(direct))]


@pytest.mark.parametrize("kind", family(MnistLensError))
def test_an_error_comes_back_from_pickle_as_it_was(kind):
    error = pickle.loads(pickle.dumps(kind("Expected a digit. Received: ‘x’.")))  # noqa: S301
    assert type(error) is kind
    assert error.args == ("Expected a digit. Received: ‘x’.",)
    assert str(error) == "Expected a digit. Received: ‘x’."


@pytest.mark.parametrize("kind", family(MnistLensError))
def test_an_error_takes_exactly_one_message(kind):
    with pytest.raises(TypeError):
        kind()
    with pytest.raises(TypeError):
        kind("two", "messages")


@pytest.mark.parametrize("kind", family(MnistLensError)[1:])
def test_the_tree_in_the_docstring_shows_each_error_below_its_parent(kind):
    lines = errors.__doc__.splitlines()
    (at,) = [i for i, line in enumerate(lines) if f"── {kind.__name__} " in line]
    depth = lines[at].index("──")
    if kind.__base__ is MnistLensError:
        assert depth == 1
    else:
        above = [line for line in lines[:at] if "── " in line and line.index("──") < depth]
        assert f"── {kind.__base__.__name__} " in above[-1]


def test_all_errors_are_defined_where_the_tree_is_drawn():
    assert {kind.__module__ for kind in family(MnistLensError)} == {"mnist_core.errors"}
