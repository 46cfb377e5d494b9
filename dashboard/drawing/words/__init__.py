"""Findings as sentences, by topic; single numbers are written by `mnist_core.formatting`."""

from dashboard.drawing.words.answers import answered, best_three, image_caption, top_three
from dashboard.drawing.words.comparison import before_and_after, difference, spread, switched_off
from dashboard.drawing.words.confidence import (
    BAND,
    calibration,
    mean_risk,
    proposed,
    refusals,
    tempered,
    threshold,
)
from dashboard.drawing.words.contrasts import (
    CONTRAST_PARTS,
    contrast_sum,
    contrast_where,
    explained_answer,
    explained_unit,
)
from dashboard.drawing.words.counts import duration, images, images_of, in_percent, plain, share_of
from dashboard.drawing.words.distribution import alike, balance, brought
from dashboard.drawing.words.dossier import cell_dossier
from dashboard.drawing.words.drift import drift, drift_method, more_or_less
from dashboard.drawing.words.many_runs import (
    against_best,
    agreement,
    leading,
    mean,
    readings,
    run_count,
    shared,
    sure,
)
from dashboard.drawing.words.maps import map_in_words, mapped
from dashboard.drawing.words.runs import imported, training, under_way, validation_loss
from dashboard.drawing.words.sets import set_accuracy, set_difference, set_size, set_test
from dashboard.drawing.words.slices import slice_title, slices_found, slices_method
from dashboard.drawing.words.trust import alike as maps_alike
from dashboard.drawing.words.trust import covered, shuffled, steady, turned
from dashboard.drawing.words.twins import twins_apart, twins_found, twins_rule
from dashboard.drawing.words.views import accuracy, at_once, findings, only_cause

__all__ = [
    "BAND",
    "CONTRAST_PARTS",
    "accuracy",
    "against_best",
    "agreement",
    "alike",
    "answered",
    "at_once",
    "balance",
    "before_and_after",
    "best_three",
    "brought",
    "calibration",
    "cell_dossier",
    "contrast_sum",
    "contrast_where",
    "covered",
    "difference",
    "drift",
    "drift_method",
    "duration",
    "explained_answer",
    "explained_unit",
    "findings",
    "image_caption",
    "images",
    "images_of",
    "imported",
    "in_percent",
    "leading",
    "map_in_words",
    "mapped",
    "maps_alike",
    "mean",
    "mean_risk",
    "more_or_less",
    "only_cause",
    "plain",
    "proposed",
    "readings",
    "refusals",
    "run_count",
    "set_accuracy",
    "set_difference",
    "set_size",
    "set_test",
    "share_of",
    "shared",
    "shuffled",
    "slice_title",
    "slices_found",
    "slices_method",
    "spread",
    "steady",
    "sure",
    "switched_off",
    "tempered",
    "threshold",
    "top_three",
    "training",
    "turned",
    "twins_apart",
    "twins_found",
    "twins_rule",
    "under_way",
    "validation_loss",
]
