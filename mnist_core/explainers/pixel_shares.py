"""What each unit of a value adds, on the average over background images."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from mnist_core.explainers.multiplier import Multiplier, lengths_of
from mnist_core.explainers.pooling_windows import PoolingWindows
from mnist_core.inference.layer_graph import Step

if TYPE_CHECKING:
    import tensorflow as tf

    Pair = tuple[int, int]


def shares(multiplier: Multiplier, difference: tf.Tensor) -> tf.Tensor:
    """Multipliers times differences, averaged over the background images.

    Args:
        multiplier: Of the value.
        difference: What the image has more there than each background image. Shape `(n, …)`.

    Returns:
        Shape `(maps, …)`.
    """
    import tensorflow as tf

    return tf.reduce_mean(multiplier.whole() * difference, 1)


def is_plain_convolution(step: Step) -> bool:
    """Whether `shares_through_convolution` takes the step."""
    layer = step.layer
    return (
        step.kind == "Conv2D"
        and layer.groups == 1
        and tuple(layer.dilation_rate) == (1, 1)
        and layer.data_format == "channels_last"
    )


def shares_through_convolution(
    step: Step, multiplier: Multiplier, difference: tf.Tensor
) -> tf.Tensor:
    """As `shares`, with the multiplier behind a convolution; that before it is never made.

    For the few channels that pixels have, a library's convolution backwards is slow. Here each
    window that shares a multiplier reaches one patch of the image, and how much it counts in the
    places of the patch is one product of matrices for all maps, background images and windows.

    Args:
        step: One that `is_plain_convolution`.
        multiplier: Behind it.
        difference: What the image has more before it. Shape `(n, height, width, channels)`.

    Returns:
        Shape `(maps, height, width, channels)`.
    """
    import tensorflow as tf

    if multiplier.scale is None or multiplier.scale.shape[0] == 1:
        multiplier = Multiplier(multiplier.whole())
    down, right = multiplier.window or (1, 1)
    window = (down, right)
    maps, n = lengths_of(multiplier.core)[:2]
    counts = tuple(multiplier.core.shape[2:4])
    places = n * counts[0] * counts[1]
    behind = tf.reshape(multiplier.core, (maps, places, 1, multiplier.core.shape[-1]))
    if multiplier.scale is not None:
        lengths = tuple(multiplier.scale.shape[1:3])
        scale = PoolingWindows(window, window, (0, 0), counts, lengths).cut(multiplier.scale)
        behind *= tf.reshape(scale, (places, *scale.shape[-2:]))
    kernels, sizes = _kernels_in_patches(step, window)
    counting = tf.matmul(tf.reshape(behind, (-1, kernels.shape[0])), kernels)
    strides = tuple(size * step for size, step in zip(window, step.layer.strides, strict=True))
    edges = _edges(step, difference)
    one_by_one = _one_by_one(sizes, difference.shape[-1])
    patches = tf.nn.conv2d(tf.pad(difference, edges), one_by_one, strides, "VALID")
    patches = patches[:, : counts[0], : counts[1]]
    shape = (maps, n, counts[0] * counts[1] * kernels.shape[1])
    added = tf.reduce_mean(tf.reshape(counting, shape) * tf.reshape(patches, shape[1:]), 1)
    added = tf.reshape(added, (maps, *counts, kernels.shape[1]))
    return _laid_together(added, sizes, strides, edges, difference)


def _kernels_in_patches(step: Step, window: Pair) -> tuple[tf.Tensor, Pair]:
    """The kernel, moved to each place of a window, within the patch that all of them reach.

    Returns:
        Shape `(places · channels behind, patch · channels before)`, and height and width of the
        patch.
    """
    import tensorflow as tf

    kernel = tf.cast(tf.convert_to_tensor(step.layer.kernel), tf.float32)
    reach = [
        (places - 1) * stride for places, stride in zip(window, step.layer.strides, strict=True)
    ]
    moved = []
    for down, right in itertools.product(*map(range, window)):
        start = (down * step.layer.strides[0], right * step.layer.strides[1])
        edges = [[first, far - first] for first, far in zip(start, reach, strict=True)]
        moved.append(tf.transpose(tf.pad(kernel, [*edges, [0, 0], [0, 0]]), (3, 0, 1, 2)))
    sizes = (kernel.shape[0] + reach[0], kernel.shape[1] + reach[1])
    return tf.reshape(tf.stack(moved), (-1, sizes[0] * sizes[1] * kernel.shape[2])), sizes


def _edges(step: Step, value: tf.Tensor) -> list[list[int]]:
    """What a convolution puts around a value, as `tf.pad` takes it; TensorFlow's "same"."""
    edges = []
    for length, size, stride in zip(
        value.shape[1:3], step.layer.kernel_size, step.layer.strides, strict=True
    ):
        beyond = max(0, (-(-length // stride) - 1) * stride + size - length)
        edges.append(
            [beyond // 2, beyond - beyond // 2] if step.layer.padding == "same" else [0, 0]
        )
    return [[0, 0], *edges, [0, 0]]


def _one_by_one(sizes: Pair, channels: int) -> tf.Tensor:
    """A kernel that answers each number of a patch by itself: quicker than cutting patches out."""
    import tensorflow as tf

    width = sizes[0] * sizes[1] * channels
    return tf.reshape(tf.eye(width), (*sizes, channels, width))


def _laid_together(
    patches: tf.Tensor, sizes: Pair, strides: Pair, edges: list[list[int]], like: tf.Tensor
) -> tf.Tensor:
    """Add up what each place has in all patches, and leave out the edges.

    Args:
        patches: Shape `(maps, down, right, patch · channels)`.
        sizes: Height and width of a patch.
        strides: From one patch to the next.
        edges: What is around the value.
        like: The value. Shape `(n, height, width, channels)`.
    """
    import tensorflow as tf

    lengths = [
        (count - 1) * stride + size
        for count, stride, size in zip(patches.shape[1:3], strides, sizes, strict=True)
    ]
    shape = (lengths_of(patches)[0], *lengths, like.shape[-1])
    one_by_one = _one_by_one(sizes, like.shape[-1])
    whole = tf.nn.conv2d_transpose(patches, one_by_one, shape, strides, "VALID")
    # Windows need not reach the far side.
    missing = [
        [0, max(0, near + length + far - have)]
        for (near, far), length, have in zip(edges[1:3], like.shape[1:3], lengths, strict=True)
    ]
    whole = tf.pad(whole, [[0, 0], *missing, [0, 0]])
    (top, _), (left, _) = edges[1:3]
    return whole[:, top : top + like.shape[1], left : left + like.shape[2]]
