"""Which layer of a model SHAP cannot explain, in words that need no TensorFlow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

EXPLAINED = (
    "Dense, Conv1D, Conv2D, pooling of parts, Flatten, Dropout and BatchNormalization layers with "
    "relu, sigmoid, tanh or softmax"
)
"""Layers that SHAP has rules for."""


def unexplained_layer(model: keras.Model, complaint: str) -> str | None:
    """Name and kind of the layer that SHAP complains about, e.g. `lstm_1 (LSTM)`.

    Args:
        model: The model.
        complaint: SHAP's own words: that it has no rule for an operation of TensorFlow, or what
            went wrong in an operation whose name holds that of the layer.

    Returns:
        `None` where it cannot be told.
    """
    kinds = {layer.name: type(layer).__name__ for layer in model.layers}
    operation = re.search(r"gradient registry has no entry for: shap_(\w+)", complaint)
    if operation is not None:
        places = _places_of(model, operation[1])
    else:
        places = re.findall(r"gradient_tape/([\w./-]+)", complaint)
    for place in places:
        for part in place.split("/"):
            # TensorFlow counts a name that it has used before.
            for name in (part, re.sub(r"_\d+$", "", part)):
                if name in kinds:
                    return f"{name} ({kinds[name]})"
    return None


def _places_of(model: keras.Model, operation: str) -> list[str]:
    """Names of all operations of one kind in a model, each with the names of its layers."""
    import tensorflow as tf

    signature = [tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)]
    traced = tf.function(lambda images: model(images, training=False), input_signature=signature)
    graph = traced.get_concrete_function().graph
    return [found.name for found in graph.get_operations() if found.type == operation]
