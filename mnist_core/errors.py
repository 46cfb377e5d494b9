"""Every error of MNIST Lens that a caller can meet.

MnistLensError
├── DatasetError      a data set is missing, torn or of the wrong shape
├── RecipeError       there is no such recipe, or it cannot be trained as asked
├── RunError          a run is missing, unreadable, or may not be written
│   ├── FileRefusedError  a file is a pipe or a device, leads elsewhere, or is too large
│   └── CheckpointError   an epoch has no model file, or the file is not a model we can use
├── EvaluationError   true classes and predictions do not fit together
├── ExplanationError  an explanation was asked for with other input than its method takes
│   └── UnfitMethodError  a method cannot explain this model
├── SketchError       a picture cannot be read, or is no picture of a digit
├── QueryError        a question about images cannot be understood, or not be answered
├── SetError          a set of images is missing, damaged or of other images, or cannot be kept
├── TriageError       causes of errors cannot be read or saved, or are not valid
└── WorkerError       worker processes ended during a task, or while they started

Each takes one message, so that it survives the way back from a worker process by pickle.
"""


class MnistLensError(Exception):
    """One sentence for the user: what was expected, what was received, how to mend it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class DatasetError(MnistLensError):
    """A data set is missing, torn or of the wrong shape."""


class RecipeError(MnistLensError):
    """There is no such recipe, or it cannot be trained as asked."""


class RunError(MnistLensError):
    """A run is missing, unreadable, or may not be written."""


class FileRefusedError(RunError):
    """A file is a pipe, a device or a folder, leads out of its folder, or is too large."""


class CheckpointError(RunError):
    """An epoch has no model file, or the file is not a model we can use."""


class EvaluationError(MnistLensError):
    """True classes and predictions do not fit together."""


class ExplanationError(MnistLensError):
    """An explanation was asked for with other input than its method takes."""


class UnfitMethodError(ExplanationError):
    """A method cannot explain this model; another may."""


class SketchError(MnistLensError):
    """A picture cannot be read, or is no picture of a digit."""


class QueryError(MnistLensError):
    """A question about images cannot be understood, or not be answered of this run."""


class SetError(MnistLensError):
    """A set of images is missing, damaged or of other images, or cannot be kept."""


class TriageError(MnistLensError):
    """Causes of errors cannot be read or saved, or are not valid."""


class WorkerError(MnistLensError):
    """Worker processes ended during a task, or while they started."""
