"""What is kept of the answers of many runs: classes and confidences, within a bound of bytes."""

from functools import partial

from dashboard.loading.answers import record_stamp
from dashboard.loading.kept_arrays import KeptArrays
from mnist_core import settings
from mnist_core.answers.brief_answers import BriefAnswers, in_brief
from mnist_core.answers.evaluation import evaluate
from mnist_core.datasets import Split
from mnist_core.errors import RunError
from mnist_core.inference.prediction import Predict, predict_split
from mnist_core.runs import Run, read_epoch_predictions

MOST_BYTES = 64_000_000
"""Of all that is kept: what 2,000 runs recorded of 10,000 images."""

_kept = KeptArrays[BriefAnswers](most_bytes=MOST_BYTES, size=lambda kept: kept.n_bytes)
"""By run, epoch, split and what changes with the file, or by the model's fingerprint and split."""


def load_brief(
    run: Run, epoch: int, split: Split, predict: Predict, *, exact: bool
) -> BriefAnswers:
    """What a run answered to a split after an epoch, without what each class got.

    Args:
        run: Any run.
        epoch: Counted from 1.
        split: The images.
        predict: What answers for a block of images, where something has to be predicted.
        exact: Whether confidences are those of the epoch's model where it was kept. What was
            recorded in training comes at once and has the same classes, but confidences rounded
            to `float16`; without `exact` the model is asked only where nothing was recorded.

    Raises:
        RunError: There is neither model nor record, or what there is cannot be read.
        EvaluationError: What was recorded does not fit the images.
    """
    is_recorded = run.has_answers_to(split) and epoch in run.recorded_epochs
    if is_recorded and not (exact and run.has_checkpoint(epoch)):
        told = (run.folder, epoch, split.fingerprint, run.output, run.n_classes, record_stamp(run))
        return _kept.get(told, partial(_recorded, run, epoch, split))
    checkpoint = run.checkpoint(epoch)

    def predicted() -> BriefAnswers:
        y_prob = predict_split(checkpoint, split, settings.cache_folder(), predict=predict)
        return in_brief(evaluate(split.labels, y_prob, run.output))

    return _kept.get((checkpoint.fingerprint, split.fingerprint, run.output), predicted)


def _recorded(run: Run, epoch: int, split: Split) -> BriefAnswers:
    """Read past what the server keeps of whole files, which those of many runs would displace."""
    recorded = read_epoch_predictions(run, split.name)
    if recorded is None or epoch not in recorded.epochs:
        raise RunError(
            f"Expected the answers of {run.name} to {split.name} after epoch {epoch}. Received: "
            "they were not recorded. Choose another epoch."
        )
    return in_brief(recorded.after(epoch, split.labels, run))
