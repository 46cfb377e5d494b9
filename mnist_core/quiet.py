"""Imports TensorFlow without the notices that it writes before anything can silence it."""

import os


def import_keras() -> None:
    """Import keras and tensorflow; what they write to standard error meanwhile is dropped.

    Errors are still raised as exceptions.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    standard_error = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import keras  # noqa: F401 - importing both is the point
        import tensorflow

        tensorflow.get_logger().setLevel("ERROR")  # it warns of each further model that is traced
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
        os.close(nowhere)
